// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/dense_solver/dense_solver.hpp"

#include "support/data_step_checks.hpp"
#include "videoonenet/operators/dense/dense.hpp"

namespace dense_solver_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

constexpr Index n = small_shape.size();

/// Integer entries and columns or rows repeated from the first `rank`: rank-deficient without rounding.
template <class T>
Dense<T> deficient(Index rows, Index rank) {
  Random random(9);
  Buffer<T> first(rows * n), matrix(rows * n);
  for (T& v : first) v = static_cast<T>(random.integer(7) - 3);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < n; ++j) matrix[i * n + j] = rows < n ? first[i % rank * n + j] : first[i * n + j % rank];
  return {small_shape, rows, std::move(matrix)};
}

}  // namespace

TEMPLATE_TEST_CASE("The dense data step equals the dense one: wide, square and tall", "", float, double) {
  using T = TestType;
  for (Index rows : {Index(1), Index(18), Index(67), n + 21})
    require_data_step(Dense<T>(small_shape, rows, gaussian<T>(rows * n, 2, 1 / std::sqrt(double(rows)))));
}

TEMPLATE_TEST_CASE("The Gram matrix is exact to rounding in double at the edges of its blocks", "", float, double) {
  using T = TestType;
  // Around the register block, the cache tile and the depth of a panel, wide and tall.
  for (const auto& [rows, cols] : {std::pair<Index, Index>{1, 1},
                                   {1, 300},
                                   {23, 255},
                                   {24, 257},
                                   {25, 256},
                                   {205, 513},
                                   {300, 1},
                                   {257, 25},
                                   {400, 193}}) {
    CAPTURE(rows, cols);
    const Buffer<T> m = gaussian<T>(rows * cols, 5);
    const Index size = std::min(rows, cols), length = std::max(rows, cols);
    const auto entry = [&, wide = rows <= cols, columns = cols](Index i, Index k) {
      return static_cast<long double>(wide ? m[i * columns + k] : m[k * columns + i]);
    };
    const Eigen::MatrixXd gram = cpu::small_gram(Cpu{}, m.span(), rows, cols);
    REQUIRE((gram.rows() == size && gram.cols() == size));
    double worst = 0;
    for (Index j = 0; j < size; ++j)
      for (Index i = j; i < size; ++i) {
        long double sum = 0, magnitude = 0;
        for (Index k = 0; k < length; ++k) {
          sum += entry(i, k) * entry(j, k);
          magnitude += std::abs(entry(i, k) * entry(j, k));
        }
        worst = std::max(worst, static_cast<double>(std::abs(gram(i, j) - sum) / magnitude));
      }
    CHECK(worst < 3e-15);
    CHECK(gram == cpu::small_gram(Cpu{.threads = 3}, m.span(), rows, cols));
  }
}

TEMPLATE_TEST_CASE("A square Gaussian matrix keeps its digits", "", float, double) {
  using T = TestType;
  // Its condition is about n: without the correction by the residual the pseudo-inverse would lose twice those digits.
  require_data_step(Dense<T>(small_shape, n, gaussian<T>(n * n, 3)), {.pseudo_inverse_tolerance = 1e-7});
}

TEMPLATE_TEST_CASE("Matrices without full rank have the pseudo-inverse of minimum norm", "", float, double) {
  using T = TestType;
  require_data_step(deficient<T>(30, 11));
  require_data_step(deficient<T>(n + 30, 17));
  require_data_step(Dense<T>(small_shape, 4, [] {
    Buffer<T> one_row(4 * n);
    one_row[3] = T(2);
    return one_row;
  }()));
}

TEST_CASE("Compressive sensing is certified at the papers' sizes") {
  for (const Shape& shape : large_shapes) {
    const Index rows = shape.size() / 10;
    const Buffer<float> matrix = gaussian<float>(rows * shape.size(), 4, 1 / std::sqrt(double(rows)));
    require_certified(Dense<float>(shape, rows, matrix), Dense<double>(shape, rows, cast<double>(matrix)));
  }
}

TEST_CASE("The right-hand side of ADMM, mostly in the row space, keeps its digits in float") {
  // b = Aᵀy + ρv: what remains after the projection is smaller by ρ/‖A‖², so float sums would lose four digits.
  const Index rows = 12;
  const Buffer<float> matrix = gaussian<float>(rows * n, 6);
  const Dense<float> narrow(small_shape, rows, matrix);
  const Dense<double> wide(small_shape, rows, cast<double>(matrix));
  const Buffer<float> y = gaussian<float>(rows, 7), v = gaussian<float>(n, 8);
  Buffer<float> b(n), z(n);
  Buffer<double> expected(n);
  narrow.apply_adjoint(Cpu{}, y.span(), b.span());
  axpby(Cpu{}, 1e-3f, v.span(), 1.0f, b.span());
  NormalSolver<Dense<float>>(Cpu{}, narrow).solve(Cpu{}, 1e-3f, b.span(), z.span());
  NormalSolver<Dense<double>>(Cpu{}, wide).solve(Cpu{}, double(1e-3f), cast<double>(b).span(), expected.span());
  CHECK(relative_error(z, expected) < 1e-6);
}

TEMPLATE_TEST_CASE("A dense data step by hand", "", float, double) {
  using T = TestType;
  // A = (1 2): (AᵀA + I)⁻¹ (1, 3) = (2 2; 2 5)⁻¹ (1, 3) = (−1, 4)/6, pinv(A) 10 = (2, 4).
  const Dense<T> a({.w = 2}, 1, {T(1), T(2)});
  NormalSolver<Dense<T>> solver(Cpu{}, a);
  const Buffer<T> b{1, 3}, y{10};
  Buffer<T> z(2);
  solver.solve(Cpu{}, T(1), b.span(), z.span());
  CHECK(relative_error(z, Buffer<double>{-1.0 / 6, 4.0 / 6}) < 1e-6);
  solver.pseudo_inverse(Cpu{}, y.span(), z.span());
  CHECK(relative_error(z, Buffer<double>{2, 4}) < 1e-6);
}

TEST_CASE("A matrix that overflows, and a rho below rounding, are refused in a sentence") {
  const Dense<double> huge({.w = 2}, 1, {1e200, 1e200});
  CHECK_THROWS_AS(NormalSolver<Dense<double>>(Cpu{}, huge), NumericalError);
  const Dense<double> singular({.w = 3}, 2, {1e9, 2e9, 3e9, 1e9, 2e9, 3e9});
  NormalSolver<Dense<double>> solver(Cpu{}, singular);
  const Buffer<double> b{1, 2, 3};
  Buffer<double> z(3);
  CHECK_THROWS_AS(solver.solve(Cpu{}, 1e-12, b.span(), z.span()), NumericalError);
  solver.solve(Cpu{}, 1e9, b.span(), z.span());
  CHECK(std::isfinite(z[0]));
}

}  // namespace dense_solver_test
