// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/proximal/layer_prior/layer_prior.hpp"

#include "support/catch.hpp"
#include "support/mixing_layer.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/unroll/admm.hpp"

namespace layer_prior_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;
using support::MixingLayer;

namespace {

constexpr Shape video{.n = 2, .h = 2, .w = 4, .f = 1};

}  // namespace

TEST_CASE("a layer as a prior is the layer, also in place") {
  Random random(1);
  const Buffer<double> weights{0.7};
  Tensor<double> v(video), x(video);
  random.fill_normal(v.flat());
  const LayerPrior prior(MixingLayer<double>{1, 1}, weights.span());
  auto cache = make_cache(prior, Cpu{}, video);
  apply_proximal(prior, Cpu{}, cache, std::as_const(v).view(), 2.0, x.view());
  for (Index i = 0; i < x.size(); ++i) REQUIRE(x[i] == Approx(std::tanh(0.7 * v[i])));
  apply_proximal(prior, Cpu{}, cache, std::as_const(v).view(), 2.0, v.view());
  REQUIRE(std::ranges::equal(v.flat(), x.flat()));
}

TEST_CASE("ADMM takes a layer for a prior") {
  const Buffer<double> weights{1.5};
  const LayerPrior prior(MixingLayer<double>{1, 1}, weights.span());
  Tensor<double> y(video), z(video);
  for (double& v : y.flat()) v = 0.6;
  Buffer<double> kept(y.size());
  std::ranges::fill(kept, 1.0);
  const Mask<double> a(video, kept);
  const auto report =
      admm(Cpu{}, prior, LeastSquares{}, a, y.flat(), z.view(), {.rho = 0.5, .iterations = 300, .tolerance = 1e-9});
  REQUIRE(report.converged);
  // z = x = tanh(1.5 (z − u)) where 0 = z − y − ρ u, as the last data step says
  for (const double v : z.flat()) REQUIRE(v == Approx(std::tanh(1.5 * (v - (v - 0.6) / 0.5))).margin(1e-7));
}

TEST_CASE("a layer as a prior keeps the shape, and has weights for all parameters") {
  const Buffer<double> weights(2);
  using Prior = LayerPrior<MixingLayer<double>>;
  REQUIRE_THROWS_WITH(Prior({1, 1}, weights.span()), ContainsSubstring("the list of weights"));
  REQUIRE_THROWS_WITH(Prior({1, 2}, weights.span()).make_cache(Cpu{}, video), ContainsSubstring("LayerPrior"));
}

}  // namespace layer_prior_test
