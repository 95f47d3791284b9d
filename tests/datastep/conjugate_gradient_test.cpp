// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/conjugate_gradient/conjugate_gradient.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"

namespace conjugate_gradient_test {

using namespace videoonenet;

namespace {

/// Multiplies by a diagonal: its eigenvalues are in plain sight.
template <class T>
auto diagonal(const Buffer<T>& entries) {
  return [&entries](std::span<const T> p, std::span<T> q) {
    for (std::size_t i = 0; i < p.size(); ++i) q[i] = entries[static_cast<Index>(i)] * p[i];
  };
}

/// n entries spaced geometrically from 1 to `condition`.
template <class T>
Buffer<T> spectrum(Index n, double condition) {
  Buffer<T> entries(n);
  for (Index i = 0; i < n; ++i) entries[i] = static_cast<T>(std::pow(condition, double(i) / double(n - 1)));
  return entries;
}

template <class T>
double true_residual(const Buffer<T>& m, const Buffer<T>& z, const Buffer<T>& b) {
  double defect = 0, norm = 0;
  for (Index i = 0; i < b.size(); ++i) {
    defect += std::pow(double(m[i]) * double(z[i]) - double(b[i]), 2);
    norm += double(b[i]) * double(b[i]);
  }
  return std::sqrt(defect / norm);
}

template <class T>
struct System {
  explicit System(double condition = 100) : m(spectrum<T>(60, condition)), b(60), z(60), work(Cpu{}, 60, true) {
    Random(4).fill_normal(b.span());
  }
  SolveReport solve(const SolverOptions& options = {}) {
    return conjugate_gradient(Cpu{}, diagonal(m), b.span(), z.span(), work, options);
  }
  Buffer<T> m, b, z;
  ConjugateGradientWorkspace<T> work;
};

}  // namespace

TEMPLATE_TEST_CASE("Conjugate gradients meet their tolerance and report the true residual", "", float, double) {
  using T = TestType;
  for (double tolerance : {1e-1, 1e-3, 1e-5}) {
    System<T> s;
    const SolveReport report = s.solve({.tolerance = tolerance});
    CHECK(report.converged);
    CHECK(report.relative_residual <= tolerance);
    CHECK(std::abs(report.relative_residual - true_residual(s.m, s.z, s.b)) < 1e-6);
  }
}

TEMPLATE_TEST_CASE("k distinct eigenvalues take k iterations", "", float, double) {
  System<TestType> s;
  for (Index i = 0; i < 60; ++i) s.m[i] = TestType(1 + i % 3);
  CHECK(s.solve({.tolerance = 1e-5}).iterations == 3);
}

TEMPLATE_TEST_CASE("Every option has its effect", "", float, double) {
  using T = TestType;
  System<T> loose, tight, capped, warm, cold;
  const int loose_iterations = loose.solve({.tolerance = 1e-2}).iterations;
  const int tight_iterations = tight.solve({.tolerance = 1e-5}).iterations;
  CHECK(loose_iterations < tight_iterations);

  const SolveReport report = capped.solve({.tolerance = 1e-5, .max_iterations = 4});
  CHECK(report.iterations == 4);
  CHECK_FALSE(report.converged);
  CHECK(report.relative_residual > 1e-5);

  warm.z = tight.z;
  cold.z = tight.z;
  CHECK(warm.solve({.tolerance = 1e-4, .warm_start = true}).iterations == 0);
  CHECK(cold.solve({.tolerance = 1e-4, .warm_start = false}).iterations > 0);
}

TEMPLATE_TEST_CASE("A zero right-hand side gives exactly zero without an iteration", "", float, double) {
  using T = TestType;
  for (bool warm_start : {true, false}) {
    System<T> s;
    std::fill(s.b.begin(), s.b.end(), T(0));
    std::fill(s.z.begin(), s.z.end(), T(3));
    const SolveReport report = s.solve({.warm_start = warm_start});
    for (T v : s.z) CHECK(v == T(0));
    CHECK(report.iterations == 0);
    CHECK(report.relative_residual == 0);
    CHECK(report.converged);
  }
}

TEMPLATE_TEST_CASE("An initial guess worse than zero, or not finite, is dropped", "", float, double) {
  using T = TestType;
  System<T> cold;
  cold.solve();
  for (T guess : {T(1e20), std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity()}) {
    System<T> s;
    s.z[17] = guess;
    CHECK(s.solve().converged);
    CHECK(std::equal(s.z.begin(), s.z.end(), cold.z.begin()));
  }
}

TEMPLATE_TEST_CASE("A preconditioner saves iterations and leaves the answer", "", float, double) {
  using T = TestType;
  System<T> plain(1e4), preconditioned(1e4);
  const int iterations = plain.solve({.tolerance = 1e-5}).iterations;
  const auto inverse = [&](std::span<const T> r, std::span<T> s) {
    for (std::size_t i = 0; i < r.size(); ++i) s[i] = r[i] / preconditioned.m[static_cast<Index>(i)];
  };
  auto& p = preconditioned;
  const SolveReport report =
      conjugate_gradient(Cpu{}, diagonal(p.m), p.b.span(), p.z.span(), p.work, {.tolerance = 1e-5}, inverse);
  CHECK(report.converged);
  CHECK(report.iterations <= 2);
  CHECK(report.iterations < iterations);
  CHECK(true_residual(p.m, p.z, p.b) <= 1e-5);
}

TEST_CASE("The residual of the recurrence is not believed: float restarts, then admits what it cannot reach") {
  System<float> s(1e6);
  const SolveReport report = s.solve({.tolerance = 1e-12, .max_iterations = 10000});
  CHECK_FALSE(report.converged);
  CHECK(report.iterations < 10000);
  CHECK(report.relative_residual > 1e-12);
  CHECK(report.relative_residual < 1e-5);
  CHECK(std::abs(report.relative_residual - true_residual(s.m, s.z, s.b)) < 1e-6);
}

TEMPLATE_TEST_CASE("Breakdown is a sentence, not a result", "", float, double) {
  using T = TestType;
  System<T> indefinite, infinite, poisoned;
  for (T& entry : indefinite.m) entry = -entry;
  CHECK_THROWS_AS(indefinite.solve(), NumericalError);
  infinite.b[3] = std::numeric_limits<T>::infinity();
  CHECK_THROWS_AS(infinite.solve(), NumericalError);
  poisoned.m[5] = std::numeric_limits<T>::quiet_NaN();
  CHECK_THROWS_AS(poisoned.solve(), NumericalError);

  System<T> s;
  CHECK_THROWS_AS(s.solve({.tolerance = -1}), InputError);
  CHECK_THROWS_AS(s.solve({.max_iterations = -1}), InputError);
}

TEMPLATE_TEST_CASE("The number of threads does not change a bit", "", float, double) {
  using T = TestType;
  const Index n = 40000;  // several blocks of the reductions
  const Buffer<T> m = spectrum<T>(n, 50);
  Buffer<T> b(n), one(n), two(n);
  Random(2).fill_normal(b.span());
  ConjugateGradientWorkspace<T> work(Cpu{}, n);
  const SolveReport first = conjugate_gradient(Cpu{}, diagonal(m), b.span(), one.span(), work, {});
  const SolveReport second = conjugate_gradient(Cpu{.threads = 2}, diagonal(m), b.span(), two.span(), work, {});
  CHECK(first.iterations == second.iterations);
  CHECK(std::equal(one.begin(), one.end(), two.begin()));
}

}  // namespace conjugate_gradient_test
