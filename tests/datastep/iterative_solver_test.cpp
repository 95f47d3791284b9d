// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/iterative_solver/iterative_solver.hpp"

#include "support/data_step_checks.hpp"
#include "support/dense_solve.hpp"
#include "support/small_matrix.hpp"

namespace iterative_solver_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

/// x ↦ x with an adjoint that does not belong to it.
template <class T>
struct WrongAdjoint {
  using value_type = T;
  Shape domain() const { return flat_shape(6); }
  Shape range() const { return flat_shape(6); }
  template <Executor Ex>
  void apply(const Ex& ex, std::span<const T> x, std::span<T> y) const {
    copy(ex, x, y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    axpby(ex, T(-2), y, T(0), x);
  }
};

template <class T>
SmallMatrix<T> small(Index rows, std::uint64_t seed = 3) {
  return {{.t = 2, .h = 3, .w = 2, .f = 3}, flat_shape(rows), seed};
}

}  // namespace

TEMPLATE_TEST_CASE("The iterative data step meets its tolerance for operators of unknown structure", "", float,
                   double) {
  using T = TestType;
  const double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-11;
  for (Index rows : {3, 20, 90}) require_data_step(small<T>(rows), {.solver = {.tolerance = tolerance}});
}

TEST_CASE("What float cannot reach is reported, not hidden") {
  // Without full rank z is 1/rho times b, and rounding z alone leaves a residual of eps |A|^2 / rho.
  const auto a = small<float>(20);
  NormalSolver<SmallMatrix<float>> solver(Cpu{}, a, {.tolerance = 1e-7});
  const Buffer<float> b = gaussian<float>(36, 2);
  Buffer<float> z(36);
  solver.solve(Cpu{}, 1e-3f, b.span(), z.span());
  CHECK_FALSE(solver.report().converged);
  CHECK(solver.report().relative_residual > 1e-7);
  CHECK(solver.report().iterations < 1000);
}

TEST_CASE("In double, a small residual is a small error") {
  const auto a = small<double>(20);
  NormalSolver<SmallMatrix<double>> solver(Cpu{}, a, {.tolerance = 1e-12});
  const Eigen::MatrixXd m = a.matrix();
  const Buffer<double> b = gaussian<double>(36, 2);
  Buffer<double> z(36);
  for (double rho : {1e-3, 0.3, 10.0}) {
    solver.solve(Cpu{}, rho, b.span(), z.span());
    const Eigen::VectorXd expected =
        support::dense_normal_solve(m, rho, Eigen::Map<const Eigen::VectorXd>(b.data(), 36));
    CHECK((Eigen::Map<const Eigen::VectorXd>(z.data(), 36) - expected).norm() < 1e-8 * expected.norm());
  }
}

TEMPLATE_TEST_CASE("A warm start is used when asked for, and pays", "", float, double) {
  using T = TestType;
  const auto a = small<T>(20);
  NormalSolver<SmallMatrix<T>> warm(Cpu{}, a, {.tolerance = 1e-5}),
      cold(Cpu{}, a, {.tolerance = 1e-5, .warm_start = false});
  const Buffer<T> b = gaussian<T>(36, 2);
  Buffer<T> z(36);
  warm.solve(Cpu{}, T(10), b.span(), z.span());
  CHECK(warm.report().iterations > 0);
  Buffer<T> again = z;
  warm.solve(Cpu{}, T(10), b.span(), again.span());
  CHECK(warm.report().iterations == 0);
  CHECK(std::equal(z.begin(), z.end(), again.begin()));
  cold.solve(Cpu{}, T(10), b.span(), again.span());
  CHECK(cold.report().iterations > 0);
}

TEMPLATE_TEST_CASE("Tolerance and iteration limit reach both solves; giving up is reported", "", float, double) {
  using T = TestType;
  const auto a = small<T>(20);
  const Buffer<T> b = gaussian<T>(36, 2), y = gaussian<T>(20, 3);
  Buffer<T> z(36);
  NormalSolver<SmallMatrix<T>> loose(Cpu{}, a, {.tolerance = 1e-1}), tight(Cpu{}, a, {.tolerance = 1e-5});
  NormalSolver<SmallMatrix<T>> capped(Cpu{}, a, {.max_iterations = 2, .warm_start = false});
  const auto iterations = [&](auto& solver, bool start) {
    std::fill(z.begin(), z.end(), T(0));
    start ? solver.pseudo_inverse(Cpu{}, y.span(), z.span()) : solver.solve(Cpu{}, T(0.3), b.span(), z.span());
    return solver.report().iterations;
  };
  for (bool start : {false, true}) {
    CHECK(iterations(loose, start) < iterations(tight, start));
    CHECK(iterations(capped, start) == 2);
    CHECK_FALSE(capped.report().converged);
    CHECK(capped.report().relative_residual > 1e-6);
    CHECK(tight.report().converged);
  }
}

TEMPLATE_TEST_CASE("A zero measurement starts from exactly zero", "", float, double) {
  using T = TestType;
  const auto a = small<T>(20);
  NormalSolver<SmallMatrix<T>> solver(Cpu{}, a);
  const Buffer<T> y(20);
  Buffer<T> z = gaussian<T>(36, 1);
  solver.pseudo_inverse(Cpu{}, y.span(), z.span());
  for (T v : z) CHECK(v == T(0));
  CHECK(solver.report().iterations == 0);
  CHECK(solver.report().converged);
}

TEMPLATE_TEST_CASE("A wrong adjoint and bad arguments are refused", "", float, double) {
  using T = TestType;
  const WrongAdjoint<T> wrong;
  NormalSolver<WrongAdjoint<T>> solver(Cpu{}, wrong);
  Buffer<T> b = gaussian<T>(6, 1), z(6), shorter(5);
  CHECK_THROWS_AS(solver.solve(Cpu{}, T(0.3), b.span(), z.span()), NumericalError);
  CHECK_THROWS_AS(solver.solve(Cpu{}, T(0), b.span(), z.span()), InputError);
  CHECK_THROWS_AS(solver.solve(Cpu{}, T(0.3), shorter.span(), z.span()), ShapeError);
  CHECK_THROWS_AS(solver.pseudo_inverse(Cpu{}, b.span(), shorter.span()), ShapeError);
  b[2] = std::numeric_limits<T>::quiet_NaN();
  CHECK_THROWS_AS(solver.pseudo_inverse(Cpu{}, b.span(), z.span()), NumericalError);
  CHECK_THROWS_AS(NormalSolver<WrongAdjoint<T>>(Cpu{}, wrong, {.tolerance = -1}), InputError);
}

}  // namespace iterative_solver_test
