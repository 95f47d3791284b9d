// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/tied_autoencoder/tied_autoencoder.hpp"

#include "nn/layer_checks.hpp"

namespace tied_autoencoder_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a tied autoencoder of single pixels is the product of matrices that it says") {
  testing::LayerTrial trial(TiedAutoencoder<double>{.channels = 1, .filters = {2, 1}, .kernel = 1}, {.w = 2});
  trial.x = {1, -1};
  trial.parameters = {2, -3, 5, 7};  // K_1 (1, 2), K_2 (2, 1)
  trial.forward();
  // at 1: h_1 = (2, 0), h_2 = 10, g_1 = (50, 70), y = 100 − 210; at −1: h_1 = (0, 3), h_2 = 21, g_1 = (105, 147)
  REQUIRE(std::ranges::equal(trial.y, std::array{-110., 210. - 441.}));
  const auto linear = TiedAutoencoder<double, Linear>{.channels = 1, .filters = {2, 1}, .kernel = 1};
  testing::LayerTrial other(linear, {.w = 2});
  other.x = {1, -1};
  other.parameters = {2, -3, 5, 7};
  other.forward();
  REQUIRE(std::ranges::equal(other.y, std::array{121., -121.}));  // (2·5 − 3·7)²
}

TEST_CASE("the gradient of a tied autoencoder counts both places of a kernel") {
  const Shape shape{.n = 2, .t = 2, .h = 5, .w = 4, .f = 2};
  layer_checks::require_gradient(TiedAutoencoder<double>{.channels = 2, .filters = {3, 4}, .kernel = 2}, shape);
  layer_checks::require_gradient(TiedAutoencoder<double, Linear>{.channels = 2, .filters = {3}, .kernel = 3}, shape);
  layer_checks::require_gradient(TiedAutoencoder<double, Elu>{.channels = 2, .filters = {3, 2, 4}, .kernel = 2}, shape);
}

TEST_CASE("a linear tied autoencoder is symmetric and positive semidefinite whatever its weights") {
  const Shape shape{.h = 4, .w = 3, .f = 2};
  testing::LayerTrial trial(TiedAutoencoder<double, Linear>{.channels = 2, .filters = {3, 5}}, shape);
  Random random(2);
  trial.draw(random);
  const Index n = shape.size();
  std::vector<double> matrix;  // column by column
  for (Index j = 0; j < n; ++j) {
    std::ranges::fill(trial.x, 0.0);
    trial.x[j] = 1;
    trial.forward();
    matrix.insert(matrix.end(), trial.y.begin(), trial.y.end());
  }
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < i; ++j)
      REQUIRE(matrix[static_cast<std::size_t>(i * n + j)] ==
              Approx(matrix[static_cast<std::size_t>(j * n + i)]).margin(1e-12));
  for (int draw = 0; draw < 20; ++draw) {
    random.fill_normal(trial.x.span());
    trial.forward();
    REQUIRE(dot(Cpu{}, std::as_const(trial.x).span(), std::as_const(trial.y).span()) > 0);
  }
}

TEST_CASE("a tied autoencoder names its kernels once, keeps shapes and bits, and refuses what does not fit") {
  const TiedAutoencoder<float> net;
  REQUIRE(net.parameter_count() == 16 * (3 * 32 + 32 * 64));
  REQUIRE(net.parameters().size() == 2);
  REQUIRE(net.parameters()[1].name == "1.kernel");
  REQUIRE(net.parameters()[1].extents == std::vector<Index>{4, 4, 32, 64});
  layer_checks::require_same_for_all_threads(TiedAutoencoder<float>{.filters = {8, 16}},
                                             {.n = 3, .h = 9, .w = 8, .f = 3});
  REQUIRE_THROWS_AS(net.output_shape({.h = 8, .w = 8, .f = 1}), ShapeError);
  REQUIRE_THROWS_WITH(TiedAutoencoder<float>{.filters = {}}.output_shape({.f = 3}), ContainsSubstring("no filters"));

  const Shape shape{.t = 2, .h = 6, .w = 5, .f = 3};  // for inference everything is scratch
  testing::LayerTrial training(net, shape), inference(net, shape, Cpu{}, Purpose::inference);
  Random random(4);
  training.draw(random);
  inference.x = training.x, inference.parameters = training.parameters;
  training.forward(), inference.forward();
  REQUIRE(std::ranges::equal(training.y, inference.y));
}

}  // namespace tied_autoencoder_test
