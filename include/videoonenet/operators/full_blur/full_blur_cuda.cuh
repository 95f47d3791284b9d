// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the full two-dimensional convolution. Every entry gathers: neighbouring threads read neighbouring
/// entries and the same tap.

#include "videoonenet/operators/loops_cuda.cuh"

namespace videoonenet::cuda {

/// y[t, i, j, f] = Σ_{r,s} k[r, s] x[t, i−r, j−s, f], zero outside x; `shape` is x's.
template <Gpu Ex, class T>
void full_blur_apply(const Ex& ex, const Shape& shape, View<const std::type_identity_t<T>> kernel, Input<T> x,
                     Output<T> y) {
  const T *px = x.data(), *pk = kernel.data;
  T* py = y.data();
  const Index height = shape.h, width = shape.w, channels = shape.f, kh = kernel.shape.h, kw = kernel.shape.w;
  Shape range = shape;
  range.h = height + kh - 1;
  range.w = width + kw - 1;
  for_entries(ex, range, "FullBlur", [=] VIDEOONENET_DEVICE(Index i, const VideoEntry& at) {
    const Index top = at.h < height ? 0 : at.h - height + 1, bottom = at.h < kh ? at.h + 1 : kh;
    const Index left = at.w < width ? 0 : at.w - width + 1, right = at.w < kw ? at.w + 1 : kw;
    const Index from = ((at.frame * height + at.h) * width + at.w) * channels + at.f;
    T sum = 0;
    for (Index r = top; r < bottom; ++r)
      for (Index s = left; s < right; ++s) {
        const T tap = pk[r * kw + s];
        if (tap != T(0)) sum += tap * px[from - (r * width + s) * channels];  // most taps of a motion blur are zero
      }
    py[i] = sum;
  });
}

/// x[t, i, j, f] = Σ_{r,s} k[r, s] y[t, i+r, j+s, f]; `shape` is x's.
template <Gpu Ex, class T>
void full_blur_adjoint(const Ex& ex, const Shape& shape, View<const std::type_identity_t<T>> kernel, Input<T> y,
                       Output<T> x) {
  const T *py = y.data(), *pk = kernel.data;
  T* px = x.data();
  const Index channels = shape.f, kh = kernel.shape.h, kw = kernel.shape.w;
  const Index height = shape.h + kh - 1, width = shape.w + kw - 1;
  for_entries(ex, shape, "FullBlur", [=] VIDEOONENET_DEVICE(Index i, const VideoEntry& at) {
    const T* from = py + ((at.frame * height + at.h) * width + at.w) * channels + at.f;
    T sum = 0;
    for (Index r = 0; r < kh; ++r)
      for (Index s = 0; s < kw; ++s) {
        const T tap = pk[r * kw + s];
        if (tap != T(0)) sum += tap * from[(r * width + s) * channels];
      }
    px[i] = sum;
  });
}

}  // namespace videoonenet::cuda
