// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/unroll/admm.hpp"

#include <limits>

#include "support/catch.hpp"
#include "unroll/problems.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/proximal/l1/l1.hpp"

namespace admm_test {

using namespace problems;

namespace {

template <class T>
struct Run {
  Tensor<T> z;
  AdmmReport report;
};

/// Inpaints with an ℓ1 prior.
template <class T>
Run<T> inpaint(const Inpainting<T>& problem, const AdmmOptions<T>& options, const Cpu& ex = {}) {
  Run<T> run{Tensor<T>(problem.shape), {}};
  run.report = admm(ex, L1<T>{.lambda = T(0.05)}, LeastSquares{}, problem.a, problem.y.span(), run.z.view(), options);
  return run;
}

template <class T>
bool same_bits(std::span<const T> a, std::span<const T> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace

TEST_CASE("ADMM reaches the minimum that dense algebra gives") {
  const RidgeProblem problem;
  for (double rho : {0.3, 1.0, 5.0}) {
    Tensor<double> z(problem.a.video);
    const AdmmReport report = admm(Cpu{}, problem.prior, MatrixStep{}, problem.a, problem.y.span(), z.view(),
                                   {.rho = rho, .iterations = 2000, .tolerance = 1e-13});
    CAPTURE(rho, report.iterations());
    REQUIRE(report.converged);
    REQUIRE((as_vector(z.flat()) - problem.solution).norm() <= 1e-9 * problem.solution.norm());
  }
}

TEMPLATE_TEST_CASE("inpainting with an l1 prior converges to soft thresholding of what was kept", "", float, double) {
  using T = TestType;
  const Inpainting<T> problem;
  const Run<T> run = inpaint<T>(problem, {.rho = T(0.3), .iterations = 1000});
  REQUIRE(run.report.converged);
  for (Index i = 0; i < run.z.size(); ++i)
    REQUIRE(std::abs(run.z[i] - std::max(problem.y[i] - T(0.05), T(0))) <= T(2e-5));
}

TEST_CASE("the residuals are what they are called, and together never grow") {
  const Inpainting<double> problem;
  const auto run = inpaint<double>(problem, {.rho = 0.5, .iterations = 20, .tolerance = 0});
  REQUIRE(run.report.iterations() == 20);
  REQUIRE_FALSE(run.report.converged);
  double previous = std::numeric_limits<double>::infinity();
  for (int k = 1; k <= 20; ++k) {
    const AdmmResiduals& r = run.report.history[static_cast<std::size_t>(k - 1)];
    REQUIRE(r.iteration == k);
    const auto now = inpaint<double>(problem, {.rho = 0.5, .iterations = k, .tolerance = 0});
    const auto before = inpaint<double>(problem, {.rho = 0.5, .iterations = k - 1, .tolerance = 0});
    const double step = (as_vector(now.z.flat()) - as_vector(before.z.flat())).norm() / std::sqrt(now.z.size());
    REQUIRE(r.dual == Approx(0.5 * step).epsilon(1e-12));
    // ‖Δu‖² + ‖Δz‖² does not increase (He and Yuan 2015), and Δu = x − z.
    const double both = r.primal * r.primal + step * step;
    REQUIRE(both <= previous * (1 + 1e-12));
    previous = both;
  }
  REQUIRE(run.report.history.back().primal < 1e-2 * run.report.history.front().primal);
}

TEST_CASE("ADMM stops at the first iteration whose primal residual is below the tolerance") {
  const Inpainting<double> problem;
  const auto run = inpaint<double>(problem, {.rho = 0.3, .iterations = 1000, .tolerance = 1e-4});
  REQUIRE(run.report.converged);
  REQUIRE(run.report.iterations() < 1000);
  for (const AdmmResiduals& r : run.report.history)
    REQUIRE((r.primal < 1e-4) == (r.iteration == run.report.iterations()));
}

TEST_CASE("the callback sees every iteration and its z, and can stop") {
  const Inpainting<double> problem;
  std::vector<int> seen;
  Buffer<double> last(problem.shape.size());
  AdmmOptions<double> options{.rho = 0.3, .tolerance = 0};
  options.callback = [&](const AdmmResiduals& r, View<const double> z) {
    seen.push_back(r.iteration);
    std::ranges::copy(z.flat(), last.begin());
    return r.iteration < 4;
  };
  const auto run = inpaint<double>(problem, options);
  REQUIRE(seen == std::vector<int>{1, 2, 3, 4});
  REQUIRE(run.report.iterations() == 4);
  REQUIRE_FALSE(run.report.converged);
  REQUIRE(same_bits<double>(run.z.flat(), last.span()));
}

TEST_CASE("over-relaxation changes the path and not the limit") {
  const Inpainting<double> problem;
  AdmmOptions<double> options{.rho = 0.3, .iterations = 5, .tolerance = 0};
  const auto plain = inpaint(problem, options);
  for (double relaxation : {0.5, 1.6}) {
    options.relaxation = relaxation;
    options.iterations = 5;
    REQUIRE_FALSE(same_bits<double>(inpaint(problem, options).z.flat(), plain.z.flat()));
    options.iterations = 2000;
    const auto limit = inpaint(problem, options);
    for (Index i = 0; i < limit.z.size(); ++i)
      REQUIRE(std::abs(limit.z[i] - std::max(problem.y[i] - 0.05, 0.0)) <= 1e-9);
  }
}

TEST_CASE("every option has an effect") {
  const Inpainting<float> problem;
  const AdmmOptions<float> base{.rho = 0.3f, .iterations = 5, .tolerance = 0};
  const auto reference = inpaint(problem, base);
  AdmmOptions<float> other = base;
  other.rho = 0.4f;
  REQUIRE_FALSE(same_bits<float>(inpaint(problem, other).z.flat(), reference.z.flat()));
  other = base;
  other.iterations = 6;
  REQUIRE_FALSE(same_bits<float>(inpaint(problem, other).z.flat(), reference.z.flat()));
}

TEST_CASE("the result may be the memory of the measurement") {
  const Inpainting<float> problem;
  const AdmmOptions<float> options{.rho = 0.3f, .iterations = 9, .tolerance = 0};
  const auto apart = inpaint(problem, options);
  Tensor<float> both(problem.shape, problem.y.span());
  admm(Cpu{}, L1<float>{.lambda = 0.05f}, LeastSquares{}, problem.a, both.flat(), both.view(), options);
  REQUIRE(same_bits<float>(both.flat(), apart.z.flat()));
}

TEMPLATE_TEST_CASE("videos of a batch do not influence each other, to the bit", "", float, double) {
  using T = TestType;
  const Inpainting<T> problem;
  const AdmmOptions<T> options{.rho = T(0.3), .iterations = 9, .tolerance = 0};
  const auto together = inpaint<T>(problem, options);
  const Index size = problem.shape.sample_size();
  for (Index n = 0; n < 3; ++n) {
    const auto from = static_cast<std::size_t>(n * size), count = static_cast<std::size_t>(size);
    const Mask<T> a(problem.shape.sample(), Buffer<T>(problem.a.mask().subspan(from, count)));
    Tensor<T> alone(Shape(problem.shape.sample()));
    admm(Cpu{}, L1<T>{.lambda = T(0.05)}, LeastSquares{}, a, problem.y.span().subspan(from, count), alone.view(),
         options);
    REQUIRE(same_bits<T>(alone.flat(), together.z.flat().subspan(from, count)));
  }
}

TEMPLATE_TEST_CASE("the number of threads changes no bit", "", float, double) {
  using T = TestType;
  const Inpainting<T> problem({.n = 2, .t = 3, .h = 60, .w = 61, .f = 3});  // several blocks of a reduction
  const auto one = inpaint<T>(problem, {});
  for (int threads : {2, 5}) {
    const auto several = inpaint<T>(problem, {}, Cpu{.threads = threads});
    REQUIRE(same_bits<T>(several.z.flat(), one.z.flat()));
    REQUIRE(several.report.iterations() == one.report.iterations());
    REQUIRE(several.report.history.back().primal == one.report.history.back().primal);
  }
}

TEST_CASE("no iterations return the start, pinv(A) y") {
  const Inpainting<double> problem;
  const auto run = inpaint<double>(problem, {.iterations = 0});
  REQUIRE(run.report.history.empty());
  REQUIRE_FALSE(run.report.converged);
  REQUIRE(same_bits<double>(run.z.flat(), problem.y.span()));  // zero fill
}

TEST_CASE("a zero measurement is restored as zero") {
  Inpainting<double> problem;
  std::ranges::fill(problem.y, 0);
  const auto run = inpaint<double>(problem, {});
  REQUIRE(run.report.converged);
  for (Index i = 0; i < run.z.size(); ++i) REQUIRE(run.z[i] == 0);
}

TEST_CASE("a measurement that is not finite stops the iteration with the iteration's number") {
  for (double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    Inpainting<double> problem;
    problem.y[5] = bad;
    REQUIRE_THROWS_AS(inpaint<double>(problem, {}), NumericalError);
    REQUIRE_THROWS_WITH(inpaint<double>(problem, {}), "admm: the iterates are not finite after iteration 1");
  }
}

TEST_CASE("unusable options are refused in a sentence") {
  const Inpainting<double> problem;
  for (double rho : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()})
    REQUIRE_THROWS_AS(inpaint<double>(problem, {.rho = rho}), InputError);
  for (double relaxation : {0.0, 2.0, -1.0, std::nan("")})
    REQUIRE_THROWS_AS(inpaint<double>(problem, {.relaxation = relaxation}), InputError);
  REQUIRE_THROWS_WITH(inpaint<double>(problem, {.rho = -1}), "admm: rho is -1, expected a positive number");
  REQUIRE_THROWS_WITH(inpaint<double>(problem, {.iterations = -3}),
                      "admm: -3 iterations were asked for, expected none or more");
  REQUIRE_THROWS_AS(inpaint<double>(problem, {.tolerance = -1e-3}), InputError);
  REQUIRE_THROWS_AS(inpaint<double>(problem, {.tolerance = std::nan("")}), InputError);
}

TEST_CASE("measurements and results of a wrong shape are refused") {
  const Inpainting<double> problem;
  Tensor<double> z(problem.shape), flat(flat_shape(problem.shape.size()));
  const L1<double> prior;
  REQUIRE_THROWS_AS(admm(Cpu{}, prior, LeastSquares{}, problem.a, problem.y.span(), flat.view()), ShapeError);
  REQUIRE_THROWS_AS(admm(Cpu{}, prior, LeastSquares{}, problem.a, problem.y.span().first(5), z.view()), ShapeError);
}

}  // namespace admm_test
