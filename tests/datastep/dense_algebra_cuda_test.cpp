// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include <Eigen/Core>

#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "support/test_gpu_algebra.cuh"

namespace dense_algebra_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

using Matrix = Eigen::MatrixXd;

std::vector<double> random_doubles(Index size) {
  Random random(17);
  std::vector<double> values(static_cast<std::size_t>(size));
  for (double& v : values) v = random.normal();
  return values;
}

/// The lower triangle of a column-major n × n matrix, zeros above.
Matrix lower(const std::vector<double>& values, Index n) {
  return Eigen::Map<const Matrix>(values.data(), n, n).triangularView<Eigen::Lower>();
}

/// MMᵀ or MᵀM of a row-major matrix, whichever is smaller.
Matrix gram_of(const std::vector<double>& m, Index rows, Index columns) {
  const Eigen::Map<const Matrix> transposed(m.data(), columns, rows);
  if (rows <= columns) return transposed.transpose() * transposed;
  return transposed * transposed.transpose();
}

}  // namespace

TEST_CASE("the device's Gram matrix, its factor and its solutions are those of the definition") {
  const TestGpu gpu = test_gpu();
  const std::vector<std::pair<Index, Index>> sizes{{1, 4}, {5, 9}, {9, 5}, {7, 7}, {33, 40}};
  for (const auto& [rows, columns] : sizes) {
    CAPTURE(rows, columns);
    const Index n = std::min(rows, columns), count = 3;
    const auto m = random_doubles(rows * columns);
    const Matrix expected = gram_of(m, rows, columns);
    const auto gpu_m = to_executor(gpu, m);
    auto g = gpu.allocate<double>(n * n);
    gram(gpu, rows, columns, std::span<const double>(gpu_m.span()), g.span());
    const Matrix got = lower(from_executor(gpu, g), n);
    CHECK((got - Matrix(expected.triangularView<Eigen::Lower>())).norm() < 1e-13 * expected.norm());

    // As a regularised one is: L Lᵀ = G + I.
    const Matrix shifted = expected + Matrix::Identity(n, n);
    const Matrix only_lower = shifted.triangularView<Eigen::Lower>();
    auto l = to_executor(gpu, std::vector<double>(only_lower.data(), only_lower.data() + n * n));
    factor_cholesky(gpu, n, l.span());
    const Matrix factor = lower(from_executor(gpu, l), n);
    CHECK((factor * factor.transpose() - shifted).norm() < 1e-13 * shifted.norm());

    const auto right = random_doubles(n * count);
    auto x = to_executor(gpu, right);
    solve_cholesky(gpu, n, std::span<const double>(l.span()), count, x.span());
    const auto solved = from_executor(gpu, x);
    const Eigen::Map<const Matrix> solution(solved.data(), n, count), given(right.data(), n, count);
    CHECK((shifted * solution - given).norm() < 1e-12 * given.norm());
  }
}

TEST_CASE("a matrix that is not positive definite has no factor") {
  const TestGpu gpu = test_gpu();
  auto indefinite = to_executor(gpu, std::vector<double>{1, 2, 2, 1}), zero = gpu.allocate<double>(9);
  using Catch::Matchers::ContainsSubstring;
  CHECK_THROWS_WITH(factor_cholesky(gpu, 2, indefinite.span()), ContainsSubstring("its minor of 2 rows is not"));
  CHECK_THROWS_AS(factor_cholesky(gpu, 3, zero.span()), NumericalError);
}

}  // namespace dense_algebra_cuda_test
