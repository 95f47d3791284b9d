// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernel of the frame selection.

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu {

/// y_j = x_{source[j]} for every frame j of y; zero where source[j] is negative.
template <class T>
void gather_frames(const Executor& ex, std::span<const Index> source, Index frame_size, Input<T> x, Output<T> y) {
  const T* px = x.data();
  T* py = y.data();
  detail::for_blocks(ex, std::ssize(y), [=](Index begin, Index end) {
    while (begin < end) {
      const Index j = begin / frame_size, stop = std::min(end, (j + 1) * frame_size);
      const Index from = source[static_cast<std::size_t>(j)];
      if (from < 0)
        std::fill(py + begin, py + stop, T(0));
      else
        std::copy(px + begin + (from - j) * frame_size, px + stop + (from - j) * frame_size, py + begin);
      begin = stop;
    }
  });
}

}  // namespace videoonenet::cpu
