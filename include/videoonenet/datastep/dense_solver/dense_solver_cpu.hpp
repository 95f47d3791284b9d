// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the dense data step: matrix-vector products, summed in double.

#include <utility>

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu {

/// y = M x for a row-major M in T and vectors in double; one pass over M.
template <class T>
void multiply_in_double(const Executor& ex, std::span<const T> matrix, std::span<const double> x, std::span<double> y) {
  constexpr Index lanes = 16, group = 4;
  const Index rows = std::ssize(y), cols = std::ssize(x);
  const T* pm = matrix.data();
  const double* px = x.data();
  double* py = y.data();
  parallel_for(ex, (rows + group - 1) / group, [=](Index task) {
    const Index begin = task * group, count = std::min(group, rows - begin);
    double sum[group][lanes] = {};
    // A short last group repeats its last row, so that the loops below have constant bounds.
    const T* row[group];
    for (Index r = 0; r < group; ++r) row[r] = pm + (begin + std::min(r, count - 1)) * cols;
    Index j = 0;
    for (; j + lanes <= cols; j += lanes)
      for (Index r = 0; r < group; ++r) {
        const T* entries = row[r] + j;
#pragma omp simd
        for (Index l = 0; l < lanes; ++l) sum[r][l] += double(entries[l]) * px[j + l];
      }
    for (Index r = 0; r < count; ++r) {
      for (Index k = j; k < cols; ++k) sum[r][k - j] += double(row[r][k]) * px[k];
      double total = 0;
      for (double s : sum[r]) total += s;
      py[begin + r] = total;
    }
  });
}

/// y = Mᵀ x for a row-major M in T and vectors in double; one pass over M.
template <class T>
void multiply_transposed_in_double(const Executor& ex, std::span<const T> matrix, std::span<const double> x,
                                   std::span<double> y) {
  constexpr Index tile = 2048, group = 8;  // a tile of sums stays in the first-level cache
  const Index rows = std::ssize(x), cols = std::ssize(y);
  const T* pm = matrix.data();
  const double* px = x.data();
  double* py = y.data();
  parallel_for(ex, (cols + tile - 1) / tile, [=](Index task) {
    const Index begin = task * tile, count = std::min(tile, cols - begin);
    double* sum = py + begin;
    std::fill_n(sum, count, 0.0);
    Index i = 0;
    for (; i + group <= rows; i += group) {
      const T* row = pm + i * cols + begin;
#pragma omp simd
      for (Index j = 0; j < count; ++j) {
        double s = sum[j];
        for (Index r = 0; r < group; ++r) s += px[i + r] * double(row[r * cols + j]);
        sum[j] = s;
      }
    }
    for (; i < rows; ++i)
      for (Index j = 0; j < count; ++j) sum[j] += px[i] * double(pm[i * cols + begin + j]);
  });
}

/// x = double(y).
template <class T>
void widen(const Executor& ex, std::span<const T> y, std::span<double> x) {
  detail::for_blocks(ex, std::ssize(x), [=](Index b, Index e) { std::copy(y.data() + b, y.data() + e, x.data() + b); });
}

/// y = x rounded to T.
template <class T>
void narrow(const Executor& ex, std::span<const double> x, Output<T> y) {
  detail::for_blocks(ex, std::ssize(y), [=](Index b, Index e) {
    for (Index i = b; i < e; ++i) y.data()[i] = static_cast<T>(x.data()[i]);
  });
}

/// y = factor · (base − x), rounded to T once.
template <class T>
void narrow_difference(const Executor& ex, double factor, Input<T> base, std::span<const double> x, Output<T> y) {
  detail::for_blocks(ex, std::ssize(y), [=](Index b, Index e) {
    for (Index i = b; i < e; ++i) y.data()[i] = static_cast<T>(factor * (double(base.data()[i]) - x.data()[i]));
  });
}

}  // namespace videoonenet::cpu
