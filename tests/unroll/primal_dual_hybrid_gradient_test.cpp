// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/unroll/primal_dual_hybrid_gradient.hpp"

#include "support/catch.hpp"
#include "support/count_allocations.hpp"
#include "unroll/problems.hpp"
#include "videoonenet/datastep/block_toeplitz_solver/block_toeplitz_solver.hpp"
#include "videoonenet/datastep/dense_algebra.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/operators/blur_kernels.hpp"
#include "videoonenet/operators/full_blur/full_blur.hpp"
#include "videoonenet/operators/scale/scale.hpp"
#include "videoonenet/proximal/l1/l1.hpp"
#include "videoonenet/proximal/quadratic/quadratic.hpp"
#include "videoonenet/unroll/admm.hpp"

namespace primal_dual_hybrid_gradient_test {

using namespace problems;
using Catch::Matchers::ContainsSubstring;
using Eigen::VectorXd;

namespace {

/// A sparse video, blurred.
template <class T>
struct Deblurring {
  Shape video{.t = 3, .h = 9, .w = 8};
  FullBlur<T> a{video, disk_kernel<T>()};
  Buffer<T> y{Buffer<T>(Shape(a.range()).size())};

  Deblurring() {
    Buffer<T> x(video.size());
    Random random(4);
    for (T& v : x) v = static_cast<T>(random.uniform() < 0.3);
    a.apply(Cpu{}, x.span(), y.span());
  }
};

/// ‖A‖, by an eigensolver that is compiled once for all tests.
double operator_norm(const Eigen::MatrixXd& a) {
  return std::sqrt(symmetric_eigen<double>(a * a.transpose()).values.maxCoeff());
}

double rms(const VectorXd& v) { return v.norm() / std::sqrt(double(v.size())); }

/// The method by dense algebra, for a RidgeProblem.
struct Reference {
  const RidgeProblem& problem;
  DataTerm data_term;
  double step, root;
  bool grows;
  VectorXd z, p = VectorXd::Zero(5);
  double theta = 1, primal = 0, dual = 0;
  bool moves = true;

