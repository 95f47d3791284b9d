// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A small explicit operator that knows nothing of the library's own, and comparisons of operators by their matrices.

#include <functional>
#include <utility>

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/testing/check_adjoint.hpp"
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

/// Any operator behind two functions: the checks below are compiled once a scalar type, not once an operator.
template <class T>
struct Erased {
  using value_type = T;
  using Function = std::function<void(const Cpu&, std::span<const T>, std::span<T>)>;

  template <class A>
  explicit Erased(const A& a)
      : in(a.domain()),
        out(a.range()),
        forward([&a](const Cpu& ex, auto x, auto y) { a.apply(ex, x, y); }),
        backward([&a](const Cpu& ex, auto y, auto x) { a.apply_adjoint(ex, y, x); }) {}
  Erased(Shape domain, Shape range, Function apply, Function adjoint)
      : in(domain), out(range), forward(std::move(apply)), backward(std::move(adjoint)) {}

  Shape domain() const { return in; }
  Shape range() const { return out; }
  void apply(const Cpu& ex, std::span<const T> x, std::span<T> y) const { forward(ex, x, y); }
  void apply_adjoint(const Cpu& ex, std::span<const T> y, std::span<T> x) const { backward(ex, y, x); }
  Erased adjoint() const { return {out, in, backward, forward}; }

  Shape in, out;
  Function forward, backward;
};

/// Requires that check_adjoint passes with one thread and with two.
template <class T>
void require_adjoint(const Erased<T>& a) {
  for (int threads : {1, 2}) {
    const auto report = testing::check_adjoint(a, {}, Cpu{.threads = threads});
    INFO(report);
    CHECK(report.passed);
  }
}

/// Requires that A is `expected` and Aᵀ its transpose, entry by entry, with one thread and with two.
template <class T>
void require_matrix(const Erased<T>& a, const Eigen::MatrixXd& expected) {
  REQUIRE(a.range().size() == expected.rows());
  REQUIRE(a.domain().size() == expected.cols());
  for (int threads : {1, 2}) {
    const Cpu ex{.threads = threads};
    CHECK(testing::dense_matrix(a, ex) == expected);
    CHECK(testing::dense_matrix(a.adjoint(), ex) == expected.transpose());
  }
  require_adjoint(a);
}
template <class A>
void require_adjoint(const A& a) {
  require_adjoint(Erased<typename A::value_type>(a));
}
template <class A>
void require_matrix(const A& a, const Eigen::MatrixXd& expected) {
  require_matrix(Erased<typename A::value_type>(a), expected);
}

/// a·b…, by the definition: Eigen's product takes longer to compile than these tests to run.
inline Eigen::MatrixXd product(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  Eigen::MatrixXd ab = Eigen::MatrixXd::Zero(a.rows(), b.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index k = 0; k < a.cols(); ++k)
      for (Index j = 0; j < b.cols(); ++j) ab(i, j) += a(i, k) * b(k, j);
  return ab;
}
template <class... More>
Eigen::MatrixXd product(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b, const More&... more) {
  return product(product(a, b), more...);
}

/// The matrices on top of one another.
inline Eigen::MatrixXd vertical(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  Eigen::MatrixXd both(a.rows() + b.rows(), a.cols());
  both << a, b;
  return both;
}

}  // namespace videoonenet::support
