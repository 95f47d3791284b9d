// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the box downsampling.

#include "videoonenet/operators/loops_cuda.cuh"

namespace videoonenet::cuda {

/// y = the mean over each q×q box; `domain` is x's shape, `range` y's.
template <Gpu Ex, class T>
void box_downsample_apply(const Ex& ex, const Shape& domain, const Shape& range, Index q, Input<T> x, Output<T> y) {
  const T* px = x.data();
  T* py = y.data();
  const Index height = domain.h, width = domain.w, channels = domain.f;
  const T scale = T(1) / static_cast<T>(q * q);
  for_entries(ex, range, "BoxDownsample", [=] VIDEOONENET_DEVICE(Index i, const VideoEntry& at) {
    const T* box = px + ((at.frame * height + at.h * q) * width + at.w * q) * channels + at.f;
    T sum = 0;
    for (Index r = 0; r < q; ++r)
      for (Index s = 0; s < q; ++s) sum += box[(r * width + s) * channels];
    py[i] = sum * scale;
  });
}

/// x = y / q² on each q×q box, zero on trailing rows and columns.
template <Gpu Ex, class T>
void box_downsample_adjoint(const Ex& ex, const Shape& domain, const Shape& range, Index q, Input<T> y, Output<T> x) {
  const T* py = y.data();
  T* px = x.data();
  const Index height = range.h, width = range.w, channels = range.f;
  const Divisor box(as_int(q, "BoxDownsample"));
  const T scale = T(1) / static_cast<T>(q * q);
  for_entries(ex, domain, "BoxDownsample", [=] VIDEOONENET_DEVICE(Index i, const VideoEntry& at) {
    const int h = box.divide(at.h), w = box.divide(at.w);
    const bool measured = h < height && w < width;
    px[i] = measured ? scale * py[((at.frame * height + h) * width + w) * channels + at.f] : T(0);
  });
}

}  // namespace videoonenet::cuda
