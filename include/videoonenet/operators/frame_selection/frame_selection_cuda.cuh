// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernel of the frame selection.

#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/cuda/for_each.cuh"

namespace videoonenet::cuda {

/// y_j = x_{source[j]} for every frame j of y; zero where source[j] is negative.
template <Gpu Ex, class T>
void gather_frames(const Ex& ex, std::span<const Index> source, Index frame_size, Input<T> x, Output<T> y) {
  const Index* frames = source.data();
  const T* px = x.data();
  T* py = y.data();
  const Index size = as_int(std::ssize(y), "FrameSelection");
  const Divisor frame(as_int(frame_size, "FrameSelection"));
  for_each(ex, size, [=] VIDEOONENET_DEVICE(Index i) {
    const int j = frame.divide(static_cast<int>(i));
    const Index from = frames[j];
    py[i] = from < 0 ? T(0) : px[i + (from - j) * frame.value()];
  });
}

}  // namespace videoonenet::cuda
