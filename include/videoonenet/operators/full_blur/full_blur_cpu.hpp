// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the full two-dimensional convolution: rows of W·F contiguous entries, taps inside a register tile.

#include "videoonenet/operators/loops_cpu.hpp"

namespace videoonenet::cpu {

namespace detail {

/// out[j] = Σ over taps (r, s) of kernel[r·kw + s] · in[j + r·row_step + s·column_step], j < count, rows r in
/// [first, last); every address must be valid. Zero taps are skipped.
template <class T>
void sum_of_taps(const T* kernel, Index first, Index last, Index kw, const T* in, Index row_step, Index column_step,
                 Index count, T* out) {
  constexpr Index tile = 32;
  Index j = 0;
  for (; j + tile <= count; j += tile) {
    T sums[tile] = {};
    for (Index r = first; r < last; ++r)
      for (Index s = 0; s < kw; ++s) {
        const T tap = kernel[r * kw + s];
        if (tap == T(0)) continue;
        const T* from = in + j + r * row_step + s * column_step;
        for (Index i = 0; i < tile; ++i) sums[i] += tap * from[i];
      }
    std::copy(sums, sums + tile, out + j);
  }
  std::fill(out + j, out + count, T(0));
  for (Index r = first; r < last; ++r)
    for (Index s = 0; s < kw; ++s) {
      const T tap = kernel[r * kw + s];
      if (tap == T(0)) continue;
      const T* from = in + r * row_step + s * column_step;
      for (Index i = j; i < count; ++i) out[i] += tap * from[i];
    }
}

}  // namespace detail

/// y[t, i, j, f] = Σ_{r,s} k[r, s] x[t, i−r, j−s, f], zero outside x; `shape` is x's.
template <class T>
void full_blur_apply(const Executor& ex, const Shape& shape, View<const std::type_identity_t<T>> kernel, Input<T> x,
                     Output<T> y) {
  const T *px = x.data(), *pk = kernel.data;
  T* py = y.data();
  const Index h = shape.h, f = shape.f, kh = kernel.shape.h, kw = kernel.shape.w;
  const Index in_row = shape.w * f, out_row = (shape.w + kw - 1) * f, out_h = h + kh - 1;
  // Between the ends, all taps reach into x. Where that part is short, the whole row is an end.
  const Index inner = in_row < 16 * (kw - 1) * f ? out_row : (kw - 1) * f;
  detail::for_rows(ex, shape.t * out_h, kh * kw * out_row, [=](Index row) {
    const Index frame = row / out_h, i = row % out_h;
    const Index first = std::max<Index>(0, i - h + 1), last = std::min(kh, i + 1);
    const T* in = px + (frame * h + i) * in_row;  // row i − r of the frame lies at in − r·in_row
    T* out = py + row * out_row;
    const auto add_end = [=](Index begin, Index end) {
      std::fill(out + begin, out + end, T(0));
      for (Index r = first; r < last; ++r)
        for (Index s = 0; s < kw; ++s) {
          const T tap = pk[r * kw + s];
          if (tap == T(0)) continue;
          const T* from = in - r * in_row - s * f;
          const Index stop = std::min(end, s * f + in_row);
          for (Index j = std::max(begin, s * f); j < stop; ++j) out[j] += tap * from[j];
        }
    };
    add_end(0, inner);
    if (inner == out_row) return;
    detail::sum_of_taps(pk, first, last, kw, in + inner, -in_row, -f, in_row - inner, out + inner);
    add_end(in_row, out_row);
  });
}

/// x[t, i, j, f] = Σ_{r,s} k[r, s] y[t, i+r, j+s, f]; `shape` is x's.
template <class T>
void full_blur_adjoint(const Executor& ex, const Shape& shape, View<const std::type_identity_t<T>> kernel, Input<T> y,
                       Output<T> x) {
  const T *py = y.data(), *pk = kernel.data;
  T* px = x.data();
  const Index h = shape.h, f = shape.f, kh = kernel.shape.h, kw = kernel.shape.w;
  const Index in_row = shape.w * f, out_row = (shape.w + kw - 1) * f, out_h = h + kh - 1;
  detail::for_rows(ex, shape.t * h, kh * kw * in_row, [=](Index row) {
    const Index frame = row / h, i = row % h;
    detail::sum_of_taps(pk, 0, kh, kw, py + (frame * out_h + i) * out_row, out_row, f, in_row, px + row * in_row);
  });
}

}  // namespace videoonenet::cpu
