// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/testing/dense_matrix.hpp"

#include "support/catch.hpp"

namespace dense_matrix_test {

using namespace videoonenet;

namespace {

/// y_i = Σ_j (10 i + j) x_j, three measurements of two pixels; larger when `side` says so.
template <class T>
struct Counting {
  using value_type = T;
  Index n = 2, d = 3;
  Shape domain() const { return {.w = n}; }
  Shape range() const { return flat_shape(d); }
  void apply(const Cpu&, std::span<const T> x, std::span<T> y) const {
    for (std::size_t i = 0; i < y.size(); ++i) {
      y[i] = 0;
      for (std::size_t j = 0; j < x.size(); ++j) y[i] += static_cast<T>(10 * i + j) * x[j];
    }
  }
  void apply_adjoint(const Cpu&, std::span<const T>, std::span<T>) const {}
};

}  // namespace

TEMPLATE_TEST_CASE("dense_matrix writes an operator out, rows of the range by columns of the domain", "", float,
                   double) {
  const Eigen::MatrixXd matrix = testing::dense_matrix(Counting<TestType>{});
  REQUIRE(matrix.rows() == 3);
  REQUIRE(matrix.cols() == 2);
  for (Eigen::Index i = 0; i < 3; ++i)
    for (Eigen::Index j = 0; j < 2; ++j) CHECK(matrix(i, j) == double(10 * i + j));
}

TEST_CASE("dense_matrix refuses a matrix that would not fit") {
  const Counting<float> large{.n = 1 << 14, .d = 1 << 14};
  CHECK_THROWS_AS(testing::dense_matrix(large), ShapeError);
}

}  // namespace dense_matrix_test
