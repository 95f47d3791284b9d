// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// How operands of a warpgroup's products lie in shared memory.

#include "videoonenet/core/config.hpp"

namespace videoonenet::cuda {

/// A matrix of lines (rows of a, or columns of b) by terms of the sums, in core matrices of eight lines by sixteen
/// bytes of neighbouring terms. A core matrix is 128 bytes in one piece, a line behind the other. All numbers are
/// bytes, and multiples of 16.
///
/// Since lines are sixteen bytes apart wherever they begin, the matrix that begins any number of lines later is `moved`
/// by sixteen bytes each: windows of frames overlap, and need not be formed.
struct CoreMatrices {
  int offset = 0;         ///< of the first one in shared memory
  int to_next_terms = 0;  ///< from a core matrix to that of the same lines and the next sixteen bytes of terms
  int to_next_lines = 0;  ///< from a core matrix to that of the next eight lines

  VIDEOONENET_HOST_DEVICE CoreMatrices moved(int bytes) const { return {offset + bytes, to_next_terms, to_next_lines}; }
};

}  // namespace videoonenet::cuda
