// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/scaled_solver/scaled_solver.hpp"

#include "support/data_step_checks.hpp"
#include "support/small_matrix.hpp"
#include "videoonenet/datastep/dense_solver/dense_solver.hpp"
#include "videoonenet/datastep/iterative_solver/iterative_solver.hpp"
#include "videoonenet/operators/dense/dense.hpp"
#include "videoonenet/operators/scale/scale.hpp"

namespace scaled_solver_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

/// A multiple that, unlike Scale, may be zero, tiny or huge.
template <class B>
struct Multiple {
  using value_type = typename B::value_type;
  using T = value_type;
  using structure_tag = structure::Scaled;
  Shape domain() const { return b.domain(); }
  Shape range() const { return b.range(); }
  template <Executor Ex>
  void apply(const Ex& ex, std::span<const T> x, std::span<T> y) const {
    b.apply(ex, x, y);
    axpby(ex, s, y, T(0), y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    b.apply_adjoint(ex, y, x);
    axpby(ex, s, x, T(0), x);
  }
  const B& inner() const { return b; }
  T factor() const { return s; }
  B b;
  T s;
};

template <class T>
Dense<T> matrix(Index rows) {
  return {small_shape, rows, gaussian<T>(rows * small_shape.size(), 2, 0.1)};
}

}  // namespace

TEMPLATE_TEST_CASE("A scaled operator's data step equals the dense one", "", float, double) {
  using T = TestType;
  for (T factor : {T(3), T(-0.25), T(1)}) require_data_step(Scale<Dense<T>>(matrix<T>(14), factor));
  require_data_step(Scale<Scale<Dense<T>>>(Scale<Dense<T>>(matrix<T>(14), T(2)), T(-0.5)));
  require_data_step(Scale<Dense<T>>(matrix<T>(small_shape.size() + 3), T(1e-2)));
}

TEST_CASE("A factor of zero leaves b/rho, and nothing of the inner operator is factored") {
  using T = double;
  using Inner = Dense<T>;
  const T entry = std::numeric_limits<T>::max();  // its Gram matrix overflows, so that factoring it would throw
  const Multiple<Inner> zero{Inner({.w = 2}, 1, {entry, entry}), T(0)};
  NormalSolver<Multiple<Inner>> solver(Cpu{}, zero);
  const Buffer<T> b{1, 2}, y{5};
  Buffer<T> z(2);
  solver.solve(Cpu{}, T(0.5), b.span(), z.span());
  CHECK(z[0] == T(2));
  CHECK(z[1] == T(4));
  solver.pseudo_inverse(Cpu{}, y.span(), z.span());
  CHECK(z[0] == T(0));
  CHECK(z[1] == T(0));
  CHECK(solver.report().converged);
}

TEMPLATE_TEST_CASE("Factors near the ends of the scalar type are exact or refused", "", float, double) {
  using T = TestType;
  using Inner = Dense<T>;
  const T tiny = std::sqrt(std::numeric_limits<T>::min()) / 4, huge = std::sqrt(std::numeric_limits<T>::max()) / 4;
  const Multiple<Inner> small{Inner({.w = 2}, 1, {T(1), T(2)}), tiny}, large{Inner({.w = 2}, 1, {T(1), T(2)}), huge};
  const Buffer<T> b{1, 2};
  Buffer<T> z(2);
  NormalSolver<Multiple<Inner>> negligible(Cpu{}, small), overflowing(Cpu{}, large);
  negligible.solve(Cpu{}, T(0.5), b.span(), z.span());
  CHECK(z[0] == T(2));
  CHECK(z[1] == T(4));
  CHECK_THROWS_AS(overflowing.solve(Cpu{}, T(1e-3), b.span(), z.span()), NumericalError);
  const Multiple<Inner> infinite{Inner({.w = 2}, 1, {T(1), T(2)}), std::numeric_limits<T>::infinity()};
  CHECK_THROWS_AS(NormalSolver<Multiple<Inner>>(Cpu{}, infinite), InputError);
}

TEMPLATE_TEST_CASE("Options, warm starts and the report pass through", "", float, double) {
  using T = TestType;
  using A = Scale<SmallMatrix<T>>;
  const A a(SmallMatrix<T>(flat_shape(24), flat_shape(10), 3), T(0.5));
  NormalSolver<A> solver(Cpu{}, a, {.tolerance = 1e-5}), capped(Cpu{}, a, {.max_iterations = 1, .warm_start = false});
  const Buffer<T> b = gaussian<T>(24, 1);
  Buffer<T> z(24);
  solver.solve(Cpu{}, T(10), b.span(), z.span());
  CHECK(solver.report().iterations > 1);
  CHECK(certificate(Cpu{}, a, T(10), b.span(), z.span()).residual < 1.1e-5);
  solver.solve(Cpu{}, T(10), b.span(), z.span());
  CHECK(solver.report().iterations == 0);  // the guess reached the inner solver unchanged
  capped.solve(Cpu{}, T(10), b.span(), z.span());
  CHECK(capped.report().iterations == 1);
  CHECK_FALSE(capped.report().converged);
}

}  // namespace scaled_solver_test
