// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the explicit matrix: both passes read the matrix once and are bound by its memory traffic.

#include "videoonenet/operators/loops_cpu.hpp"

namespace videoonenet::cpu {

namespace detail {

/// out[r] = Σ_j m[r·stride + j] x[j] for R rows: 16 interleaved sums a row, which fill vector registers and keep the
/// rounding error of long sums small.
template <Index R, class T>
void dot_rows(const T* m, Index stride, Index n, const T* x, T* out) {
  constexpr Index lanes = 16;
  T sums[R][lanes] = {};
  Index j = 0;
  for (; j + lanes <= n; j += lanes)
    for (Index r = 0; r < R; ++r)
      for (Index lane = 0; lane < lanes; ++lane) sums[r][lane] += m[r * stride + j + lane] * x[j + lane];
  for (Index r = 0; r < R; ++r) {
    for (Index k = j; k < n; ++k) sums[r][k - j] += m[r * stride + k] * x[k];
    for (Index half = lanes / 2; half > 0; half /= 2)
      for (Index lane = 0; lane < half; ++lane) sums[r][lane] += sums[r][lane + half];
    out[r] = sums[r][0];
  }
}

/// out[j] += Σ_r y[r] m[r·stride + j] for R rows.
template <Index R, class T>
void add_rows(const T* m, Index stride, Index n, const T* y, T* out) {
  for (Index j = 0; j < n; ++j) {
    T sum = 0;
    for (Index r = 0; r < R; ++r) sum += y[r] * m[r * stride + j];
    out[j] += sum;
  }
}

}  // namespace detail

/// y = M x; M is row-major with x.size() columns.
template <class T>
void dense_apply(const Executor& ex, Input<T> matrix, Input<T> x, Output<T> y) {
  const T *pm = matrix.data(), *px = x.data();
  T* py = y.data();
  const Index rows = std::ssize(y), n = std::ssize(x);
  detail::for_rows(ex, (rows + 3) / 4, 4 * n, [=](Index quad) {
    const Index begin = 4 * quad, end = std::min(rows, begin + 4);
    if (end == begin + 4) return detail::dot_rows<4>(pm + begin * n, n, n, px, py + begin);
    for (Index i = begin; i < end; ++i) detail::dot_rows<1>(pm + i * n, n, n, px, py + i);
  });
}

/// x = Mᵀ y: every thread owns some columns, so that rows are added in the same order by any number of threads.
template <class T>
void dense_adjoint(const Executor& ex, Input<T> matrix, Input<T> y, Output<T> x) {
  constexpr Index tile = 2048;
  const T *pm = matrix.data(), *py = y.data();
  T* px = x.data();
  const Index rows = std::ssize(y), n = std::ssize(x);
  detail::for_rows(ex, (n + tile - 1) / tile, rows * tile, [=](Index i) {
    const Index begin = i * tile, count = std::min(tile, n - begin);
    T* out = px + begin;
    std::fill_n(out, count, T(0));
    Index row = 0;
    for (; row + 8 <= rows; row += 8) detail::add_rows<8>(pm + row * n + begin, n, count, py + row, out);
    for (; row < rows; ++row) detail::add_rows<1>(pm + row * n + begin, n, count, py + row, out);
  });
}

}  // namespace videoonenet::cpu
