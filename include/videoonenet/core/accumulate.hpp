// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Whether results are added to what is there.

namespace videoonenet {

/// Whether a kernel replaces its output or adds to it.
enum class Accumulate {
  overwrite,
  add,
};

}  // namespace videoonenet
