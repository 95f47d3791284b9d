// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Dense matrices of doubles on an EmulatedGpu: what datastep/dense_solver/dense_algebra_cuda.cuh asks of a device.

#include <algorithm>
#include <cmath>

#include "videoonenet/core/view.hpp"
#include "videoonenet/testing/emulated_gpu.hpp"

namespace videoonenet::cuda {

/// G = MMᵀ (rows ≤ columns) or MᵀM of a row-major M; G's lower triangle, column-major.
inline void gram(const EmulatedGpu& ex, Index rows, Index columns, std::span<const double> matrix,
                 std::span<double> g) {
  const Index n = std::min(rows, columns), terms = std::max(rows, columns);
  require_size(std::ssize(matrix), rows * columns, "gram", "the matrix");
  require_size(std::ssize(g), n * n, "gram", "G");
  const Index stride = rows <= columns ? columns : 1, step = rows <= columns ? 1 : columns;
  ex.call([&] {
    for (Index j = 0; j < n; ++j)
      for (Index i = j; i < n; ++i) {
        double sum = 0;
        for (Index k = 0; k < terms; ++k)
          sum += matrix.data()[i * stride + k * step] * matrix.data()[j * stride + k * step];
        g.data()[j * n + i] = sum;
      }
  });
}

/// G ← L with LLᵀ = G, lower triangles, column-major.
/// Errors: NumericalError when G is not positive definite.
inline void factor_cholesky(const EmulatedGpu& ex, Index n, std::span<double> g) {
  require_size(std::ssize(g), n * n, "factor_cholesky", "G");
  const auto entry = [&](Index i, Index j) -> double& { return g.data()[j * n + i]; };
  ex.call([&] {
    for (Index j = 0; j < n; ++j)
      for (Index i = j; i < n; ++i) {
        double sum = entry(i, j);
        for (Index k = 0; k < j; ++k) sum -= entry(i, k) * entry(j, k);
        if (i == j && !(sum > 0))
          throw NumericalError(sentence("factor_cholesky: the matrix of ", n,
                                        " rows is not positive definite to working accuracy, its minor of ", j + 1,
                                        " rows is not"));
        entry(i, j) = i == j ? std::sqrt(sum) : sum / entry(j, j);
      }
  });
}

/// X ← G⁻¹X for `count` right-hand sides, L being the factor of G.
inline void solve_cholesky(const EmulatedGpu& ex, Index n, std::span<const double> l, Index count,
                           std::span<double> x) {
  require_size(std::ssize(l), n * n, "solve_cholesky", "L");
  require_size(std::ssize(x), n * count, "solve_cholesky", "X");
  ex.call([&] {
    for (double* v = x.data(); v != x.data() + n * count; v += n) {
      for (Index i = 0; i < n; ++i) {
        for (Index k = 0; k < i; ++k) v[i] -= l.data()[k * n + i] * v[k];
        v[i] /= l.data()[i * n + i];
      }
      for (Index i = n - 1; i >= 0; --i) {
        for (Index k = i + 1; k < n; ++k) v[i] -= l.data()[i * n + k] * v[k];
        v[i] /= l.data()[i * n + i];
      }
    }
  });
}

}  // namespace videoonenet::cuda