  void advance() {
    const Eigen::MatrixXd& a = problem.a.matrix;
    const VectorXd y = as_vector(problem.y.span());
    const double before = step, tau = root * step, lambda = problem.prior.lambda;
    const VectorXd next_z = (z - tau * a.transpose() * p) / (1 + tau * lambda);
    if (grows && moves) step *= 1 + 0.05 * (std::sqrt(1 + theta) - 1);
    for (;; step *= 0.8) {
      theta = step / before;
      const double sigma = step / root;
      const VectorXd q = p + sigma * a * (next_z + theta * (next_z - z)), shifted = q - sigma * y;
      VectorXd next_p = shifted.cwiseMax(-1).cwiseMin(1);
      if (data_term == DataTerm::squared_error) next_p = shifted / (1 + sigma);
      if (step * (a.transpose() * (next_p - p)).norm() > std::sqrt(0.99) * (next_p - p).norm()) continue;
      const VectorXd r = data_term == DataTerm::squared_error ? VectorXd(y + next_p) : VectorXd((q - next_p) / sigma);
      primal = tau * rms(lambda * next_z + a.transpose() * next_p);
      dual = step * rms(r - a * next_z);
      moves = (next_p - p).norm() > 1e-13 * next_p.norm();
      z = next_z;
      p = next_p;
      return;
    }
  }
};

}  // namespace

TEST_CASE("primal-dual hybrid gradients reach the minimum that dense algebra gives") {
  const RidgeProblem problem;
  const double norm = operator_norm(problem.a.matrix);
  for (const double ratio : {0.0, 0.1, 1.0})
    for (const double step : {0.0, 0.9 / norm, 100 / norm}) {
      Tensor<double> z(problem.a.video);
      const PrimalDualReport report =
          primal_dual_hybrid_gradient(Cpu{}, problem.prior, problem.a, problem.y.span(), z.view(),
                                      {.step = step, .ratio = ratio, .iterations = 5000, .tolerance = 1e-13});
      CAPTURE(ratio, step, report.iterations());
      REQUIRE(report.converged);
      REQUIRE((as_vector(z.flat()) - problem.solution).norm() <= 1e-10 * problem.solution.norm());
    }
}

TEST_CASE("iterates, steps and residuals are those of the line search of Malitsky and Pock") {
  const RidgeProblem problem;
  const Eigen::MatrixXd& a = problem.a.matrix;
  const VectorXd aty = a.transpose() * as_vector(problem.y.span());
  const double longest = aty.norm() / (a * aty).norm(), unsafe = 20 / operator_norm(a);
  const auto check = [&](const PrimalDualOptions<double>& given, double root) {
    const bool grows = given.step == 0;
    Reference expected{problem, given.data_term, grows ? longest : given.step, root, grows, longest * longest * aty};
    PrimalDualOptions<double> options = given;
    options.iterations = 30;
    options.tolerance = 0;
    options.callback = [&](const PrimalDualResiduals& r, View<const double> z) {
      expected.advance();
      CAPTURE(r.iteration, root, given.step);
      CHECK((as_vector(z.flat()) - expected.z).norm() <= 1e-12 * expected.z.norm());
      CHECK(r.step == Approx(expected.step).epsilon(1e-12));
      CHECK(r.primal == Approx(expected.primal).epsilon(1e-8));
      CHECK(r.dual == Approx(expected.dual).epsilon(1e-8));
      return true;
    };
    Tensor<double> z(problem.a.video);
    const auto report =
        primal_dual_hybrid_gradient(Cpu{}, problem.prior, problem.a, problem.y.span(), z.view(), options);
    REQUIRE((report.iterations() == 30 && !report.converged));
    CHECK((as_vector(z.flat()) - expected.z).norm() <= 1e-12 * expected.z.norm());
  };
  check({}, longest * std::sqrt(10.));
  check({.ratio = 4}, 2);
  check({.step = unsafe}, unsafe * std::sqrt(10.));
  check({.step = 0.5 / operator_norm(a), .ratio = 0.25}, 0.5);
  check({.data_term = DataTerm::absolute_error}, 0.1);
  check({.data_term = DataTerm::absolute_error, .step = unsafe, .ratio = 0.25}, 0.5);
}

TEST_CASE("a step of the user's is kept, or taken back for good where it is too long") {
  const RidgeProblem problem;
  const double norm = operator_norm(problem.a.matrix);
  const auto last_step = [&](double step) {
    Tensor<double> z(problem.a.video);
    const auto report = primal_dual_hybrid_gradient(Cpu{}, problem.prior, problem.a, problem.y.span(), z.view(),
                                                    {.step = step, .iterations = 200, .tolerance = 0});
    for (std::size_t i = 1; i < 200; ++i) CHECK(report.history[i].step <= report.history[i - 1].step);
    return report.history.back().step;
  };
  CHECK(last_step(0.99 / norm) == 0.99 / norm);
  CHECK(last_step(1e-3 / norm) == 1e-3 / norm);
  CHECK(last_step(20 / norm) < 2 / norm);
  CHECK(last_step(20 / norm) > 0.7 / norm);

  const Inpainting<double> inpainting;  // all singular values are 0 or 1: the norm is what every change shows
  for (const double step : {0.0, 0.5, 50.0}) {
    Tensor<double> z(inpainting.shape);
    const auto report =
        primal_dual_hybrid_gradient(Cpu{}, L1<double>{.lambda = 0.05}, inpainting.a, inpainting.y.span(), z.view(),
                                    {.step = step, .iterations = 20, .tolerance = 0});
    for (const PrimalDualResiduals& r : report.history) CHECK(r.step < 1);
    CHECK(report.history.back().step >= 0.5);
  }
}

TEST_CASE("they stop when both residuals have fallen below the tolerance") {
  const RidgeProblem problem;
  Tensor<double> z(problem.a.video);
  constexpr double tolerance = 1e-4;
  int waited_for_primal = 0, waited_for_dual = 0;
  const auto report =
      primal_dual_hybrid_gradient(Cpu{}, problem.prior, problem.a, problem.y.span(), z.view(),
                                  {.data_term = DataTerm::absolute_error, .ratio = 0.1, .tolerance = tolerance});
  REQUIRE(report.converged);
  for (const PrimalDualResiduals& r : report.history) {
    CHECK((r.primal < tolerance && r.dual < tolerance) == (r.iteration == report.iterations()));
    waited_for_primal += r.dual < tolerance && r.primal >= tolerance;
    waited_for_dual += r.primal < tolerance && r.dual >= tolerance;
  }
  CHECK(waited_for_primal > 0);
  CHECK(waited_for_dual > 0);
}

TEMPLATE_TEST_CASE("with an l1 prior they inpaint and deblur to where ADMM converges", "", float, double) {
  using T = TestType;
  const Inpainting<T> problem;
  const L1<T> prior{.lambda = T(0.05)};
  Tensor<T> z(problem.shape);
  REQUIRE(primal_dual_hybrid_gradient(Cpu{}, prior, problem.a, problem.y.span(), z.view()).converged);
  for (Index i = 0; i < z.size(); ++i) REQUIRE(std::abs(z[i] - std::max(problem.y[i] - T(0.05), T(0))) <= T(2e-5));

  const Deblurring<T> blurred;
  Tensor<T> by_admm(blurred.video), by_steps(blurred.video);
  admm(Cpu{}, prior, LeastSquares{}, blurred.a, blurred.y.span(), by_admm.view(),
       {.iterations = 5000, .tolerance = T(1e-7)});
  REQUIRE(primal_dual_hybrid_gradient(Cpu{.threads = 2}, prior, blurred.a, blurred.y.span(), by_steps.view(),
                                      {.iterations = 5000, .tolerance = T(1e-7)})
              .converged);
  CHECK((as_vector(by_steps.flat()) - as_vector(by_admm.flat())).template lpNorm<Eigen::Infinity>() < 2e-3);
}

TEST_CASE("an operator in other units takes the same iterations") {
  using T = double;
  const Deblurring<T> problem;
  const T factor = 16;  // a power of two, so that rounding is the same
  const Scale<FullBlur<T>> a(problem.a, factor);
  Buffer<T> y(problem.y);
  for (T& v : y) v *= factor;
  Tensor<T> plain(problem.video), scaled(problem.video);
  const auto run = [&](const auto& op, const Buffer<T>& measured, T lambda, Tensor<T>& z) {
    return primal_dual_hybrid_gradient(Cpu{}, L1<T>{.lambda = lambda}, op, measured.span(), z.view());
  };
  const auto expected = run(problem.a, problem.y, T(0.05), plain);
  const auto report = run(a, y, factor * factor * T(0.05), scaled);
  CHECK(expected.converged);
  CHECK(report.iterations() == expected.iterations());
  CHECK(as_vector(scaled.flat()) == as_vector(plain.flat()));
}

TEST_CASE("primal-dual hybrid gradients are the same for every number of threads") {
  const Inpainting<float> problem({.t = 12, .h = 80, .w = 75});  // enough for the threads of a pass
  for (const DataTerm data_term : {DataTerm::squared_error, DataTerm::absolute_error}) {
    Tensor<float> z[3] = {Tensor<float>(problem.shape), Tensor<float>(problem.shape), Tensor<float>(problem.shape)};
    PrimalDualReport report[3];
    for (int i = 0; i < 3; ++i)
      report[i] =
          primal_dual_hybrid_gradient(Cpu{.threads = i + 1}, L1<float>{.lambda = 0.05f}, problem.a, problem.y.span(),
                                      z[i].view(), {.data_term = data_term, .iterations = 12, .tolerance = 0});
    for (int i = 1; i < 3; ++i) {
      CHECK(as_vector(z[i].flat()) == as_vector(z[0].flat()));
      CHECK(report[i].history.back().primal == report[0].history.back().primal);
      CHECK(report[i].history.back().dual == report[0].history.back().dual);
    }
  }
}

TEST_CASE("the iterations of primal-dual hybrid gradients allocate nothing") {
  const Inpainting<float> problem;
  Tensor<float> z(problem.shape);
  for (const DataTerm data_term : {DataTerm::squared_error, DataTerm::absolute_error}) {
    long before = -1, after = -2;
    const auto watch = [&](const PrimalDualResiduals& r, View<const float>) {
      (r.iteration == 1 ? before : after) = support::allocations;
      return r.iteration < 20;
    };
    const auto report =
        primal_dual_hybrid_gradient(Cpu{}, L1<float>{.lambda = 0.05f}, problem.a, problem.y.span(), z.view(),
                                    {.data_term = data_term, .tolerance = 0, .callback = watch});
    REQUIRE(report.iterations() == 20);
    REQUIRE(before == after);
  }
}

TEST_CASE("zero measurements and no iterations are primal-dual problems as well") {
  RidgeProblem problem;
  Tensor<double> z(problem.a.video);
  std::ranges::fill(problem.y, 0.0);
  for (const DataTerm data_term : {DataTerm::squared_error, DataTerm::absolute_error}) {
    std::ranges::fill(z.flat(), 1.0);
    REQUIRE(primal_dual_hybrid_gradient(Cpu{}, problem.prior, problem.a, problem.y.span(), z.view(),
                                        {.data_term = data_term})
                .converged);
    REQUIRE(as_vector(z.flat()).isZero(0));
  }
  const RidgeProblem other;
  const auto report =
      primal_dual_hybrid_gradient(Cpu{}, other.prior, other.a, other.y.span(), z.view(), {.iterations = 0});
  REQUIRE((report.history.empty() && !report.converged));
  const VectorXd aty = other.a.matrix.transpose() * as_vector(other.y.span());
  const double closest = as_vector(other.y.span()).dot(other.a.matrix * aty) / (other.a.matrix * aty).squaredNorm();
  REQUIRE(as_vector(z.flat()).isApprox(closest * aty));

  // A measurement that A cannot see leaves the prior's own minimum.
  const Mask<double> blind({.w = 3}, Buffer<double>(3));
  Buffer<double> y(3), c(3);
  std::ranges::fill(y, 1.0);
  std::ranges::fill(c, 0.7);
  Tensor<double> at_centre(Shape{.w = 3});
  REQUIRE(
      primal_dual_hybrid_gradient(Cpu{}, Quadratic<double>{.lambda = 1, .centre = c}, blind, y.span(), at_centre.view())
          .converged);
  for (const double v : at_centre.flat()) CHECK(v == Approx(0.7).epsilon(1e-5));
}

TEST_CASE("primal-dual hybrid gradients refuse what does not fit before any work") {
  const RidgeProblem problem;
  Tensor<double> z(problem.a.video), wrong({.h = 2});
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const auto run = [&](const PrimalDualOptions<double>& o) {
    primal_dual_hybrid_gradient(Cpu{}, problem.prior, problem.a, problem.y.span(), z.view(), o);
  };
  REQUIRE_THROWS_WITH(run({.step = -1}),
                      "primal_dual_hybrid_gradient: the step is -1, expected a positive number or zero");
  REQUIRE_THROWS_WITH(run({.step = nan}), ContainsSubstring("the step is nan"));
  REQUIRE_THROWS_WITH(run({.ratio = -2}), ContainsSubstring("the ratio is -2"));
  REQUIRE_THROWS_WITH(run({.ratio = inf}), ContainsSubstring("the ratio is inf"));
  REQUIRE_THROWS_WITH(run({.iterations = -2}), ContainsSubstring("-2 iterations"));
  REQUIRE_THROWS_WITH(run({.tolerance = -1}), ContainsSubstring("the tolerance is -1"));
  const auto measured = problem.y.span();
  REQUIRE_THROWS_AS(primal_dual_hybrid_gradient(Cpu{}, problem.prior, problem.a, measured, wrong.view()), ShapeError);
  REQUIRE_THROWS_AS(primal_dual_hybrid_gradient(Cpu{}, problem.prior, problem.a, measured.first(3), z.view()),
                    ShapeError);
  for (const double value : {nan, inf})
    for (const DataTerm data_term : {DataTerm::squared_error, DataTerm::absolute_error}) {
      Buffer<double> bad = problem.y;
      bad[2] = value;
      REQUIRE_THROWS_AS(
          primal_dual_hybrid_gradient(Cpu{}, problem.prior, problem.a, bad.span(), z.view(), {.data_term = data_term}),
          NumericalError);
    }
}

}  // namespace primal_dual_hybrid_gradient_test
