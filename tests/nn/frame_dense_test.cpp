// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/frame_dense/frame_dense.hpp"

#include "nn/layer_checks.hpp"

namespace frame_dense_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

TEMPLATE_TEST_CASE("a dense layer of two frames of two entries", "", float, double) {
  testing::LayerTrial trial(FrameDense<TestType>{.h = 1, .w = 2, .in = 1, .out = 3}, {.n = 2, .h = 1, .w = 2});
  REQUIRE(trial.output_shape() == Shape{.n = 2, .h = 1, .w = 1, .f = 3});
  trial.x = {1, 2, 3, 4};
  trial.parameters = {1, 0, 2, 10, 1, 0, 5, 6, 7};  // kernel by entry, then bias
  trial.forward();
  REQUIRE(std::ranges::equal(trial.y, std::array{26, 8, 9, 48, 10, 13}));
  trial.grad_y = {1, 0, 0, 0, 1, 1};
  trial.adjoint();
  REQUIRE(std::ranges::equal(trial.grad_x, std::array{1, 10, 2, 1}));
  REQUIRE(std::ranges::equal(trial.grad_parameters, std::array{1, 3, 3, 2, 4, 4, 1, 1, 1}));
}

TEST_CASE("gradients of a dense layer agree with differences, on any number of threads") {
  const FrameDense<double> layer{.h = 3, .w = 2, .in = 3, .out = 2};
  layer_checks::require_gradient(layer, {.n = 2, .t = 2, .h = 3, .w = 2, .f = 3});
  layer_checks::require_same_for_all_threads(FrameDense<float>{.h = 8, .w = 8, .in = 20, .out = 5},
                                             {.n = 9, .h = 8, .w = 8, .f = 20});
  REQUIRE(layer.parameters()[0].extents == std::vector<Index>{18, 2});
  REQUIRE(layer.parameter_count() == 18 * 2 + 2);
}

TEST_CASE("a dense layer refuses other frames, those of as many entries too") {
  const FrameDense<float> layer{.h = 2, .w = 6, .in = 2};
  REQUIRE_THROWS_WITH(layer.output_shape({.h = 6, .w = 2, .f = 2}), ContainsSubstring("6x2x2, expected 2x6x2"));
  REQUIRE_THROWS_AS(layer.output_shape({.h = 2, .w = 6, .f = 1}), ShapeError);
}

}  // namespace frame_dense_test
