// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/block_toeplitz_solver/block_toeplitz_solver.hpp"

#include "support/catch.hpp"
#include "support/dense_solve.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/operators/blur_kernels.hpp"
#include "videoonenet/operators/full_blur/full_blur.hpp"
#include "videoonenet/testing/dense_matrix.hpp"

namespace block_toeplitz_solver_test {

using namespace videoonenet;

namespace {

/// The planes (frame, channel) of a video as columns.
template <class T>
Eigen::MatrixXd planes(const Shape& shape, const Buffer<T>& video) {
  Eigen::MatrixXd columns(shape.h * shape.w, shape.t * shape.f);
  for (Index t = 0; t < shape.t; ++t)
    for (Index i = 0; i < shape.h * shape.w; ++i)
      for (Index f = 0; f < shape.f; ++f)
        columns(i, t * shape.f + f) = double(video[t * shape.frame_size() + i * shape.f + f]);
  return columns;
}

/// A blur, its matrix on one plane, and right-hand sides.
template <class T>
struct Problem {
  Shape shape;
  FullBlur<T> a;
  Eigen::MatrixXd plane_matrix;
  Buffer<T> b, y;

  Problem(const Shape& s, const Tensor<T>& kernel)
      : shape(s),
        a(s, kernel),
        plane_matrix(testing::dense_matrix(FullBlur<T>({.h = s.h, .w = s.w}, kernel))),
        b(s.size()),
        y(Shape(a.range()).size()) {
    Random random(1);
    random.fill_normal(b.span());
    random.fill_normal(y.span());
  }

