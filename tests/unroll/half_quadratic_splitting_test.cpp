// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/unroll/half_quadratic_splitting.hpp"

#include "support/catch.hpp"
#include "unroll/problems.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/proximal/l1/l1.hpp"

namespace half_quadratic_splitting_test {

using namespace problems;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("under one penalty the minimum is that with the prior's Moreau envelope") {
  const RidgeProblem problem;
  const double lambda = problem.prior.lambda;
  for (const double rho : {0.3, 2.0, 50.0}) {
    Tensor<double> z(problem.a.video);
    half_quadratic_splitting(Cpu{}, problem.prior, MatrixStep{}, problem.a, problem.y.span(), z.view(),
                             {.first_rho = rho, .last_rho = rho, .iterations = 4000});
    const Eigen::MatrixXd& a = problem.a.matrix;
    const Eigen::MatrixXd normal =
        a.transpose() * a + rho * lambda / (rho + lambda) * Eigen::MatrixXd::Identity(a.cols(), a.cols());
    const Eigen::VectorXd expected = support::dense_solve(normal, a.transpose() * as_vector(problem.y.span()));
    CHECK((as_vector(z.flat()) - expected).norm() <= 1e-9 * expected.norm());
  }
}

TEST_CASE("a growing penalty brings both halves together, near the minimum itself") {
  const RidgeProblem problem;
  Tensor<double> z(problem.a.video);
  std::vector<double> seen;
  const AdmmReport report =
      half_quadratic_splitting(Cpu{}, problem.prior, MatrixStep{}, problem.a, problem.y.span(), z.view(),
                               {.first_rho = 0.01,
                                .last_rho = 1e3,
                                .iterations = 3000,
                                .callback = [&](const AdmmResiduals& r, View<const double>) {
                                  seen.push_back(r.primal);
                                  return true;
                                }});
  REQUIRE(report.iterations() == 3000);
  REQUIRE(std::ssize(seen) == 3000);
  CHECK(seen.back() < 1e-3 * seen[10]);
  CHECK((as_vector(z.flat()) - problem.solution).norm() <= 2e-2 * problem.solution.norm());
}

TEST_CASE("one iteration is one of ADMM from u = 0, under the last penalty") {
  const Inpainting<double> problem;
  const L1<double> prior{.lambda = 0.05};
  Tensor<double> by_admm(problem.shape), z(problem.shape);
  const AdmmReport expected =
      admm(Cpu{}, prior, LeastSquares{}, problem.a, problem.y.span(), by_admm.view(), {.rho = 0.7, .iterations = 1});
  const AdmmReport report = half_quadratic_splitting(Cpu{}, prior, LeastSquares{}, problem.a, problem.y.span(),
                                                     z.view(), {.first_rho = 0.1, .last_rho = 0.7, .iterations = 1});
  REQUIRE(as_vector(z.flat()) == as_vector(by_admm.flat()));
  REQUIRE(report.history[0].primal == expected.history[0].primal);
  REQUIRE(report.history[0].dual == expected.history[0].dual);
}

TEST_CASE("the penalty grows in equal ratios, and a callback stops") {
  const Inpainting<double> problem;
  const L1<double> prior{.lambda = 0.05};
  // On entries that were kept z = (y + ρx)/(1 + ρ) with x = prox(previous z): the ρ of every iteration can be read off.
  Index kept = 0;
  while (!(problem.y[kept] > 0.5)) ++kept;
  double previous = problem.y[kept];
  std::vector<double> rhos;
  Tensor<double> z(problem.shape);
  const auto watch = [&](const AdmmResiduals&, View<const double> now) {
    const double y = problem.y[kept], next = now.data[kept], rho = 0.02 * std::pow(4, double(rhos.size()));
    const double x = std::max(previous - 0.05 / rho, 0.0);
    CHECK(next == Approx((y + rho * x) / (1 + rho)).epsilon(1e-12));
    previous = next;
    rhos.push_back(rho);
    return rhos.size() < 3;
  };
  half_quadratic_splitting(Cpu{}, prior, LeastSquares{}, problem.a, problem.y.span(), z.view(),
                           {.first_rho = 0.02, .last_rho = 0.02 * 256, .iterations = 5, .callback = watch});
  REQUIRE(rhos.size() == 3);
  REQUIRE(z[kept] == previous);
}

TEST_CASE("half-quadratic splitting refuses what does not fit") {
  const RidgeProblem problem;
  Tensor<double> z(problem.a.video), wrong({.h = 2});
  const auto run = [&](View<double> to, const HalfQuadraticOptions<double>& o) {
    half_quadratic_splitting(Cpu{}, problem.prior, MatrixStep{}, problem.a, problem.y.span(), to, o);
  };
  REQUIRE_THROWS_WITH(run(z.view(), {.first_rho = 0}), ContainsSubstring("rho is 0"));
  REQUIRE_THROWS_WITH(run(z.view(), {.last_rho = -1}), ContainsSubstring("rho is -1"));
  REQUIRE_THROWS_WITH(run(z.view(), {.iterations = -1}), ContainsSubstring("-1 iterations"));
  REQUIRE_THROWS_AS(run(wrong.view(), {}), ShapeError);
}

}  // namespace half_quadratic_splitting_test
