// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The explicit matrix of a small operator, column by column: A applied to unit vectors, in double.

#include <Eigen/Dense>

#include "videoonenet/concepts/linear_operator.hpp"

namespace videoonenet::testing {

/// The d × n matrix of A.
/// Errors: ShapeError when the matrix would exceed 2^27 entries.  Cost: n applications and d·n doubles.
template <class A, Executor Ex = Cpu>
Eigen::MatrixXd dense_matrix(const A& a, const Ex& ex = {}) {
  using T = typename A::value_type;
  const Index n = Shape(a.domain()).size(), d = Shape(a.range()).size();
  if (d * n > Index(1) << 27)
    throw ShapeError(sentence("dense_matrix: a ", d, " x ", n, " matrix is too large to write out"));
  Eigen::MatrixXd matrix(d, n);
  Buffer<T> unit(n), column(d);
  for (Index j = 0; j < n; ++j) {
    unit[j] = T(1);
    a.apply(ex, unit.span(), column.span());
    for (Index i = 0; i < d; ++i) matrix(i, j) = double(column[i]);
    unit[j] = T(0);
  }
  return matrix;
}

}  // namespace videoonenet::testing