  double error(const Eigen::MatrixXd& expected, const Buffer<T>& z) const {
    return (planes(shape, z) - expected).norm() / expected.norm();
  }
  double solve_error(T rho, const Buffer<T>& z) const {
    return error(support::dense_normal_solve(plane_matrix, double(rho), planes(shape, b)), z);
  }
  double pseudo_inverse_error(const Buffer<T>& z) const {
    return error(support::dense_least_squares(plane_matrix, planes(a.range(), y)), z);
  }
};

template <class T>
std::vector<Tensor<T>> kernels() {
  Tensor<T> tall(Shape{.h = 5, .w = 2});
  Random random(9);
  for (Index i = 0; i < tall.size(); ++i) tall[i] = static_cast<T>(random.uniform());
  return {disk_kernel<T>(), motion_kernel_published<T>(37), line_kernel<T>(5, 20), gaussian_kernel<T>(3, 0.8), tall};
}

constexpr SolverOptions always_iterate(double tolerance) {
  return {.tolerance = tolerance, .max_iterations = 20000, .memory_budget = 0};
}

template <class T>
constexpr double required = std::is_same_v<T, float> ? 1e-5 : 1e-10;

}  // namespace

TEMPLATE_TEST_CASE("the banded data step equals the dense solve and pseudo-inverse, plane by plane", "", float,
                   double) {
  using T = TestType;
  const std::vector<Shape> shapes = {{.t = 5, .h = 13, .w = 11, .f = 3},
                                     {.t = 9, .h = 14, .w = 14, .f = 1},
                                     {.t = 1, .h = 7, .w = 10, .f = 3},
                                     {.t = 2, .h = 2, .w = 3, .f = 1},
                                     {.t = 17, .h = 1, .w = 5, .f = 3}};
  for (const Shape& shape : shapes)
    for (const Tensor<T>& kernel : kernels<T>()) {
      const Problem<T> p(shape, kernel);
      NormalSolver<FullBlur<T>> solver(Cpu{.threads = 2}, p.a);
      REQUIRE(solver.direct());
      Buffer<T> z(shape.size());
      for (T rho : {T(1e-3), T(0.3), T(10)}) {
        solver.solve(Cpu{.threads = 2}, rho, p.b.span(), z.span());
        CHECK(p.solve_error(rho, z) < required<T>);
        CHECK(std::isnan(solver.report().relative_residual));
      }
      solver.pseudo_inverse(Cpu{}, p.y.span(), z.span());
      CHECK(p.pseudo_inverse_error(z) < required<T>);
      CHECK(solver.report().relative_residual < 1e-12);
      CHECK(solver.memory_bytes() < 10'000'000);
    }
}

TEMPLATE_TEST_CASE("beyond the memory budget, conjugate gradients reach the stated tolerance", "", float, double) {
  using T = TestType;
  for (const Shape& shape : {Shape{.t = 3, .h = 13, .w = 35, .f = 2}, Shape{.t = 1, .h = 2, .w = 3, .f = 1}})
    for (const Tensor<T>& kernel : kernels<T>()) {
      const Problem<T> p(shape, kernel);
      NormalSolver<FullBlur<T>> solver(Cpu{}, p.a, always_iterate(1e-11));
      REQUIRE_FALSE(solver.direct());
      Buffer<T> z(shape.size());
      for (T rho : {T(1e-3), T(0.3), T(10)}) {
        solver.solve(Cpu{}, rho, p.b.span(), z.span());
        CHECK(solver.report().converged);
        CHECK(solver.report().iterations > 0);
        CHECK(solver.report().relative_residual < 2e-11);
        CHECK(p.solve_error(rho, z) < (std::is_same_v<T, float> ? 1e-6 : 1e-8));
      }
      solver.pseudo_inverse(Cpu{}, p.y.span(), z.span());
      CHECK(solver.report().converged);
      CHECK(p.pseudo_inverse_error(z) < 1e-5);
    }
}

TEST_CASE("a warm start saves iterations, and switching it off has an effect") {
  const Problem<double> p({.t = 2, .h = 20, .w = 24, .f = 1}, disk_kernel<double>());
  Buffer<double> exact(p.shape.size());
  NormalSolver<FullBlur<double>>(Cpu{}, p.a).solve(Cpu{}, 0.01, p.b.span(), exact.span());
  int iterations[3];
  for (int k = 0; k < 3; ++k) {
    SolverOptions options = always_iterate(1e-8);
    options.warm_start = k < 2;
    NormalSolver<FullBlur<double>> solver(Cpu{}, p.a, options);
    Buffer<double> z = exact;
    if (k == 1) std::ranges::fill(z, 0.0);
    solver.solve(Cpu{}, 0.01, p.b.span(), z.span());
    iterations[k] = solver.report().iterations;
    for (Index i = 0; i < z.size(); ++i) REQUIRE(z[i] == Approx(exact[i]).margin(1e-5));
  }
  CHECK(iterations[0] == 0);
  CHECK(iterations[1] > 10);
  CHECK(iterations[2] == iterations[1]);
}

TEST_CASE("an iteration limit is kept and told") {
  const Problem<double> p({.t = 1, .h = 20, .w = 24, .f = 1}, disk_kernel<double>());
  SolverOptions options = always_iterate(1e-12);
  options.max_iterations = 5;
  NormalSolver<FullBlur<double>> solver(Cpu{}, p.a, options);
  Buffer<double> z(p.shape.size());
  solver.solve(Cpu{}, 1e-3, p.b.span(), z.span());
  CHECK(solver.report().iterations == 5);
  CHECK_FALSE(solver.report().converged);
  CHECK(solver.report().relative_residual > 1e-6);
}

TEMPLATE_TEST_CASE("threads do not change a bit, frames do not influence each other, zero stays zero", "", float,
                   double) {
  using T = TestType;
  Problem<T> p({.t = 7, .h = 12, .w = 9, .f = 3}, disk_kernel<T>());
  const Index frame = p.shape.frame_size(), measured = Shape(p.a.range()).frame_size(), still = 4;
  std::fill_n(p.b.data() + still * frame, frame, T(0));
  std::fill_n(p.y.data() + still * measured, measured, T(0));
  for (const SolverOptions& options : {SolverOptions{}, always_iterate(1e-6)}) {
    NormalSolver<FullBlur<T>> one(Cpu{.threads = 1}, p.a, options), two(Cpu{.threads = 2}, p.a, options);
    for (bool pseudo_inverse : {false, true}) {
      const auto run = [&](auto& solver, int threads, const Buffer<T>& b, const Buffer<T>& y) {
        Buffer<T> z(p.shape.size());
        if (pseudo_inverse)
          solver.pseudo_inverse(Cpu{threads}, y.span(), z.span());
        else
          solver.solve(Cpu{threads}, T(0.3), b.span(), z.span());
        return z;
      };
      const Buffer<T> z = run(one, 1, p.b, p.y), again = run(two, 2, p.b, p.y);
      CHECK(std::ranges::equal(z, again));
      for (Index i = 0; i < frame; ++i) REQUIRE(z[still * frame + i] == T(0));

      Buffer<T> b = p.b, y = p.y;
      for (Index i = 0; i < frame; ++i) b[i] *= T(1000);
      for (Index i = 0; i < measured; ++i) y[i] *= T(1000);
      const Buffer<T> other = run(one, 1, b, y);
      CHECK(std::equal(z.begin() + frame, z.end(), other.begin() + frame));
      CHECK_FALSE(std::equal(z.begin(), z.begin() + frame, other.begin()));
    }
  }
}

TEST_CASE("not a number in one frame stays there, and the next solve is clean") {
  const Problem<double> p({.t = 3, .h = 5, .w = 7, .f = 1}, disk_kernel<double>());
  NormalSolver<FullBlur<double>> solver(Cpu{}, p.a);
  Buffer<double> z(p.shape.size()), spoiled(p.shape.size()), b = p.b;
  solver.solve(Cpu{}, 0.3, p.b.span(), z.span());
  b[0] = std::numeric_limits<double>::quiet_NaN();
  solver.solve(Cpu{}, 0.3, b.span(), spoiled.span());
  CHECK(std::isnan(spoiled[0]));
  CHECK(std::equal(z.begin() + p.shape.frame_size(), z.end(), spoiled.begin() + p.shape.frame_size()));
  solver.solve(Cpu{}, 0.3, p.b.span(), spoiled.span());
  CHECK(std::ranges::equal(z, spoiled));
}

TEST_CASE("factors of the last few rho are kept, not all, and coming back gives the same bits") {
  const Problem<float> p({.t = 2, .h = 8, .w = 9, .f = 1}, disk_kernel<float>());
  NormalSolver<FullBlur<float>> solver(Cpu{}, p.a);
  Buffer<float> first(p.shape.size()), z(p.shape.size());
  solver.solve(Cpu{}, 0.25f, p.b.span(), first.span());
  const Index one = solver.memory_bytes();
  solver.solve(Cpu{}, 0.5f, p.b.span(), z.span());
  const Index factor = solver.memory_bytes() - one;
  CHECK(factor > 0);
  for (int k = 0; k < 20; ++k) solver.solve(Cpu{}, 1 + float(k), p.b.span(), z.span());
  CHECK(solver.memory_bytes() == one + 3 * factor);
  CHECK_FALSE(std::ranges::equal(first, z));
  solver.solve(Cpu{}, 0.25f, p.b.span(), z.span());
  CHECK(std::ranges::equal(first, z));
}

TEST_CASE("a zero kernel: the data step divides by rho, the pseudo-inverse is zero") {
  for (const SolverOptions& options : {SolverOptions{}, always_iterate(1e-10)}) {
    const Problem<double> p({.t = 2, .h = 4, .w = 5, .f = 1}, Tensor<double>(Shape{.h = 3, .w = 3}));
    NormalSolver<FullBlur<double>> solver(Cpu{}, p.a, options);
    Buffer<double> z(p.shape.size());
    solver.solve(Cpu{}, 0.5, p.b.span(), z.span());
    for (Index i = 0; i < z.size(); ++i) CHECK(z[i] == Approx(2 * p.b[i]).epsilon(1e-14));
    solver.pseudo_inverse(Cpu{}, p.y.span(), z.span());
    for (double v : z) CHECK(v == 0);
  }
}

TEST_CASE("a blur that is singular to double precision still gives a least-squares solution") {
  const Problem<double> p({.t = 1, .h = 24, .w = 24, .f = 1}, gaussian_kernel<double>(11, 2.5));
  NormalSolver<FullBlur<double>> solver(Cpu{}, p.a);
  Buffer<double> x(p.shape.size()), y(p.y.size()), z(p.shape.size());
  Random random(5);
  for (double& v : x) v = random.uniform();
  p.a.apply(Cpu{}, x.span(), y.span());
  solver.pseudo_inverse(Cpu{}, y.span(), z.span());
  CHECK(solver.report().relative_residual < 1e-9);
  Buffer<double> blurred(y.size());
  p.a.apply(Cpu{}, z.span(), blurred.span());
  double difference = 0, norm = 0;
  for (Index i = 0; i < y.size(); ++i) {
    difference += (blurred[i] - y[i]) * (blurred[i] - y[i]);
    norm += y[i] * y[i];
  }
  CHECK(std::sqrt(difference / norm) < 1e-6);
}

TEST_CASE("block-Toeplitz arguments that do not fit are refused in a sentence") {
  const Problem<float> p({.t = 1, .h = 4, .w = 5, .f = 1}, disk_kernel<float>());
  NormalSolver<FullBlur<float>> solver(Cpu{}, p.a);
  Buffer<float> z(p.shape.size()), small(3);
  CHECK_THROWS_AS(solver.solve(Cpu{}, 0.3f, small.span(), z.span()), ShapeError);
  CHECK_THROWS_AS(solver.solve(Cpu{}, 0.f, p.b.span(), z.span()), InputError);
  CHECK_THROWS_AS(solver.pseudo_inverse(Cpu{}, small.span(), z.span()), ShapeError);
}

}  // namespace block_toeplitz_solver_test
