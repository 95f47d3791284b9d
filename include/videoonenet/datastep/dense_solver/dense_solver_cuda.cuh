// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the dense data step: matrix-vector products, summed in double. Factorisations are those of a
/// library (dense_algebra_cuda.cuh).

#include "videoonenet/core/cuda/for_each.cuh"
#include "videoonenet/core/view.hpp"
#include "videoonenet/operators/dense/dense_cuda.cuh"

namespace videoonenet::cuda {

/// y = M x for a row-major M in T and vectors in double; one pass over M.
template <Gpu Ex, class T>
void multiply_in_double(const Ex& ex, std::span<const T> matrix, std::span<const double> x, std::span<double> y) {
  detail::multiply_rows(ex, matrix, x, y);
}

/// y = Mᵀ x for a row-major M in T and vectors in double; one pass over M.
template <Gpu Ex, class T>
void multiply_transposed_in_double(const Ex& ex, std::span<const T> matrix, std::span<const double> x,
                                   std::span<double> y) {
  detail::multiply_columns(ex, matrix, x, y);
}

/// x = double(y).
template <Gpu Ex, class T>
void widen(const Ex& ex, std::span<const T> y, std::span<double> x) {
  const T* py = y.data();
  double* px = x.data();
  for_each(ex, std::ssize(x), [=] VIDEOONENET_DEVICE(Index i) { px[i] = double(py[i]); });
}

/// y = x rounded to T.
template <Gpu Ex, class T>
void narrow(const Ex& ex, std::span<const double> x, Output<T> y) {
  const double* px = x.data();
  T* py = y.data();
  for_each(ex, std::ssize(y), [=] VIDEOONENET_DEVICE(Index i) { py[i] = static_cast<T>(px[i]); });
}

/// y = factor · (base − x), rounded to T once.
template <Gpu Ex, class T>
void narrow_difference(const Ex& ex, double factor, Input<T> base, std::span<const double> x, Output<T> y) {
  const T* pb = base.data();
  const double* px = x.data();
  T* py = y.data();
  for_each(ex, std::ssize(y),
           [=] VIDEOONENET_DEVICE(Index i) { py[i] = static_cast<T>(factor * (double(pb[i]) - px[i])); });
}

/// M ← M + shift · I for an n × n matrix.
template <Gpu Ex>
void add_to_diagonal(const Ex& ex, Index n, double shift, std::span<double> matrix) {
  double* pm = matrix.data();
  for_each(ex, n, [=] VIDEOONENET_DEVICE(Index i) { pm[i * n + i] += shift; });
}

}  // namespace videoonenet::cuda
