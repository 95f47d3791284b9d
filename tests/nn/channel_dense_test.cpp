// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/channel_dense/channel_dense.hpp"

#include "nn/layer_checks.hpp"
#include "videoonenet/nn/channel_dense/channel_dense_reference.hpp"

namespace channel_dense_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

TEMPLATE_TEST_CASE("a channel-wise dense layer of two positions and two channels", "", float, double) {
  testing::LayerTrial trial(ChannelDense<TestType>{.h = 1, .w = 2, .channels = 2}, {.h = 1, .w = 2, .f = 2});
  trial.x = {1, 2, 3, 4};
  // channel 0: (1 2; 3 4) from position in to position out, channel 1: 10 times the identity
  trial.parameters = {1, 10, 2, 0, 3, 0, 4, 10};
  trial.forward();
  REQUIRE(std::ranges::equal(trial.y, std::array{1 * 1 + 3 * 3, 20, 1 * 2 + 3 * 4, 40}));
  trial.grad_y = {1, 0, 0, 1};
  trial.adjoint();
  REQUIRE(std::ranges::equal(trial.grad_x, std::array{1, 0, 3, 10}));
  REQUIRE(std::ranges::equal(trial.grad_parameters, std::array{1, 0, 0, 2, 3, 0, 0, 4}));
}

TEMPLATE_TEST_CASE("a channel-wise dense layer agrees with its definition on odd extents", "", float, double) {
  using T = TestType;
  for (const Shape& shape : {Shape{.h = 1, .w = 1}, Shape{.n = 2, .t = 5, .h = 3, .w = 5, .f = 7},
                             Shape{.n = 1, .t = 17, .h = 2, .w = 3, .f = 37}}) {
    testing::LayerTrial trial(ChannelDense<T>{.h = shape.h, .w = shape.w, .channels = shape.f}, shape,
                              Cpu{.threads = 2});
    Random random(1);
    trial.draw(random);
    trial.forward();
    trial.adjoint();
    const ChannelDenseGeometry g{shape.n * shape.t, shape.h * shape.w, shape.f};
    Buffer<T> y(trial.y.size()), grad_x(trial.x.size()), grad_kernel(trial.parameters.size());
    reference::channel_dense_forward(g, trial.x.span(), trial.parameters.span(), y.span());
    reference::channel_dense_input_gradient(g, trial.grad_y.span(), trial.parameters.span(), grad_x.span());
    reference::channel_dense_kernel_gradient(g, trial.x.span(), trial.grad_y.span(), grad_kernel.span());
    const double tolerance = sizeof(T) == 4 ? 2e-6 : 1e-14;
    REQUIRE(layer_checks::deviation(trial.y, y) < tolerance);
    REQUIRE(layer_checks::deviation(trial.grad_x, grad_x) < tolerance);
    REQUIRE(layer_checks::deviation(trial.grad_parameters, grad_kernel) < tolerance);
  }
}

TEST_CASE("gradients of a channel-wise dense layer agree with differences, on any number of threads") {
  layer_checks::require_gradient(ChannelDense<double>{.h = 2, .w = 3, .channels = 3}, {.n = 2, .h = 2, .w = 3, .f = 3});
  layer_checks::require_same_for_all_threads(ChannelDense<float>{.channels = 20}, {.n = 9, .h = 8, .w = 8, .f = 20});
  REQUIRE_THROWS_WITH(ChannelDense<float>{}.output_shape({.h = 8, .w = 7}), ContainsSubstring("expected 8x8x1"));
}

}  // namespace channel_dense_test
