// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/banded_cholesky/banded_cholesky.hpp"

#include "support/catch.hpp"
#include "support/dense_solve.hpp"
#include "videoonenet/core/random.hpp"

namespace banded_cholesky_test {

using namespace videoonenet;

namespace {

/// A symmetric banded matrix, diagonally dominant.
Eigen::MatrixXd banded_matrix(Index n, Index half_bandwidth) {
  Random random(static_cast<std::uint64_t>(100 * n + half_bandwidth));
  Eigen::MatrixXd m = Eigen::MatrixXd::Zero(n, n);
  for (Index i = 0; i < n; ++i) {
    for (Index j = std::max<Index>(0, i - half_bandwidth); j < i; ++j) m(i, j) = m(j, i) = random.uniform() - 0.5;
    m(i, i) = double(half_bandwidth) + 1 + random.uniform();
  }
  return m;
}

auto rows_of(const Eigen::MatrixXd& m, Index half_bandwidth) {
  return [&m, half_bandwidth](Index i, auto&& set) {
    for (Index j = std::max<Index>(0, i - half_bandwidth); j <= i; ++j) set(j, m(i, j));
  };
}

double& entry(Buffer<double>& values, const cpu::BandedRightHandSides& layout, Index row, Index k) {
  const Index g = k / cpu::widest_group;
  return values[layout.offset(g) + row * layout.width(g) + k % cpu::widest_group];
}

}  // namespace

TEST_CASE("the banded factor solves like a dense one, for every number of rows and right-hand sides") {
  for (Index n : {1, 5, 8, 37, 64})
    for (Index b : {0, 1, 7, 20}) {
      if (b >= n) continue;
      const Eigen::MatrixXd m = banded_matrix(n, b);
      BandedCholesky factor(n, b);
      REQUIRE(factor.factor(Cpu{}, rows_of(m, b)));
      CHECK(factor.memory_bytes() == BandedCholesky::bytes(n, b));
      CHECK(factor.memory_bytes() <= 8 * (n + 8) * (b + 16));
      for (Index count : {1, 4, 7, 12, 16, 17, 29, 45}) {
        const cpu::BandedRightHandSides layout{n, count};
        Buffer<double> values(layout.doubles());
        Eigen::MatrixXd rhs(n, count);
        Random random(3);
        for (Index i = 0; i < n; ++i)
          for (Index k = 0; k < count; ++k) entry(values, layout, i, k) = rhs(i, k) = random.normal();
        factor.solve(Cpu{.threads = 2}, layout, values.span());
        const Eigen::MatrixXd expected = support::dense_solve(m, rhs);
        for (Index i = 0; i < n; ++i)
          for (Index k = 0; k < count; ++k)
            REQUIRE(entry(values, layout, i, k) == Approx(expected(i, k)).epsilon(1e-12).margin(1e-13));
      }
    }
}

TEST_CASE("a matrix that is not positive definite is refused, and the factor can be used again") {
  Eigen::MatrixXd m = banded_matrix(20, 3);
  BandedCholesky factor(20, 3);
  for (double bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    Eigen::MatrixXd broken = m;
    broken.row(11).setZero();
    broken.col(11).setZero();
    broken(11, 11) = bad;
    CHECK_FALSE(factor.factor(Cpu{}, rows_of(broken, 3)));
  }
  REQUIRE(factor.factor(Cpu{}, rows_of(m, 3)));
  const cpu::BandedRightHandSides layout{20, 1};
  Buffer<double> values(layout.doubles());
  for (Index i = 0; i < 20; ++i) entry(values, layout, i, 0) = m.row(i).sum();
  factor.solve(Cpu{}, layout, values.span());
  for (Index i = 0; i < 20; ++i) CHECK(entry(values, layout, i, 0) == Approx(1).epsilon(1e-13));
}

TEST_CASE("banded arguments that do not fit are refused in a sentence") {
  CHECK_THROWS_AS(BandedCholesky(0, 0), ShapeError);
  CHECK_THROWS_AS(BandedCholesky(4, 4), ShapeError);
  CHECK_THROWS_AS(BandedCholesky(4, -1), ShapeError);
  BandedCholesky factor(4, 1);
  Buffer<double> values(8);
  CHECK_THROWS_AS(factor.solve(Cpu{}, {.n = 5, .count = 1}, values.span()), ShapeError);
  CHECK_THROWS_AS(factor.solve(Cpu{}, {.n = 4, .count = 1}, values.span().first(3)), ShapeError);
}

}  // namespace banded_cholesky_test
