// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the dense data step: matrix-vector products and the Gram matrix, summed in double.

#include <Eigen/Core>
#include <utility>

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/datastep/eigen_sequential.hpp"

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

/// The lower triangle of MMᵀ (d ≤ n) or MᵀM (d > n) for a row-major d × n matrix M, in double.
/// Cost: d·n·min(d, n) flops; beside the result 256·min(d, n) doubles.
template <class T>
Eigen::MatrixXd small_gram(const Executor& ex, std::span<const T> matrix, Index d, Index n) {
  using RowMajor = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  constexpr Index depth = 256, tile = 192;
  const EigenSequential sequential;
  const Eigen::Map<const RowMajor> m(matrix.data(), d, n);
  const Index size = std::min(d, n), length = std::max(d, n), tiles = (size + tile - 1) / tile;
  Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(size, size), panel(size, depth);
  for (Index k = 0; k < length; k += depth) {
    const Index count = std::min(depth, length - k);
    parallel_for(ex, tiles, [&](Index i) {
      const Index rows = std::min(tile, size - i * tile);
      auto part = panel.block(i * tile, 0, rows, count);
      if (d <= n)
        part = m.block(i * tile, k, rows, count).template cast<double>();
      else
        part = m.block(k, i * tile, count, rows).transpose().template cast<double>();
    });
    parallel_for(ex, tiles * (tiles + 1) / 2, [&](Index task) {
      Index i = 0;
      while ((i + 1) * (i + 2) / 2 <= task) ++i;
      const Index j = task - i * (i + 1) / 2;
      const Index rows = std::min(tile, size - i * tile), cols = std::min(tile, size - j * tile);
      gram.block(i * tile, j * tile, rows, cols).noalias() +=
          panel.block(i * tile, 0, rows, count) * panel.block(j * tile, 0, cols, count).transpose();
    });
  }
  return gram;
}

}  // namespace videoonenet::cpu
