// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/tight_frame_solver/tight_frame_solver.hpp"

#include "support/data_step_checks.hpp"
#include "videoonenet/operators/box_downsample/box_downsample.hpp"
#include "videoonenet/operators/channel_sum/channel_sum.hpp"

namespace tight_frame_solver_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

/// y = c x, c² I = AAᵀ as stated by `bound`.
template <class T>
struct Claimed {
  using value_type = T;
  using structure_tag = structure::TightFrame;
  Shape domain() const { return flat_shape(4); }
  Shape range() const { return flat_shape(4); }
  template <Executor Ex>
  void apply(const Ex& ex, std::span<const T> x, std::span<T> y) const {
    axpby(ex, factor, x, T(0), y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    axpby(ex, factor, y, T(0), x);
  }
  T frame_bound() const { return bound; }
  T factor, bound;
};

template <class T>
ChannelSum<T> grey(const Shape& shape) {
  return {shape, {T(0.299f), T(0.587f), T(0.114f)}};
}

}  // namespace

TEMPLATE_TEST_CASE("The tight-frame data step equals the dense one", "", float, double) {
  using T = TestType;
  require_data_step(BoxDownsample<T>(small_shape, 2));
  require_data_step(BoxDownsample<T>({.t = 2, .h = 9, .w = 5, .f = 1}, 4));
  require_data_step(grey<T>(small_shape));
}

TEST_CASE("The tight-frame data step is certified at the papers' sizes") {
  for (const Shape& shape : large_shapes)
    for (Index factor : {2, 4})
      require_certified(BoxDownsample<float>(shape, factor), BoxDownsample<double>(shape, factor));
  require_certified(grey<float>(large_shapes[0]), grey<double>(large_shapes[0]));
}

TEMPLATE_TEST_CASE("A tight-frame data step by hand", "", float, double) {
  using T = TestType;
  // The mean of two entries: AAᵀ = 1/2, so that (AᵀA + I)⁻¹ (3, 1) = (3, 1) − Aᵀ 2 / (3/2) = (7/3, 1/3).
  const ChannelSum<T> mean({.f = 2}, {T(0.5), T(0.5)});
  NormalSolver<ChannelSum<T>> solver(Cpu{}, mean);
  const Buffer<T> b{3, 1}, y{4};
  Buffer<T> z(2);
  solver.solve(Cpu{}, T(1), b.span(), z.span());
  CHECK(relative_error(z, Buffer<double>{7.0 / 3, 1.0 / 3}) < 1e-6);
  solver.pseudo_inverse(Cpu{}, y.span(), z.span());
  CHECK(relative_error(z, Buffer<double>{4, 4}) < 1e-6);
}

TEMPLATE_TEST_CASE("A zero operator is a tight frame too; a negative bound is refused", "", float, double) {
  using T = TestType;
  const Claimed<T> zero{T(0), T(0)};
  NormalSolver<Claimed<T>> solver(Cpu{}, zero);
  const Buffer<T> b{1, 2, 3, 4};
  Buffer<T> z(4);
  solver.solve(Cpu{}, T(0.5), b.span(), z.span());
  for (Index i = 0; i < 4; ++i) CHECK(z[i] == 2 * b[i]);
  solver.pseudo_inverse(Cpu{}, b.span(), z.span());
  for (T v : z) CHECK(v == T(0));

  const Claimed<T> negative{T(1), T(-1)}, absurd{T(1), std::numeric_limits<T>::quiet_NaN()};
  CHECK_THROWS_AS(NormalSolver<Claimed<T>>(Cpu{}, negative), InputError);
  CHECK_THROWS_AS(NormalSolver<Claimed<T>>(Cpu{}, absurd), InputError);
}

}  // namespace tight_frame_solver_test
