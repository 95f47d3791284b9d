// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the strided circular blur with a channel mean.

#include "videoonenet/operators/loops_cpu.hpp"
#include "videoonenet/operators/strided_blur/strided_blur_cpu.hpp"

namespace videoonenet::cpu {

/// y[t, i, j] = 1/F Σ_f Σ_{r,s} k[r, s, f] x[t, i·stride + ⌊kh/2⌋ − r, j·stride + ⌊kw/2⌋ − s, f], indices mod H and W.
template <class T>
void gray_strided_blur_apply(const Executor& ex, const Shape& domain, const Shape& range, Index stride,
                             View<const std::type_identity_t<T>> kernels, Input<T> x, Output<T> y) {
  const T *px = x.data(), *pk = kernels.data;
  T* py = y.data();
  const Index kh = kernels.shape.h, kw = kernels.shape.w, in_row = domain.w * domain.f;
  const T scale = T(1) / static_cast<T>(Index(domain.f));
  detail::with_channels(domain.f, [&](auto channels) {
    detail::for_rows(ex, range.t * range.h, kh * kw * range.w * domain.f, [=](Index row) {
      const Index frame = row / range.h;
      T* out = py + row * range.w;
      std::fill_n(out, Index(range.w), T(0));
      detail::for_strided_taps(row % range.h, kh, kw, stride, domain.h, [=](Index r, Index s, Index from) {
        const T* taps = pk + (r * kw + s) * channels;
        const T* in = px + (frame * domain.h + from) * in_row;
        detail::for_strided_columns(range.w, stride, kw / 2 - s, domain.w, [=](Index j, Index w) {
          T sum = 0;
          for (Index f = 0; f < channels; ++f) sum += taps[f] * in[w * channels + f];
          out[j] += sum;
        });
      });
      for (Index j = 0; j < range.w; ++j) out[j] *= scale;
    });
  });
}

/// The adjoint: input row i gathers the output rows that read it.
template <class T>
void gray_strided_blur_adjoint(const Executor& ex, const Shape& domain, const Shape& range, Index stride,
                               View<const std::type_identity_t<T>> kernels, Input<T> y, Output<T> x) {
  const T *py = y.data(), *pk = kernels.data;
  T* px = x.data();
  const Index kh = kernels.shape.h, kw = kernels.shape.w, in_row = domain.w * domain.f;
  const T scale = T(1) / static_cast<T>(Index(domain.f));
  detail::with_channels(domain.f, [&](auto channels) {
    detail::for_rows(ex, domain.t * domain.h, kh * kw * range.w * domain.f, [=](Index row) {
      const Index frame = row / domain.h;
      T* to = px + row * in_row;
      std::fill_n(to, in_row, T(0));
      detail::for_strided_adjoint_taps(row % domain.h, kh, kw, stride, domain.h, [=](Index r, Index s, Index from) {
        const T* taps = pk + (r * kw + s) * channels;
        const T* in = py + (frame * range.h + from) * range.w;
        detail::for_strided_columns(range.w, stride, kw / 2 - s, domain.w, [=](Index j, Index w) {
          const T value = scale * in[j];
          for (Index f = 0; f < channels; ++f) to[w * channels + f] += taps[f] * value;
        });
      });
    });
  });
}

}  // namespace videoonenet::cpu
