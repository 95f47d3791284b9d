// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/autodiff/concatenate/concatenate.hpp"

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"
#include "support/mixing_layer.hpp"
#include "videoonenet/autodiff/pass_through/pass_through.hpp"
#include "videoonenet/testing/check_gradient.hpp"

namespace concatenate_test {

using namespace videoonenet;
using archetypes::Gain;
using Catch::Matchers::ContainsSubstring;
using support::MixingLayer;

namespace {

/// Doubles the height.
struct Taller : PassThrough<float> {
  Shape output_shape(const Shape& x) const { return {.n = x.n, .t = x.t, .h = 2 * x.h, .w = x.w, .f = x.f}; }
};

}  // namespace

TEST_CASE("branches lie one behind the other along the channels") {
  const auto both = concatenate(named("skip", PassThrough<float>{}), named("gain", Gain{}));
  STATIC_REQUIRE(Layer<std::remove_cvref_t<decltype(both)>>);
  testing::LayerTrial trial(both, {.w = 2, .f = 2});
  REQUIRE((trial.output_shape() == Shape{.w = 2, .f = 4}));
  trial.x = {1, 2, 3, 4};
  trial.grad_y = {1, 10, 100, 1000, 2, 20, 200, 2000};
  trial.parameters = {5};
  trial.forward();
  trial.adjoint();
  REQUIRE(std::ranges::equal(trial.y, std::array{1, 2, 5, 10, 3, 4, 15, 20}));
  REQUIRE(std::ranges::equal(trial.grad_x, std::array{501, 5010, 1002, 10020}));
  REQUIRE(trial.grad_parameters[0] == 100 * 1 + 1000 * 2 + 200 * 3 + 2000 * 4);
  REQUIRE(both.parameters()[0].name == "gain.parameters");
}

TEST_CASE("gradients of branches of different widths agree with differences") {
  const auto three =
      concatenate(named("wide", MixingLayer<double>{.in = 2, .out = 5}), named("skip", PassThrough<double>{}),
                  named("narrow", MixingLayer<double>{.in = 2, .out = 1}));
  const auto report = testing::check_gradient(three, {.n = 2, .t = 2, .h = 3, .w = 2, .f = 2});
  INFO(report);
  REQUIRE(report);
  REQUIRE(three.parameter_count() == 12);
  const auto inside = sequential(named("branches", three), named("last", MixingLayer<double>{.in = 8, .out = 2}));
  REQUIRE(testing::check_gradient(inside, {.t = 2, .h = 2, .w = 2, .f = 2}));
}

TEST_CASE("inference keeps nothing for branches, training each one's output") {
  const auto kept = [](Purpose purpose) {
    auto memory = Memory<Cpu>::measuring(Cpu{}, purpose);
    static_cast<void>(concatenate(named("a", Gain{}), named("b", Gain{})).make_cache(memory, {.h = 16, .w = 16}));
    return memory.kept.peak_bytes();
  };
  REQUIRE(kept(Purpose::inference) == 0);
  REQUIRE(kept(Purpose::training) == 2 * 1024);
}

TEST_CASE("branches must agree in all but their channels") {
  const auto differ = concatenate(named("gain", Gain{}), named("taller", Taller{}));
  REQUIRE_THROWS_WITH(differ.output_shape({.h = 2, .w = 3}),
                      ContainsSubstring("branch 2 makes (N,T,H,W) = 1x1x4x3, expected 1x1x2x3 as the first"));
}

}  // namespace concatenate_test
