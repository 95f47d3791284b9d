// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "fuzz.hpp"
#include "videoonenet/io/gzip.hpp"

using namespace videoonenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::accept_or_refuse(data, size, [](std::span<const std::uint8_t> bytes) {
    const ReadLimit limit{.bytes = 1 << 20};
    if (gunzip(bytes, "input", limit).size() > static_cast<std::size_t>(limit.bytes)) std::abort();
  });
}
