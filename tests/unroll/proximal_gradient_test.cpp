// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/unroll/proximal_gradient.hpp"

#include "support/catch.hpp"
#include "support/count_allocations.hpp"
#include "unroll/problems.hpp"
#include "videoonenet/datastep/block_toeplitz_solver/block_toeplitz_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/operators/blur_kernels.hpp"
#include "videoonenet/operators/full_blur/full_blur.hpp"
#include "videoonenet/proximal/l1/l1.hpp"
#include "videoonenet/unroll/admm.hpp"

namespace proximal_gradient_test {

using namespace problems;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("proximal gradients reach the minimum that dense algebra gives, with momentum in fewer steps") {
  const RidgeProblem problem;
  int iterations[2];
  for (const Momentum momentum : {Momentum::none, Momentum::fista}) {
    Tensor<double> z(problem.a.video);
    const ProximalGradientReport report =
        proximal_gradient(Cpu{}, problem.prior, problem.a, problem.y.span(), z.view(),
                          {.iterations = 5000, .tolerance = 1e-13, .momentum = momentum});
    CAPTURE(static_cast<int>(momentum), report.iterations());
    REQUIRE(report.converged);
    REQUIRE((as_vector(z.flat()) - problem.solution).norm() <= 1e-10 * problem.solution.norm());
    iterations[static_cast<int>(momentum)] = report.iterations();
  }
  CHECK(iterations[1] < iterations[0]);
}

TEST_CASE("a step that is too long is taken back, a short one is kept") {
  const RidgeProblem problem;
  const double safe = 1 / problem.a.matrix.squaredNorm();                           // at most 1/‖A‖²
  const double unsafe = 200 / problem.a.matrix.colwise().squaredNorm().maxCoeff();  // at least 200/‖A‖²
  for (const double step : {unsafe, safe}) {
    Tensor<double> z(problem.a.video);
    const auto report = proximal_gradient(Cpu{}, problem.prior, problem.a, problem.y.span(), z.view(),
                                          {.step = step, .iterations = 5000, .tolerance = 1e-13});
    REQUIRE(report.converged);
    REQUIRE((as_vector(z.flat()) - problem.solution).norm() <= 1e-10 * problem.solution.norm());
    CHECK((report.history.back().step == step) == (step == safe));
  }
}

TEST_CASE("without momentum the objective never grows, and the changes are what they are called") {
  const RidgeProblem problem;
  const auto objective = [&](std::span<const double> z) {
    return (problem.a.matrix * as_vector(z) - as_vector(problem.y.span())).squaredNorm() / 2 +
           problem.prior.lambda / 2 * as_vector(z).squaredNorm();
  };
  Tensor<double> z(problem.a.video);
  std::vector<double> values;
  Eigen::VectorXd previous = problem.a.matrix.transpose() * as_vector(problem.y.span());
  const auto watch = [&](const ProximalGradientChange& c, View<const double> now) {
    values.push_back(objective(now.flat()));
    CHECK(c.iteration == std::ssize(values));
    CHECK(c.change == Approx((as_vector(now.flat()) - previous).norm() / std::sqrt(12.)).epsilon(1e-12));
    previous = as_vector(now.flat());
    return values.size() < 40;
  };
  const auto report = proximal_gradient(Cpu{}, problem.prior, problem.a, problem.y.span(), z.view(),
                                        {.tolerance = 0, .momentum = Momentum::none, .callback = watch});
  REQUIRE(report.iterations() == 40);
  REQUIRE_FALSE(report.converged);
  REQUIRE(as_vector(z.flat()) == previous);
  for (std::size_t i = 1; i < values.size(); ++i) REQUIRE(values[i] <= values[i - 1] * (1 + 1e-14));
}

TEMPLATE_TEST_CASE("an l1 prior inpaints and deblurs to where ADMM converges", "", float, double) {
  using T = TestType;
  const Inpainting<T> problem;
  const L1<T> prior{.lambda = T(0.05)};
  Tensor<T> z(problem.shape);
  REQUIRE(proximal_gradient(Cpu{}, prior, problem.a, problem.y.span(), z.view()).converged);
  for (Index i = 0; i < z.size(); ++i) REQUIRE(std::abs(z[i] - std::max(problem.y[i] - T(0.05), T(0))) <= T(2e-5));

  const Shape video{.t = 3, .h = 9, .w = 8};
  const FullBlur<T> blur(video, disk_kernel<T>());
  Buffer<T> x(video.size()), y(Shape(blur.range()).size());
  Random random(4);
  for (T& v : x) v = static_cast<T>(random.uniform() < 0.3);
  blur.apply(Cpu{}, x.span(), y.span());
  Tensor<T> by_admm(video), by_steps(video);
  admm(Cpu{}, prior, LeastSquares{}, blur, y.span(), by_admm.view(), {.iterations = 5000, .tolerance = T(1e-7)});
  REQUIRE(proximal_gradient(Cpu{.threads = 2}, prior, blur, y.span(), by_steps.view(),
                            {.iterations = 5000, .tolerance = T(1e-7)})
              .converged);
  CHECK((as_vector(by_steps.flat()) - as_vector(by_admm.flat())).template lpNorm<Eigen::Infinity>() < 2e-3);
}

TEST_CASE("the iterations of the proximal gradient method allocate nothing") {
  const Inpainting<float> problem;
  Tensor<float> z(problem.shape);
  long before = -1, after = -2;
  const auto watch = [&](const ProximalGradientChange& c, View<const float>) {
    (c.iteration == 1 ? before : after) = support::allocations;
    return c.iteration < 20;
  };
  proximal_gradient(Cpu{}, L1<float>{.lambda = 0.05f}, problem.a, problem.y.span(), z.view(),
                    {.tolerance = 0, .callback = watch});
  REQUIRE(before == after);
}

TEST_CASE("nothing to see and nothing to do are no special cases") {
  RidgeProblem problem;
  Tensor<double> z(problem.a.video);
  std::ranges::fill(problem.y, 0.0);
  REQUIRE(proximal_gradient(Cpu{}, problem.prior, problem.a, problem.y.span(), z.view()).converged);
  REQUIRE(as_vector(z.flat()).isZero());
  const RidgeProblem other;
  const auto report = proximal_gradient(Cpu{}, other.prior, other.a, other.y.span(), z.view(), {.iterations = 0});
  REQUIRE(report.history.empty());
  REQUIRE(as_vector(z.flat()).isApprox(other.a.matrix.transpose() * as_vector(other.y.span())));
}

TEST_CASE("proximal gradients refuse what does not fit before any work") {
  const RidgeProblem problem;
  Tensor<double> z(problem.a.video), wrong({.h = 2});
  const auto run = [&](const ProximalGradientOptions<double>& o) {
    proximal_gradient(Cpu{}, problem.prior, problem.a, problem.y.span(), z.view(), o);
  };
  REQUIRE_THROWS_WITH(run({.step = -1}), ContainsSubstring("the step is -1"));
  REQUIRE_THROWS_WITH(run({.iterations = -2}), ContainsSubstring("-2 iterations"));
  REQUIRE_THROWS_WITH(run({.tolerance = -1}), ContainsSubstring("the tolerance is -1"));
  REQUIRE_THROWS_AS(proximal_gradient(Cpu{}, problem.prior, problem.a, problem.y.span(), wrong.view()), ShapeError);
  REQUIRE_THROWS_AS(proximal_gradient(Cpu{}, problem.prior, problem.a, problem.y.span().first(3), z.view()),
                    ShapeError);
  Buffer<double> bad = problem.y;
  bad[2] = std::numeric_limits<double>::quiet_NaN();
  REQUIRE_THROWS_AS(proximal_gradient(Cpu{}, problem.prior, problem.a, bad.span(), z.view()), NumericalError);
}

}  // namespace proximal_gradient_test
