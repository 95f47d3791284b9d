// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/proximal/conditioned_prior/conditioned_prior.hpp"

#include "support/catch.hpp"
#include "support/mixing_layer.hpp"
#include "videoonenet/core/random.hpp"

namespace conditioned_prior_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;
using support::MixingLayer;

namespace {

constexpr Shape video{.n = 2, .h = 2, .w = 4, .f = 1};
constexpr Shape coarse{.n = 2, .h = 1, .w = 2, .f = 3};  // of the condition

}  // namespace

TEST_CASE("a conditioned prior shows the network each block of pixels beside its condition") {
  Random random(1);
  Buffer<double> weights(4 * 7), condition(Shape(coarse).size());
  Tensor<double> v(video), x(video);
  for (const std::span<double> values : {weights.span(), condition.span(), v.flat()}) random.fill_normal(values, 0.5);
  const ConditionedPrior prior(MixingLayer<double>{7, 4}, std::as_const(weights).span(),
                               View<const double>{condition.data(), coarse}, 2);
  auto cache = make_cache(prior, Cpu{}, video);
  apply_proximal(prior, Cpu{}, cache, std::as_const(v).view(), 1.0, x.view());
  for (Index n = 0; n < 2; ++n)
    for (Index j = 0; j < 2; ++j)      // block
      for (Index k = 0; k < 4; ++k) {  // pixel of the block
        double sum = 0;
        for (Index i = 0; i < 4; ++i) sum += weights[k * 7 + i] * v(n, 0, i / 2, 2 * j + i % 2, 0);
        for (Index i = 0; i < 3; ++i) sum += weights[k * 7 + 4 + i] * condition[(n * 2 + j) * 3 + i];
        REQUIRE(x(n, 0, k / 2, 2 * j + k % 2, 0) == Approx(std::tanh(sum)));
      }
  const Tensor<double> before = x;  // x may be the memory of v
  apply_proximal(prior, Cpu{}, cache, std::as_const(v).view(), 1.0, v.view());
  REQUIRE(std::ranges::equal(std::as_const(v).flat(), before.flat()));
}

TEST_CASE("a conditioned prior refuses what does not fit") {
  const Buffer<double> weights(4 * 7), condition(Shape(coarse).size());
  const View<const double> c{condition.data(), coarse};
  using Prior = ConditionedPrior<MixingLayer<double>>;
  REQUIRE_THROWS_WITH(Prior({7, 4}, weights.span().first(5), c, 2), ContainsSubstring("the list of weights"));
  REQUIRE_THROWS_WITH(Prior({7, 4}, weights.span(), c, 2).make_cache(Cpu{}, {.n = 1, .h = 2, .w = 4}),
                      ContainsSubstring("the condition"));
  REQUIRE_THROWS_WITH(Prior({7, 4}, weights.span(), c, 3).make_cache(Cpu{}, video), ContainsSubstring("factor = 3"));
  REQUIRE_THROWS_WITH(Prior({4, 7}, weights.span(), c, 2).make_cache(Cpu{}, video), ContainsSubstring("expected 4"));
}

}  // namespace conditioned_prior_test
