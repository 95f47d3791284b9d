// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Two computations beside each other on a GPU.

#include "videoonenet/core/cuda/gpu.hpp"

namespace videoonenet::cuda {

/// Calls first(ex) and second(another executor), which are independent, on two streams at the same time.
template <Gpu Ex, class First, class Second>
void side_by_side(const Ex& ex, First&& first, Second&& second) {
  const Ex beside = ex.fork();
  first(ex);
  second(beside);
  ex.join(beside);
}

}  // namespace videoonenet::cuda
