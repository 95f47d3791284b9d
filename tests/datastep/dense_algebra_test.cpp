// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/dense_algebra.hpp"

#include "support/catch.hpp"
#include "support/data_step_checks.hpp"

namespace dense_algebra_test {

using namespace videoonenet;

namespace {

DenseMatrix<double> random_matrix(Index rows, Index columns, std::uint64_t seed) {
  const Buffer<double> values = support::gaussian<double>(rows * columns, seed);
  return Eigen::Map<const DenseMatrix<double>>(values.data(), rows, columns);
}

DenseMatrix<double> transposed(const DenseMatrix<double>& a) { return a.transpose(); }

}  // namespace

TEST_CASE("a symmetric matrix is put together again from its eigenvectors, only the lower triangle counts") {
  const DenseMatrix<double> m = random_matrix(7, 7, 1);
  DenseMatrix<double> a = m + m.transpose();
  const SymmetricEigen<double> eigen = symmetric_eigen(a);
  const DenseMatrix<double> scaled = eigen.vectors * eigen.values.asDiagonal(), rows = transposed(eigen.vectors);
  CHECK((dense_product(scaled, rows) - a).norm() < 1e-13 * a.norm());
  CHECK((dense_product(rows, eigen.vectors) - DenseMatrix<double>::Identity(7, 7)).norm() < 1e-13);
  for (Index i = 1; i < 7; ++i) CHECK(eigen.values(i - 1) <= eigen.values(i));
  a(0, 6) = 100;  // above the diagonal
  CHECK(symmetric_eigen(a).values == eigen.values);
}

TEST_CASE("two by two by hand") {
  DenseMatrix<double> a(2, 2);
  a << 2, 1, 1, 2;
  const SymmetricEigen<double> eigen = symmetric_eigen(a);
  CHECK(eigen.values(0) == Approx(1));
  CHECK(eigen.values(1) == Approx(3));
  CHECK(std::abs(eigen.vectors(0, 1)) == Approx(std::sqrt(0.5)));

  CholeskyFactor<double> factor;
  factor.compute(a, 1);  // 3 1; 1 3
  Buffer<double> v{4.0, 4.0};
  factor.solve_in_place({v.data(), v.size()});
  CHECK(v[0] == Approx(1));
  CHECK(v[1] == Approx(1));
  CHECK(factor.reciprocal_condition() == Approx(0.5));  // norms 4 and 1/2

  DenseMatrix<double> lower(2, 1);
  lower << std::sqrt(3.0), 0;
  factor.solve_lower_in_place(lower);
  CHECK(lower(0) == Approx(1));
  CHECK(lower(1) == Approx(-(1 / std::sqrt(3.0)) / std::sqrt(8.0 / 3)));
}

TEST_CASE("a matrix that is not positive definite has condition infinity") {
  DenseMatrix<double> a = DenseMatrix<double>::Identity(3, 3);
  a(2, 2) = -1;
  CholeskyFactor<double> factor;
  factor.compute(a, 0.5);
  CHECK(factor.reciprocal_condition() == 0);
  factor.compute(a, 2);
  CHECK(factor.reciprocal_condition() > 0);
}

TEST_CASE("the pseudo-inverse meets Penrose's conditions for any rank") {
  for (const auto& [rows, columns, rank] : {std::array<Index, 3>{5, 3, 3}, {3, 5, 3}, {5, 4, 2}}) {
    const DenseMatrix<double> a = dense_product(random_matrix(rows, rank, 2), random_matrix(rank, columns, 3));
    const DenseMatrix<double> p = dense_pseudo_inverse(a), ap = dense_product(a, p), pa = dense_product(p, a);
    CHECK((dense_product(ap, a) - a).norm() < 1e-12 * a.norm());
    CHECK((dense_product(pa, p) - p).norm() < 1e-12 * p.norm());
    CHECK((ap - transposed(ap)).norm() < 1e-12);
    CHECK((pa - transposed(pa)).norm() < 1e-12);
  }
}

}  // namespace dense_algebra_test
