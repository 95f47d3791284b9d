// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// How a device goes through independent blocks.

#include "videoonenet/core/cuda/gpu.hpp"

namespace videoonenet::cuda {

/// Calls `body(executor, i)` for every block i, one after the other: a block's kernels fill the device themselves.
template <Gpu Ex, class Body>
void for_each_block(const Ex& ex, Index count, Body&& body) {
  for (Index i = 0; i < count; ++i) body(ex, i);
}

}  // namespace videoonenet::cuda
