// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What all fuzz targets share: a reader may accept an input or refuse it in a sentence, and nothing else.

#include <cstdlib>
#include <span>

#include "videoonenet/io/bytes.hpp"

namespace videoonenet::fuzz {

/// Calls read(bytes); an InputError is an answer, any other exception or sanitizer report a finding.
template <class Read>
int accept_or_refuse(const std::uint8_t* data, std::size_t size, Read&& read) {
  try {
    read(std::span<const std::uint8_t>(data, size));
  } catch (const InputError& refusal) {
    if (refusal.what()[0] == '\0') std::abort();
  }
  return 0;
}

}  // namespace videoonenet::fuzz
