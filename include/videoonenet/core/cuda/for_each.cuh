// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A function of every index, on all threads of the device.

#include <algorithm>

#include "videoonenet/core/cuda/gpu.hpp"

namespace videoonenet::cuda {

namespace detail {

template <class F>
struct ForEach {
  static constexpr int threads = 256;
  Index size;
  F f;

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const Index step = Index(t.blocks()) * t.threads();
    for (Index i = Index(t.block()) * t.threads() + t.thread(); i < size; i += step) f(i);
  }
};

}  // namespace detail

/// Calls f(i) for every i in [0, size), in any order.
template <Gpu Ex, class F>
void for_each(const Ex& ex, Index size, const F& f) {
  if (size == 0) return;
  constexpr int most_blocks = 1 << 16;
  using Kernel = detail::ForEach<F>;
  const Index blocks = std::min<Index>(ceil_div(size, Kernel::threads), most_blocks);
  ex.launch({.blocks = {static_cast<int>(blocks), 1, 1}, .threads = Kernel::threads}, Kernel{size, f});
}

}  // namespace videoonenet::cuda
