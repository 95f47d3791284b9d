// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"

#include <cmath>
#include <string>

#include "support/catch.hpp"
#include "videoonenet/datastep/normal_solver/recent_factors.hpp"

namespace normal_solver_test {

using namespace videoonenet;

namespace {

template <class Call>
std::string refusal(Call&& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("A direct solver's report claims convergence and computes no residual") {
  const SolveReport report;
  CHECK(report.iterations == 0);
  CHECK(report.converged);
  CHECK(std::isnan(report.relative_residual));
}

TEMPLATE_TEST_CASE("Arguments of a solve are checked, each with a sentence", "", float, double) {
  using T = TestType;
  using Limits = std::numeric_limits<T>;
  CHECK(refusal([] { detail::require_solve(6, T(0.3), 6, 6); }).empty());
  CHECK(refusal([] { detail::require_solve(6, T(0.3), 5, 6); }) == "NormalSolver::solve: b has 5 entries, expected 6");
  CHECK(refusal([] { detail::require_solve(6, T(0.3), 6, 7); }) == "NormalSolver::solve: z has 7 entries, expected 6");
  for (T rho : {T(0), T(-1), Limits::quiet_NaN(), Limits::infinity()})
    CHECK_THROWS_AS(detail::require_solve(6, rho, 6, 6), InputError);
  CHECK(refusal([] { detail::require_solve(6, T(-1), 6, 6); }) ==
        "NormalSolver::solve: rho is -1, expected a positive number");
}

TEST_CASE("Arguments of a pseudo-inverse are checked, each with a sentence") {
  CHECK(refusal([] { detail::require_pseudo_inverse(4, 6, 4, 6); }).empty());
  CHECK(refusal([] { detail::require_pseudo_inverse(4, 6, 6, 6); }) ==
        "NormalSolver::pseudo_inverse: y has 6 entries, expected 4");
  CHECK(refusal([] { detail::require_pseudo_inverse(4, 6, 4, 4); }) ==
        "NormalSolver::pseudo_inverse: z has 4 entries, expected 6");
}

TEST_CASE("The factors of as many rho are kept as fit into the budget, the last ones used") {
  struct Factor {
    double rho;
    Index memory_bytes() const { return 10; }
  };
  detail::RecentFactors<Factor> factors(25);
  int made = 0;
  const auto rho_of = [&](double rho) { return factors.of(rho, [&] { return ++made, Factor{rho}; }).rho; };
  for (const double rho : {1.0, 2.0, 1.0, 2.0}) CHECK(rho_of(rho) == rho);
  CHECK((made == 2 && factors.size() == 2));
  CHECK(rho_of(1) == 1);
  CHECK(rho_of(3) == 3);  // in the place of 2
  CHECK((made == 3 && factors.size() == 2));
  CHECK(rho_of(1) == 1);
  CHECK(made == 3);
  CHECK(rho_of(2) == 2);
  CHECK(made == 4);

  detail::RecentFactors<Factor> small(5);
  for (const double rho : {1.0, 2.0}) CHECK(small.of(rho, [&] { return Factor{rho}; }).rho == rho);
  CHECK(small.size() == 1);
}

}  // namespace normal_solver_test
