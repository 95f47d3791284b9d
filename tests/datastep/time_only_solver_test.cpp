// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/time_only_solver/time_only_solver.hpp"

#include "support/data_step_checks.hpp"
#include "videoonenet/operators/temporal_blur/temporal_blur.hpp"

namespace time_only_solver_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

template <class T>
Buffer<T> quarter_taps() {
  return {T(0.25), T(0.25), T(0.25), T(0.25)};
}

/// Any matrix over the frames, batches included.
template <class T>
struct FrameMixer {
  using value_type = T;
  using structure_tag = structure::TimeOnly;
  Shape domain() const { return {.n = 2, .t = matrix.cols, .h = 2, .w = 3, .f = 2}; }
  Shape range() const { return {.n = 2, .t = matrix.rows, .h = 2, .w = 3, .f = 2}; }
  template <Executor Ex>
  void apply(const Ex&, std::span<const T> x, std::span<T> y) const {
    mix(x, y, matrix.rows, matrix.cols, [this](Index i, Index j) { return matrix(i, j); });
  }
  template <Executor Ex>
  void apply_adjoint(const Ex&, std::span<const T> y, std::span<T> x) const {
    mix(y, x, matrix.cols, matrix.rows, [this](Index i, Index j) { return matrix(j, i); });
  }
  static void mix(std::span<const T> x, std::span<T> y, Index rows, Index cols, auto entry) {
    for (Index n = 0; n < 2; ++n)
      for (Index i = 0; i < rows; ++i)
        for (Index p = 0; p < 12; ++p) {
          double sum = 0;
          for (Index j = 0; j < cols; ++j)
            sum += double(entry(i, j)) * double(x[static_cast<std::size_t>((n * cols + j) * 12 + p)]);
          y[static_cast<std::size_t>((n * rows + i) * 12 + p)] = static_cast<T>(sum);
        }
  }
  TimeMatrix<T> time_matrix() const { return matrix; }
  TimeMatrix<T> matrix;
};

}  // namespace

TEMPLATE_TEST_CASE("The time-only data step equals the dense one", "", float, double) {
  using T = TestType;
  require_data_step(TemporalBlur<T>(small_shape, quarter_taps<T>()));
  require_data_step(TemporalBlur<T>({.t = 1, .h = 3, .w = 2}, quarter_taps<T>()));
}

TEST_CASE("The time-only data step is certified at the papers' sizes") {
  for (const Shape& shape : large_shapes)
    require_certified(TemporalBlur<float>(shape, quarter_taps<float>()),
                      TemporalBlur<double>(shape, quarter_taps<double>()));
}

TEMPLATE_TEST_CASE("Batches, and matrices without full rank, have an exact data step of minimum norm", "", float,
                   double) {
  using T = TestType;
  require_data_step(FrameMixer<T>{{3, 2, {1, 2, 2, 4, -1, -2}}});         // rank 1
  require_data_step(FrameMixer<T>{{2, 4, {1, 0, 2, -1, 3, 1, 0, 2}}});    // wide
  require_data_step(FrameMixer<T>{{3, 3, {1, 1, 0, 0, 1, 1, 1, 2, 1}}});  // rank 2
}

TEMPLATE_TEST_CASE("A time-only data step by hand", "", float, double) {
  using T = TestType;
  // C = (1 1) for two frames: CᵀC + I = (2 1; 1 2), whose inverse is (2 −1; −1 2)/3, and pinv(C) = (1/2; 1/2).
  const FrameMixer<T> sum{{1, 2, {1, 1}}};
  NormalSolver<FrameMixer<T>> solver(Cpu{}, sum);
  Buffer<T> b(48), y(24), z(48);
  std::fill(b.begin(), b.end(), T(3));
  std::fill(y.begin(), y.end(), T(4));
  solver.solve(Cpu{}, T(1), b.span(), z.span());
  for (T v : z) CHECK(std::abs(v - T(1)) < T(1e-6));
  solver.pseudo_inverse(Cpu{}, y.span(), z.span());
  for (T v : z) CHECK(std::abs(v - T(2)) < T(1e-6));
}

TEMPLATE_TEST_CASE("A time matrix of another shape is refused", "", float, double) {
  struct Wrong : FrameMixer<TestType> {
    TimeMatrix<TestType> time_matrix() const { return {1, 2, {1, 2}}; }
  };
  const Wrong wrong{{{3, 2, {1, 2, 2, 4, -1, -2}}}};
  CHECK_THROWS_AS(NormalSolver<Wrong>(Cpu{}, wrong), ShapeError);
}

}  // namespace time_only_solver_test
