// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernel of the time-only data step: one small matrix over the frames of every pixel.

#include <array>

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu {

/// y[n, i, p] = Σ_j matrix[i, j] x[n, j, p] for `videos` videos of `cols` (x) and `rows` (y) frames, summed in double.
template <class T>
void mix_frames(const Executor& ex, std::span<const double> matrix, Index rows, Index cols, Index videos, Input<T> x,
                Output<T> y) {
  constexpr Index width = 512;  // pixels a task sums at a time: one page of accumulators
  const Index pixels = std::ssize(x) / (videos * cols), tiles = (pixels + width - 1) / width;
  parallel_for(ex, videos * tiles, [&](Index task) {
    const Index video = task / tiles, begin = task % tiles * width, count = std::min(width, pixels - begin);
    std::array<double, width> sum;
    for (Index i = 0; i < rows; ++i) {
      std::fill_n(sum.data(), count, 0.0);
      for (Index j = 0; j < cols; ++j) {
        const double m = matrix[static_cast<std::size_t>(i * cols + j)];
        const T* px = x.data() + (video * cols + j) * pixels + begin;
        for (Index p = 0; p < count; ++p) sum[static_cast<std::size_t>(p)] += m * double(px[p]);
      }
      T* py = y.data() + (video * rows + i) * pixels + begin;
      for (Index p = 0; p < count; ++p) py[p] = static_cast<T>(sum[static_cast<std::size_t>(p)]);
    }
  });
}

}  // namespace videoonenet::cpu
