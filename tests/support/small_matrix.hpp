// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A small explicit operator that knows nothing of the library's own, and comparisons of operators by their matrices.

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/testing/dense_matrix.hpp"

namespace videoonenet::support {

/// y = M x with integer entries in [-4, 4]: products of a few are exact in float.
template <class T>
class SmallMatrix {
 public:
  using value_type = T;

  SmallMatrix(const Shape& domain, const Shape& range, std::uint64_t seed)
      : domain_(domain), range_(range), matrix_(range.size(), domain.size()) {
    Random random(seed);
    for (Index i = 0; i < matrix_.rows(); ++i)
      for (Index j = 0; j < matrix_.cols(); ++j) matrix_(i, j) = double(random.integer(9) - 4);
  }

  Shape domain() const { return domain_; }
  Shape range() const { return range_; }
  template <class Ex>
  void apply(const Ex&, std::span<const T> x, std::span<T> y) const {
    multiply(matrix_, x, y);
  }
  template <class Ex>
  void apply_adjoint(const Ex&, std::span<const T> y, std::span<T> x) const {
    multiply(matrix_.transpose(), y, x);
  }
  const Eigen::MatrixXd& matrix() const { return matrix_; }

 private:
  template <class M>
  static void multiply(const M& m, std::span<const T> in, std::span<T> out) {
    require_size(std::ssize(in), m.cols(), "SmallMatrix", "the input");
    require_size(std::ssize(out), m.rows(), "SmallMatrix", "the output");
    for (Index i = 0; i < m.rows(); ++i) {
      double sum = 0;
      for (Index j = 0; j < m.cols(); ++j) sum += m(i, j) * double(in[static_cast<std::size_t>(j)]);
      out[static_cast<std::size_t>(i)] = static_cast<T>(sum);
    }
  }
  Shape domain_, range_;
  Eigen::MatrixXd matrix_;
};

/// The adjoint seen as an operator, without the library's own Transpose.
template <class A>
struct Adjoint {
  using value_type = typename A::value_type;
  const A& a;
  Shape domain() const { return a.range(); }
  Shape range() const { return a.domain(); }
  template <class Ex>
  void apply(const Ex& ex, std::span<const value_type> x, std::span<value_type> y) const {
    a.apply_adjoint(ex, x, y);
  }
  template <class Ex>
  void apply_adjoint(const Ex& ex, std::span<const value_type> y, std::span<value_type> x) const {
    a.apply(ex, y, x);
  }
};

/// Requires that A is `expected` and Aᵀ its transpose, entry by entry, with one thread and with two.
template <class A>
void require_matrix(const A& a, const Eigen::MatrixXd& expected) {
  REQUIRE(Shape(a.range()).size() == expected.rows());
  REQUIRE(Shape(a.domain()).size() == expected.cols());
  for (int threads : {1, 2}) {
    const Cpu ex{.threads = threads};
    CHECK(testing::dense_matrix(a, ex) == expected);
    CHECK(testing::dense_matrix(Adjoint<A>{a}, ex) == expected.transpose());
  }
}

/// The matrices on top of one another.
inline Eigen::MatrixXd vertical(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  Eigen::MatrixXd both(a.rows() + b.rows(), a.cols());
  both << a, b;
  return both;
}

}  // namespace videoonenet::support
