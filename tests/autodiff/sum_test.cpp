// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/autodiff/sum/sum.hpp"

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"
#include "support/mixing_layer.hpp"
#include "videoonenet/autodiff/pass_through/pass_through.hpp"
#include "videoonenet/nn/batch_norm/batch_norm.hpp"
#include "videoonenet/testing/check_gradient.hpp"

namespace sum_test {

using namespace videoonenet;
using archetypes::Gain;
using Catch::Matchers::ContainsSubstring;
using support::MixingLayer;

TEST_CASE("a sum adds what its layers make, and the gradients of both") {
  const auto both = sum(named("skip", PassThrough<float>{}), named("gain", Gain{}));
  STATIC_REQUIRE(Layer<std::remove_cvref_t<decltype(both)>>);
  testing::LayerTrial trial(both, {.w = 2});
  trial.x = {1, 2};
  trial.grad_y = {10, 20};
  trial.parameters = {3};
  trial.forward();
  trial.adjoint();
  REQUIRE((trial.y[0] == 4 && trial.y[1] == 8));
  REQUIRE((trial.grad_x[0] == 40 && trial.grad_x[1] == 80));
  REQUIRE(trial.grad_parameters[0] == 50);
  REQUIRE(both.parameters().size() == 1);
  REQUIRE(both.parameters()[0].name == "gain.parameters");
}

TEST_CASE("layers of a sum may point at their outputs until the adjoint, have weights of their own and fit together") {
  const auto layer =
      sum(named("a", MixingLayer<double>{.in = 3, .out = 2}), named("b", MixingLayer<double>{.in = 3, .out = 2}));
  const auto report = testing::check_gradient(layer, {.n = 2, .t = 2, .h = 2, .w = 3, .f = 3});
  INFO(report);
  REQUIRE(report);
  const auto wrong =
      sum(named("a", MixingLayer<double>{.in = 3, .out = 2}), named("b", MixingLayer<double>{.in = 3, .out = 1}));
  REQUIRE_THROWS_WITH(wrong.output_shape({.f = 3}), ContainsSubstring("1x1x1x1x2 and 1x1x1x1x1"));
}

TEST_CASE("running statistics follow on both sides of a sum") {
  const BatchNorm<double> norm{.channels = 1, .momentum = 0};
  const auto layer = sum(named("a", norm), named("b", norm));
  const Shape shape{.w = 2};
  const Buffer<double> x{1, 5};
  Buffer<double> y(2), parameters{1, 0, 0, 1, 1, 0, 0, 1};
  auto planned = plan(Cpu{}, [&](auto& memory) { return layer.make_cache(memory, shape); });
  layer.forward(Cpu{}, parameters.span(), {x.data(), shape}, {y.data(), shape}, planned.cache);
  update_running_statistics_of(Cpu{}, layer, planned.cache, parameters.span());
  for (const Index first : {2, 6}) {
    CHECK(parameters[first] == Approx(3));
    CHECK(parameters[first + 1] != 1);
  }
}

TEST_CASE("inference keeps nothing for a sum, training both outputs") {
  const auto kept = [](Purpose purpose) {
    auto memory = Memory<Cpu>::measuring(Cpu{}, purpose);
    static_cast<void>(sum(named("a", Gain{}), named("b", Gain{})).make_cache(memory, {.h = 16, .w = 16}));
    return memory.kept.peak_bytes();
  };
  CHECK(kept(Purpose::inference) == 0);
  CHECK(kept(Purpose::training) == 2 * 16 * 16 * 4);
}

}  // namespace sum_test
