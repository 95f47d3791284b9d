// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/unroll/admm_solver.hpp"

#include "support/catch.hpp"
#include "unroll/problems.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/proximal/l1/l1.hpp"
#include "videoonenet/proximal/total_variation/total_variation.hpp"

namespace admm_solver_test {

using namespace problems;

namespace {

AdmmOptions<double> options(int iterations, double tolerance = 0) {
  return {.rho = 0.4, .iterations = iterations, .tolerance = tolerance, .relaxation = 1.3};
}

/// What is left after so many calls of iterate.
struct Run {
  std::vector<double> z;
  AdmmReport report;
};

template <class Solver>
Run iterated(const Solver& solver, int times = 1) {
  const Inpainting<double> problem;
  auto planned = plan(Cpu{}, [&](auto& m) { return solver.make_cache(m, problem.shape); });
  auto bound = solver.bind(Cpu{}, problem.a, std::span<const double>(problem.y.span()));
  solver.start(Cpu{}, {}, bound, planned.cache);
  for (int i = 0; i < times; ++i) solver.iterate(Cpu{}, {}, bound, planned.cache);
  const auto z = Solver::state(planned.cache).z.flat();
  return {{z.begin(), z.end()}, planned.cache.report};
}

}  // namespace

TEST_CASE("start and iterate are admm, bit for bit") {
  const Inpainting<double> problem;
  const auto same = [&](const auto& prior, const AdmmOptions<double>& o) {
    Tensor<double> z(problem.shape);
    const AdmmReport report = admm(Cpu{}, prior, LeastSquares{}, problem.a, problem.y.span(), z.view(), o);
    const Run run = iterated(AdmmSolver{prior, LeastSquares{}, o});
    REQUIRE(run.report.iterations() == report.iterations());
    REQUIRE(run.report.converged == report.converged);
    REQUIRE(run.report.history.back().primal == report.history.back().primal);
    REQUIRE(std::ranges::equal(run.z, z.flat()));
  };
  same(L1<double>{.lambda = 0.05}, options(7));
  same(L1<double>{.lambda = 0.05}, options(500, 1e-6));
  same(TotalVariation<double>{.lambda = 0.05}, options(5));
}

TEST_CASE("iterating again goes on, with a report of its own") {
  const L1<double> prior{.lambda = 0.05};
  const Run twice = iterated(AdmmSolver{prior, LeastSquares{}, options(4)}, 2);
  REQUIRE(twice.report.iterations() == 4);
  REQUIRE(twice.report.history.front().iteration == 1);
  REQUIRE(twice.z == iterated(AdmmSolver{prior, LeastSquares{}, options(8)}).z);
}

TEST_CASE("a solver takes no weights and refuses the options that admm refuses") {
  const AdmmSolver defaults{L1<double>{}, LeastSquares{}};
  REQUIRE(defaults.parameter_count() == 0);
  REQUIRE(defaults.options.iterations == 300);
  const auto bytes = [](const AdmmOptions<double>& o) {
    const AdmmSolver solver{L1<double>{}, LeastSquares{}, o};
    return planned_bytes(Cpu{}, [&](auto& m) { return solver.make_cache(m, {.w = 8}); });
  };
  REQUIRE(bytes({}) == 5 * 64);
  REQUIRE_THROWS_WITH(bytes({.rho = 0}), "admm: rho is 0, expected a positive number");
  REQUIRE_THROWS_AS(bytes({.iterations = -1}), InputError);
  REQUIRE_THROWS_AS(bytes({.tolerance = -1}), InputError);
}

}  // namespace admm_solver_test
