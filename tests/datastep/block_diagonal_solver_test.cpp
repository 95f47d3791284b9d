// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/block_diagonal_solver/block_diagonal_solver.hpp"

#include "support/data_step_checks.hpp"
#include "support/small_matrix.hpp"
#include "videoonenet/datastep/dense_solver/dense_solver.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/iterative_solver/iterative_solver.hpp"
#include "videoonenet/datastep/variant_solver/variant_solver.hpp"
#include "videoonenet/operators/block_diagonal/block_diagonal.hpp"
#include "videoonenet/operators/dense/dense.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/operators/operator_variant/operator_variant.hpp"

namespace block_diagonal_solver_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

constexpr Index n = small_shape.size();

template <class T>
using Any = OperatorVariant<Mask<T>, Dense<T>, SmallMatrix<T>>;

template <class T>
Mask<T> mask(std::uint64_t seed) {
  Random random(seed);
  Buffer<T> entries(n);
  for (T& entry : entries) entry = random.uniform() < 0.5;
  return {small_shape, std::move(entries)};
}

/// Four videos, each seen in its own way; `scale` multiplies the video's right-hand side in the tests.
template <class T>
std::vector<Any<T>> mixed() {
  return {mask<T>(1), Dense<T>(small_shape, 14, gaussian<T>(14 * n, 2, 0.3)), mask<T>(3),
          SmallMatrix<T>(small_shape, flat_shape(9), 4)};
}

template <class T>
std::span<T> part(Buffer<T>& values, Index begin, Index size) {
  return values.span().subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(size));
}

}  // namespace

TEMPLATE_TEST_CASE("The data step of a batch of exact blocks equals the dense one", "", float, double) {
  using T = TestType;
  require_data_step(BlockDiagonal<Mask<T>>({mask<T>(1), mask<T>(2)}));
  require_data_step(
      BlockDiagonal<Any<T>>({mask<T>(1), Dense<T>(small_shape, 14, gaussian<T>(14 * n, 2, 0.3)), mask<T>(3)}));
}

TEMPLATE_TEST_CASE("Videos of a batch do not influence each other by a bit", "", float, double) {
  using T = TestType;
  const BlockDiagonal<Any<T>> batch(mixed<T>());
  NormalSolver<BlockDiagonal<Any<T>>> together(Cpu{.threads = 2}, batch);
  Buffer<T> b = gaussian<T>(batch.domain().size(), 5), z(b.size()), y = gaussian<T>(batch.range().size(), 6),
            start(b.size());
  // Scales that would dominate a common norm or step size.
  for (Index i = 0; i < batch.size(); ++i)
    for (T& v : part(b, i * n, n)) v *= static_cast<T>(std::pow(10.0, 3.0 * double(i) - 4));
  together.solve(Cpu{.threads = 2}, T(0.3), b.span(), z.span());
  together.pseudo_inverse(Cpu{.threads = 2}, y.span(), start.span());
  for (Index i = 0; i < batch.size(); ++i) {
    NormalSolver<Any<T>> alone(Cpu{}, batch.block(i));
    Buffer<T> expected(n), expected_start(n);
    alone.solve(Cpu{}, T(0.3), part(b, i * n, n), expected.span());
    CHECK(std::ranges::equal(part(z, i * n, n), expected.span()));
    const Index begin = batch.range_offset(i), size = batch.range_offset(i + 1) - begin;
    alone.pseudo_inverse(Cpu{}, part(y, begin, size), expected_start.span());
    CHECK(std::ranges::equal(part(start, i * n, n), expected_start.span()));
  }
}

TEMPLATE_TEST_CASE("The report is the worst over the videos, and each video has its own", "", float, double) {
  using T = TestType;
  using A = BlockDiagonal<Any<T>>;
  const A batch(mixed<T>()), direct({mask<T>(1), mask<T>(2)});
  NormalSolver<A> solver(Cpu{}, batch, {.tolerance = 1e-5}), capped(Cpu{}, batch, {.max_iterations = 1}),
      exact(Cpu{}, direct);
  Buffer<T> b = gaussian<T>(batch.domain().size(), 5), z(b.size());
  std::fill_n(b.data() + 3 * n, n, T(0));  // the iterative video has nothing to do
  solver.solve(Cpu{}, T(10), b.span(), z.span());
  CHECK(solver.report().iterations == 0);
  CHECK(solver.report().relative_residual == 0);
  for (T v : part(z, 3 * n, n)) CHECK(v == T(0));

  b = gaussian<T>(b.size(), 5);
  solver.solve(Cpu{}, T(10), b.span(), z.span());
  CHECK(solver.report().iterations == solver.report(3).iterations);
  CHECK(solver.report().iterations > 1);
  CHECK(std::isnan(solver.report(0).relative_residual));
  CHECK(solver.report().relative_residual == solver.report(3).relative_residual);
  CHECK(solver.report().converged);

  std::fill(z.begin(), z.end(), T(0));
  capped.solve(Cpu{}, T(10), b.span(), z.span());
  CHECK_FALSE(capped.report().converged);
  CHECK(capped.report(0).converged);

  Buffer<T> two(2 * n);
  exact.solve(Cpu{}, T(1), part(b, 0, 2 * n), two.span());
  CHECK(std::isnan(exact.report().relative_residual));
}

TEMPLATE_TEST_CASE("More threads than videos, and wrong sizes", "", float, double) {
  using T = TestType;
  const BlockDiagonal<Mask<T>> one({mask<T>(1)});
  NormalSolver<BlockDiagonal<Mask<T>>> solver(Cpu{.threads = 4}, one);
  const Buffer<T> b = gaussian<T>(n, 1);
  Buffer<T> z(n), expected(n), shorter(n - 1);
  solver.solve(Cpu{.threads = 4}, T(0.3), b.span(), z.span());
  NormalSolver<Mask<T>>(Cpu{}, one.block(0)).solve(Cpu{}, T(0.3), b.span(), expected.span());
  CHECK(std::equal(z.begin(), z.end(), expected.begin()));
  CHECK_THROWS_AS(solver.solve(Cpu{}, T(0.3), b.span(), shorter.span()), ShapeError);
  CHECK_THROWS_AS(solver.pseudo_inverse(Cpu{}, shorter.span(), z.span()), ShapeError);
  CHECK_THROWS_AS(solver.solve(Cpu{}, T(-1), b.span(), z.span()), InputError);
}

}  // namespace block_diagonal_solver_test
