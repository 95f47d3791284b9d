// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/problem_batch/problem_batch.hpp"

#include "support/catch.hpp"
#include "support/mixed_problems.hpp"
#include "videoonenet/datastep/datastep.hpp"

namespace problem_batch_test {

using namespace videoonenet;
using namespace videoonenet::support;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a batch of factored problems solves every video as its own solver does") {
  const auto channels = GENERATE(1, 3);
  const Shape video{.t = 4, .h = 8, .w = 9, .f = channels};
  const double rho = GENERATE(0.3, 2.0);
  const MixedProblems<double> mixed(video, rho);
  const Index size = video.size();
  Shape all = video;
  all.n = mixed.count();
  ProblemBatch<double, Cpu> batch(Cpu{}, all, mixed.bounds(), rho);
  std::ranges::copy(mixed.layouts(), batch.layouts().data());
  std::ranges::copy(mixed.values(), batch.values().data());
  NormalSolver<ProblemBatch<double, Cpu>> solver(Cpu{}, batch);
  Random random(1);
  Buffer<double> b(all.size()), z(all.size()), expected(size);
  for (double& v : b) v = random.normal();
  solver.solve(Cpu{}, rho, std::as_const(b).span(), z.span());
  for (Index n = 0; n < mixed.count(); ++n) {
    CAPTURE(n);
    NormalSolver<ShippedOperator<double>> own(Cpu{}, mixed.problem(n).a);
    own.solve(Cpu{}, rho,
              std::as_const(b).span().subspan(static_cast<std::size_t>(n * size), static_cast<std::size_t>(size)),
              expected.span());
    double worst = 0;
    for (Index i = 0; i < size; ++i) worst = std::max(worst, std::abs(z[n * size + i] - expected[i]));
    CHECK(worst < 1e-8);
  }
}

TEST_CASE("a batch of factored problems refuses what it does not know") {
  const Shape video{.t = 2, .h = 4, .w = 4};
  ProblemBatch<float, Cpu> batch(Cpu{}, video, {.values = 32, .rank = 1}, 0.3f);
  Buffer<float> b(video.size()), z(video.size());
  NormalSolver<ProblemBatch<float, Cpu>> solver(Cpu{}, batch);
  CHECK_THROWS_WITH(solver.solve(Cpu{}, 0.5f, std::as_const(b).span(), z.span()),
                    ContainsSubstring("made for rho = 0.3"));
  CHECK_THROWS_WITH(batch.apply(Cpu{}, std::as_const(b).span(), z.span()), ContainsSubstring("not kept"));
  const StridedBlur<float> blur(video, gaussian_kernel<float>(3, 1), 2);
  CHECK_THROWS_WITH(factor_problem(blur, 0.3f), ContainsSubstring("no factor for the structure"));
  CHECK_THROWS_AS(factor_problem(Identity<float>(video), 0.0f), InputError);
}

}  // namespace problem_batch_test
