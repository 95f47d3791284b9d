// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/autodiff/channel_slice/channel_slice.hpp"

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"
#include "support/mixing_layer.hpp"
#include "videoonenet/autodiff/concatenate/concatenate.hpp"
#include "videoonenet/testing/check_gradient.hpp"

namespace channel_slice_test {

using namespace videoonenet;
using archetypes::Gain;
using Catch::Matchers::ContainsSubstring;
using support::MixingLayer;

TEST_CASE("a slice of two pixels of four channels") {
  STATIC_REQUIRE(Layer<ChannelSlice<float>>);
  testing::LayerTrial trial(ChannelSlice<float>{.begin = 1, .count = 2}, {.w = 2, .f = 4});
  REQUIRE((trial.output_shape() == Shape{.w = 2, .f = 2}));
  trial.x = {1, 2, 3, 4, 5, 6, 7, 8};
  trial.grad_y = {10, 20, 30, 40};
  trial.grad_x[1] = trial.grad_x[4] = 0.5;
  trial.forward();
  trial.adjoint();
  REQUIRE(std::ranges::equal(trial.y, std::array{2, 3, 6, 7}));
  REQUIRE(std::ranges::equal(trial.grad_x, std::array{0.0, 10.5, 20.0, 0.0, 0.5, 30.0, 40.0, 0.0}));
}

TEST_CASE("a net of one half of a packed pair, with the other half beside what it makes") {
  const auto half = [](Index begin) { return ChannelSlice<float>{.begin = begin, .count = 1}; };
  const auto net = concatenate(named("net", sequential(named("image", half(0)), named("gain", Gain{}))),
                               named("condition", half(1)));
  testing::LayerTrial trial(net, {.w = 2, .f = 2});
  trial.x = {1, 2, 3, 4};
  trial.grad_y = {10, 20, 30, 40};
  trial.parameters = {5};
  trial.forward();
  trial.adjoint();
  REQUIRE(std::ranges::equal(trial.y, std::array{5, 2, 15, 4}));
  REQUIRE(std::ranges::equal(trial.grad_x, std::array{50, 20, 150, 40}));
  REQUIRE(trial.grad_parameters[0] == 10 * 1 + 30 * 3);
  REQUIRE(net.parameters()[0].name == "net.gain.parameters");
}

TEST_CASE("gradients of slices agree with differences") {
  const Shape shape{.n = 2, .t = 2, .h = 3, .w = 2, .f = 5};
  REQUIRE(testing::check_gradient(ChannelSlice<double>{.begin = 2, .count = 3}, shape));
  REQUIRE(testing::check_gradient(ChannelSlice<double>{.count = 5}, shape));
  const auto inside = sequential(named("image", ChannelSlice<double>{.begin = 1, .count = 3}),
                                 named("mix", MixingLayer<double>{.in = 3, .out = 2}));
  const auto report = testing::check_gradient(inside, shape);
  INFO(report);
  REQUIRE(report);
}

TEST_CASE("a slice has to be inside the channels") {
  const Shape three{.h = 2, .w = 2, .f = 3};
  REQUIRE_THROWS_WITH(
      (ChannelSlice<float>{.begin = 2, .count = 2}.output_shape(three)),
      ContainsSubstring("2 channels from channel 2 were asked for of the input") && ContainsSubstring("which has 3"));
  REQUIRE_THROWS_AS((ChannelSlice<float>{.begin = -1, .count = 2}.output_shape(three)), ShapeError);
  REQUIRE_THROWS_AS((ChannelSlice<float>{.begin = 1, .count = 0}.output_shape(three)), ShapeError);
  REQUIRE((ChannelSlice<float>{.begin = 1, .count = 2}.output_shape(three) == Shape{.h = 2, .w = 2, .f = 2}));
}

}  // namespace channel_slice_test
