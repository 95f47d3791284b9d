// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"

#include "support/data_step_checks.hpp"
#include "videoonenet/operators/frame_selection/frame_selection.hpp"
#include "videoonenet/operators/identity/identity.hpp"
#include "videoonenet/operators/mask/mask.hpp"

namespace diagonal_solver_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

template <class T>
Mask<T> mask(const Shape& shape) {
  Random random(1);
  Buffer<T> entries(shape.size());
  for (T& entry : entries) entry = random.uniform() < 0.5;
  return {shape, std::move(entries)};
}

/// Weights, not only 0 and 1; the accessor may be given the wrong size.
template <class T>
struct Weights {
  using value_type = T;
  using structure_tag = structure::Diagonal;
  Shape domain() const { return flat_shape(w.size()); }
  Shape range() const { return flat_shape(w.size()); }
  template <Executor Ex>
  void apply(const Ex&, std::span<const T> x, std::span<T> y) const {
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = w[static_cast<Index>(i)] * x[i];
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    apply(ex, y, x);
  }
  std::span<const T> normal_diagonal() const { return squares.span(); }
  Buffer<T> w, squares;
};

}  // namespace

TEMPLATE_TEST_CASE("The diagonal data step equals the dense one", "", float, double) {
  using T = TestType;
  require_data_step(mask<T>(small_shape));
  require_data_step(mask<T>({.n = 2, .t = 3, .h = 4, .w = 3, .f = 1}));
  require_data_step(Identity<T>(small_shape));
  require_data_step(FrameSelection<T>(small_shape, {0, 2}));
  require_data_step(Weights<T>{{T(2), T(-3), T(0)}, {T(4), T(9), T(0)}});
}

TEST_CASE("The diagonal data step is certified at the papers' sizes") {
  for (const Shape& shape : large_shapes) {
    require_certified(mask<float>(shape), mask<double>(shape));
    require_certified(FrameSelection<float>(shape, {0, 2, 4}), FrameSelection<double>(shape, {0, 2, 4}));
  }
}

TEMPLATE_TEST_CASE("A diagonal data step by hand", "", float, double) {
  using T = TestType;
  const Mask<T> a({.w = 2}, {T(1), T(0)});
  NormalSolver<Mask<T>> solver(Cpu{}, a);
  const Buffer<T> b{3, 5};
  Buffer<T> z(2);
  solver.solve(Cpu{}, T(0.5), b.span(), z.span());
  CHECK(z[0] == T(2));
  CHECK(z[1] == T(10));
  solver.pseudo_inverse(Cpu{}, b.span(), z.span());
  CHECK(z[0] == T(3));
  CHECK(z[1] == T(0));
}

TEMPLATE_TEST_CASE("A diagonal of another size is refused", "", float, double) {
  using T = TestType;
  const Weights<T> wrong{{T(2), T(-3), T(0)}, {T(4), T(9)}};
  CHECK_THROWS_AS(NormalSolver<Weights<T>>(Cpu{}, wrong), ShapeError);
}

}  // namespace diagonal_solver_test
