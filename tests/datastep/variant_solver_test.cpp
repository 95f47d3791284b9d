// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/variant_solver/variant_solver.hpp"

#include "support/data_step_checks.hpp"
#include "support/small_matrix.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/iterative_solver/iterative_solver.hpp"
#include "videoonenet/datastep/tight_frame_solver/tight_frame_solver.hpp"
#include "videoonenet/operators/box_downsample/box_downsample.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/operators/operator_variant/operator_variant.hpp"

namespace variant_solver_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

template <class T>
using Any = OperatorVariant<Mask<T>, BoxDownsample<T>, SmallMatrix<T>>;

}  // namespace

TEMPLATE_TEST_CASE("Whatever a variant holds is solved by its own solver, bit for bit", "", float, double) {
  using T = TestType;
  const BoxDownsample<T> box(small_shape, 2);
  const Any<T> any(box);
  NormalSolver<Any<T>> chosen(Cpu{}, any);
  NormalSolver<BoxDownsample<T>> direct(Cpu{}, box);
  const Buffer<T> b = gaussian<T>(small_shape.size(), 1), y = gaussian<T>(box.range().size(), 2);
  Buffer<T> z(b.size()), expected(b.size());
  chosen.solve(Cpu{}, T(0.3), b.span(), z.span());
  direct.solve(Cpu{}, T(0.3), b.span(), expected.span());
  CHECK(std::equal(z.begin(), z.end(), expected.begin()));
  chosen.pseudo_inverse(Cpu{}, y.span(), z.span());
  direct.pseudo_inverse(Cpu{}, y.span(), expected.span());
  CHECK(std::equal(z.begin(), z.end(), expected.begin()));
  CHECK(std::isnan(chosen.report().relative_residual));
  require_data_step(any);
}

TEMPLATE_TEST_CASE("Options and reports pass through a variant", "", float, double) {
  using T = TestType;
  const Any<T> any(SmallMatrix<T>(flat_shape(24), flat_shape(10), 3));
  NormalSolver<Any<T>> solver(Cpu{}, any, {.tolerance = 1e-5}), capped(Cpu{}, any, {.max_iterations = 2});
  const Buffer<T> b = gaussian<T>(24, 1);
  Buffer<T> z(24), w(24);
  solver.solve(Cpu{}, T(10), b.span(), z.span());
  CHECK(solver.report().iterations > 2);
  CHECK(solver.report().converged);
  capped.solve(Cpu{}, T(10), b.span(), w.span());
  CHECK(capped.report().iterations == 2);
  CHECK_FALSE(capped.report().converged);
}

}  // namespace variant_solver_test
