// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// How many blocks and threads run a kernel.

#include <array>
#include <limits>

#include "videoonenet/core/config.hpp"
#include "videoonenet/core/errors.hpp"

namespace videoonenet::cuda {

/// Blocks of a grid in each dimension, and the threads and bytes of dynamic shared memory of one of them.
struct Grid {
  std::array<int, 3> blocks{1, 1, 1};
  int threads = 32;
  int shared_bytes = 0;
  int cluster = 1;  ///< blocks along the first dimension that run together and can wait for each other
};

/// ⌈a / b⌉.
VIDEOONENET_HOST_DEVICE constexpr Index ceil_div(Index a, Index b) { return (a + b - 1) / b; }

/// `value` as the 32-bit number that kernels index with.
/// Errors: ShapeError naming `where` when it does not fit.
inline int as_int(Index value, const char* where) {
  if (value < 0 || value > std::numeric_limits<int>::max())
    throw ShapeError(sentence(where, ": ", value, " is more than the 2147483647 that a kernel can index"));
  return static_cast<int>(value);
}

}  // namespace videoonenet::cuda
