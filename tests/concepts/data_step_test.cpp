// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/concepts/data_step.hpp"

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/unroll/admm.hpp"

namespace data_step_test {

using namespace videoonenet;
using namespace archetypes;

namespace {

struct WithoutStep {
  struct Bound {
    void start(const Cpu&, View<float>, View<float>) {}
  };
  Bound bind(const Cpu&, const Doubling&, std::span<const float>) const { return {}; }
};

}  // namespace

TEST_CASE("a DataStep is one for the operators it can bind") {
  STATIC_REQUIRE(DataStep<DoublingStep, Doubling>);
  STATIC_REQUIRE_FALSE(DataStep<DoublingStep, Mask<float>>);
  STATIC_REQUIRE_FALSE(DataStep<WithoutStep, Doubling>);
  STATIC_REQUIRE_FALSE(DataStep<Doubling, Doubling>);
  STATIC_REQUIRE(DataStep<LeastSquares, Mask<float>>);
  STATIC_REQUIRE(DataStep<LeastSquares, Mask<double>>);
}

TEST_CASE("ADMM with a user's own operator, prior and data step reaches the minimum of its objective") {
  // ½‖y − 2z‖² + ½‖z‖² is least at z = 2y / 5.
  const Buffer<float> y{1, -2, 3, 0.5f};
  Buffer<float> z(4);
  const AdmmReport report = admm(Cpu{}, Shrinkage{}, DoublingStep{}, Doubling{}, y.span(),
                                 view(z.span(), {.h = 2, .w = 2}), {.rho = 1, .tolerance = 1e-7f});
  REQUIRE(report.converged);
  for (Index i = 0; i < 4; ++i) REQUIRE(z[i] == Approx(0.4f * y[i]).margin(1e-5));
}

}  // namespace data_step_test
