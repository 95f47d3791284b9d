// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the temporal blur.

#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/cuda/for_each.cuh"

namespace videoonenet::cuda {

/// y_s = Σ_k taps[k] x_{s−k}: full convolution over the t frames of x.
template <Gpu Ex, class T>
void temporal_blur_apply(const Ex& ex, Index t, Index frame_size, Input<T> taps, Input<T> x, Output<T> y) {
  const T *px = x.data(), *pk = taps.data();
  T* py = y.data();
  const Index count = std::ssize(taps), size = as_int(std::ssize(y), "TemporalBlur");
  const Divisor frame(as_int(frame_size, "TemporalBlur"));
  for_each(ex, size, [=] VIDEOONENET_DEVICE(Index i) {
    const Index s = frame.divide(static_cast<int>(i));
    const Index first = s < t ? 0 : s - t + 1, last = s < count ? s + 1 : count;
    T sum = 0;
    for (Index k = first; k < last; ++k) sum += pk[k] * px[i - k * frame_size];
    py[i] = sum;
  });
}

/// x_s = Σ_k taps[k] y_{s+k}.
template <Gpu Ex, class T>
void temporal_blur_adjoint(const Ex& ex, Index t, Index frame_size, Input<T> taps, Input<T> y, Output<T> x) {
  const T *py = y.data(), *pk = taps.data();
  T* px = x.data();
  const Index count = std::ssize(taps);
  for_each(ex, t * frame_size, [=] VIDEOONENET_DEVICE(Index i) {
    T sum = 0;
    for (Index k = 0; k < count; ++k) sum += pk[k] * py[i + k * frame_size];
    px[i] = sum;
  });
}

}  // namespace videoonenet::cuda
