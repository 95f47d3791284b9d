// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Two computations at the same time on a GPU, on two streams.
///
/// At small batches one kernel leaves much of a GPU idle, and waits for memory most of its time.

#include "videoonenet/core/cuda/gpu.hpp"

namespace videoonenet::cuda {

/// Calls first(ex) and second(another executor), which share no memory that either writes; what comes after waits for
/// both. In a captured graph they are branches.
template <Gpu Ex, class First, class Second>
void overlap(const Ex& ex, First&& first, Second&& second) {
  const Ex beside = ex.fork();
  first(ex);
  second(beside);
  ex.join(beside);
}
template <Gpu Ex, class First, class Second>
void side_by_side(const Ex& ex, First&& first, Second&& second) {
  overlap(ex, first, second);
}

/// Whether `overlap` runs both at the same time, and so needs memory for both.
template <Gpu Ex>
constexpr bool overlaps(const Ex&) {
  return true;
}

}  // namespace videoonenet::cuda
