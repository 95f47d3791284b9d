// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/instance_norm/instance_norm.hpp"

#include "nn/layer_checks.hpp"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/nn/activation/activation.hpp"

namespace instance_norm_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

TEMPLATE_TEST_CASE("instance norm over a sample has its golden values", "", float, double) {
  layer_checks::require_golden(InstanceNorm<TestType>{}, {.n = 2, .t = 3, .h = 4, .w = 5, .f = 6},
                               "instance_norm_joint", {"gamma", "beta"});
}

TEMPLATE_TEST_CASE("instance norm of four numbers", "", float, double) {
  using T = TestType;
  // μ = 3, σ = 2, so that (x − μ)/(σ + 2) = ±1/2
  testing::LayerTrial joint(InstanceNorm<T>{.epsilon = 2}, {.w = 2, .f = 2});
  joint.x = {1, 5, 1, 5};
  joint.parameters = {10, 1};
  joint.forward();
  REQUIRE(std::ranges::equal(joint.y, std::array{-4, 6, -4, 6}));
  // channels: μ = 2, σ = 1 and μ = 5, σ = 3, with √(σ² + 0)
  testing::LayerTrial channel(InstanceNorm<T, Relu>{.policy = InstanceNormPolicy::channel, .channels = 2, .epsilon = 0},
                              {.w = 2, .f = 2});
  channel.x = {1, 2, 3, 8};
  channel.parameters = {10, 100, 1, 2};
  channel.forward();
  REQUIRE(std::ranges::equal(channel.y, std::array{0, 0, 11, 102}));
}

TEST_CASE("gradients of instance norm agree with differences") {
  const Shape shape{.n = 2, .t = 2, .h = 3, .w = 3, .f = 3};
  layer_checks::require_gradient(InstanceNorm<double>{}, shape);
  layer_checks::require_gradient(InstanceNorm<double, ScaledSoftplus>{}, shape);
  layer_checks::require_gradient(InstanceNorm<double, Tanh>{.epsilon = 0.5}, shape);
  const InstanceNorm<double, ScaledSoftplus> channel{.policy = InstanceNormPolicy::channel, .channels = 3};
  layer_checks::require_gradient(channel, shape);
  layer_checks::require_gradient(channel, {.n = 1, .t = 3, .h = 2, .w = 5, .f = 3});
}

TEMPLATE_TEST_CASE("an activation inside instance norm is one behind it", "", float, double) {
  using T = TestType;
  const auto two = sequential(named("norm", InstanceNorm<T>{}), named("activation", Activation<T, ScaledSoftplus>{}));
  testing::LayerTrial separate(two, {.n = 2, .t = 3, .h = 5, .w = 7, .f = 2});
  testing::LayerTrial fused(InstanceNorm<T, ScaledSoftplus>{}, {.n = 2, .t = 3, .h = 5, .w = 7, .f = 2});
  Random random(2);
  separate.draw(random);
  fused.x = separate.x, fused.parameters = separate.parameters, fused.grad_y = separate.grad_y;
  separate.forward(), separate.adjoint();
  fused.forward(), fused.adjoint();
  const double tolerance = sizeof(T) == 4 ? 1e-5 : 1e-13;
  REQUIRE(layer_checks::deviation(fused.y, separate.y) < tolerance);
  REQUIRE(layer_checks::deviation(fused.grad_x, separate.grad_x) < tolerance);
  REQUIRE(layer_checks::deviation(fused.grad_parameters, separate.grad_parameters) < tolerance);
}

TEST_CASE("a sample is normalised without the others, by any number of threads") {
  const InstanceNorm<float, ScaledSoftplus> norm;
  const Shape shape{.n = 3, .t = 9, .h = 14, .w = 14, .f = 24};
  layer_checks::require_same_for_all_threads(norm, shape);
  layer_checks::require_same_for_all_threads(
      InstanceNorm<float, Elu>{.policy = InstanceNormPolicy::channel, .channels = 24}, shape);
  testing::LayerTrial all(norm, shape), one(norm, shape.sample());
  Random random(9);
  all.draw(random);
  all.forward();
  std::copy_n(all.x.data() + shape.sample_size(), shape.sample_size(), one.x.data());
  one.parameters = all.parameters;
  one.forward();
  REQUIRE(std::equal(one.y.begin(), one.y.end(), all.y.data() + shape.sample_size()));
}

TEST_CASE("instance norm names its parameters and refuses other channels") {
  const InstanceNorm<float> channel{.policy = InstanceNormPolicy::channel, .channels = 4};
  REQUIRE(channel.parameter_count() == 8);
  REQUIRE(channel.parameters()[0].name == "gamma");
  REQUIRE(channel.parameters()[0].initial == Initial::ones);
  REQUIRE(channel.parameters()[1].extents == std::vector<Index>{4});
  REQUIRE(InstanceNorm<float>{}.parameter_count() == 2);
  REQUIRE_THROWS_WITH(channel.output_shape({.h = 2, .w = 2, .f = 3}), ContainsSubstring("has 3 channels, expected"));
}

TEST_CASE("instance norm keeps nothing as large as a video") {
  const auto bytes = [](Index h) {
    return planned_bytes(Cpu{},
                         [&](auto& memory) { return InstanceNorm<float>{}.make_cache(memory, {.h = h, .w = h}); });
  };
  REQUIRE(bytes(1024) * 256 < 1024 * 1024 * Index(sizeof(float)));
}

}  // namespace instance_norm_test
