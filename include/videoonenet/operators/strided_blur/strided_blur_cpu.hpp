// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the strided circular blur.

#include "videoonenet/operators/loops_cpu.hpp"

namespace videoonenet::cpu {

namespace detail {

/// a mod b in [0, b) for b > 0.
constexpr Index wrap(Index a, Index b) { return (a % b + b) % b; }

/// Calls body(j, w) for every output column j of a row and the input column w = (j·stride + offset) mod width.
template <class Body>
void for_strided_columns(Index count, Index stride, Index offset, Index width, Body&& body) {
  Index w = wrap(offset, width);
  for (Index j = 0; j < count; ++j) {
    body(j, w);
    w += stride;
    if (w >= width) w -= width;
  }
}

/// Calls body(j, r, i) for every output row `out` of frame `frame` and tap row r with the input row i it reads.
template <class Body>
void for_strided_taps(Index i, Index kh, Index kw, Index stride, Index h, Body&& body) {
  for (Index r = 0; r < kh; ++r) {
    const Index from = wrap(i * stride + kh / 2 - r, h);
    for (Index s = 0; s < kw; ++s) body(r, s, from);
  }
}

/// The same for the adjoint: body(r, s, from) for the tap rows r through which input row i is read by output row
/// `from`.
template <class Body>
void for_strided_adjoint_taps(Index i, Index kh, Index kw, Index stride, Index h, Body&& body) {
  for (Index r = 0; r < kh; ++r) {
    const Index out = wrap(i - kh / 2 + r, h);
    if (out % stride != 0) continue;
    for (Index s = 0; s < kw; ++s) body(r, s, out / stride);
  }
}

}  // namespace detail

/// y[t, i, j, f] = Σ_{r,s} k[r, s] x[t, i·stride + ⌊kh/2⌋ − r, j·stride + ⌊kw/2⌋ − s, f], indices mod H and W.
template <class T>
void strided_blur_apply(const Executor& ex, const Shape& domain, const Shape& range, Index stride,
                        View<const std::type_identity_t<T>> kernel, Input<T> x, Output<T> y) {
  const T *px = x.data(), *pk = kernel.data;
  T* py = y.data();
  const Index kh = kernel.shape.h, kw = kernel.shape.w, in_row = domain.w * domain.f, out_row = range.w * range.f;
  detail::with_channels(domain.f, [&](auto channels) {
    detail::for_rows(ex, range.t * range.h, kh * kw * out_row, [=](Index row) {
      const Index frame = row / range.h;
      T* out = py + row * out_row;
      std::fill_n(out, out_row, T(0));
      detail::for_strided_taps(row % range.h, kh, kw, stride, domain.h, [=](Index r, Index s, Index from) {
        const T tap = pk[r * kw + s];
        const T* in = px + (frame * domain.h + from) * in_row;
        detail::for_strided_columns(range.w, stride, kw / 2 - s, domain.w, [=](Index j, Index w) {
          for (Index f = 0; f < channels; ++f) out[j * channels + f] += tap * in[w * channels + f];
        });
      });
    });
  });
}

/// The adjoint: input row i gathers the output rows that read it.
template <class T>
void strided_blur_adjoint(const Executor& ex, const Shape& domain, const Shape& range, Index stride,
                          View<const std::type_identity_t<T>> kernel, Input<T> y, Output<T> x) {
  const T *py = y.data(), *pk = kernel.data;
  T* px = x.data();
  const Index kh = kernel.shape.h, kw = kernel.shape.w, in_row = domain.w * domain.f, out_row = range.w * range.f;
  detail::with_channels(domain.f, [&](auto channels) {
    detail::for_rows(ex, domain.t * domain.h, kh * kw * out_row, [=](Index row) {
      const Index frame = row / domain.h;
      T* to = px + row * in_row;
      std::fill_n(to, in_row, T(0));
      detail::for_strided_adjoint_taps(row % domain.h, kh, kw, stride, domain.h, [=](Index r, Index s, Index from) {
        const T tap = pk[r * kw + s];
        const T* in = py + (frame * range.h + from) * out_row;
        detail::for_strided_columns(range.w, stride, kw / 2 - s, domain.w, [=](Index j, Index w) {
          for (Index f = 0; f < channels; ++f) to[w * channels + f] += tap * in[j * channels + f];
        });
      });
    });
  });
}

}  // namespace videoonenet::cpu
