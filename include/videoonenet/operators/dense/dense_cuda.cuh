// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the explicit matrix: both passes read the matrix once, a whole line of memory a warp, and are
/// bound by its memory traffic. Sums are added in an order that depends on the sizes alone.

#include "videoonenet/core/cuda/reduce.cuh"

namespace videoonenet::cuda {

namespace detail {

/// Block i: the inner product of row i with x; vectors and sums of a thread are in S.
template <class T, class S>
struct DenseRow {
  static constexpr int threads = reduce_threads;
  Index columns;
  const T* matrix;
  const S* x;
  S* y;

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const T* row = matrix + t.block() * columns;
    S sum = 0;
    for (Index j = t.thread(); j < columns; j += threads) sum += S(row[j]) * x[j];
    Sums<1> sums;
    sums[0] = double(sum);
    sums = sum_of_block(t, sums);
    if (t.thread() == 0) y[t.block()] = static_cast<S>(sums[0]);
  }
};

/// Block (32 columns): a lane a column, a warp every eighth row.
template <class T, class S>
struct DenseColumns {
  static constexpr int threads = 256, warps = threads / 32;
  Index rows, columns;
  const T* matrix;
  const S* y;
  S* x;

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const Index j = Index(t.block()) * 32 + t.lane();
    const auto shared = t.template shared<S>(0, threads);
    S sum = 0;
    if (j < columns)
      for (Index i = t.warp(); i < rows; i += warps) sum += y[i] * S(matrix[i * columns + j]);
    shared[t.thread()] = sum;
    t.sync();
    if (t.warp() != 0 || j >= columns) return;
    for (int warp = 1; warp < warps; ++warp) sum += shared[warp * 32 + t.lane()];
    x[j] = sum;
  }
};

template <Gpu Ex, class T, class S>
void multiply_rows(const Ex& ex, std::span<const T> matrix, std::span<const S> x, std::span<S> y) {
  using Kernel = DenseRow<T, S>;
  ex.launch({.blocks = {as_int(std::ssize(y), "a product with a matrix"), 1, 1},
             .threads = Kernel::threads,
             .shared_bytes = reduce_bytes<1>},
            Kernel{std::ssize(x), matrix.data(), x.data(), y.data()});
}
template <Gpu Ex, class T, class S>
void multiply_columns(const Ex& ex, std::span<const T> matrix, std::span<const S> y, std::span<S> x) {
  using Kernel = DenseColumns<T, S>;
  ex.launch({.blocks = {as_int(ceil_div(std::ssize(x), 32), "a product with a matrix"), 1, 1},
             .threads = Kernel::threads,
             .shared_bytes = Kernel::threads * static_cast<int>(sizeof(S))},
            Kernel{std::ssize(y), std::ssize(x), matrix.data(), y.data(), x.data()});
}

}  // namespace detail

/// y = M x; M is row-major with x.size() columns.
template <Gpu Ex, class T>
void dense_apply(const Ex& ex, Input<T> matrix, Input<T> x, Output<T> y) {
  detail::multiply_rows<Ex, T, T>(ex, matrix, x, y);
}

/// x = Mᵀ y.
template <Gpu Ex, class T>
void dense_adjoint(const Ex& ex, Input<T> matrix, Input<T> y, Output<T> x) {
  detail::multiply_columns<Ex, T, T>(ex, matrix, y, x);
}

}  // namespace videoonenet::cuda
