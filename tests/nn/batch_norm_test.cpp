// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/batch_norm/batch_norm.hpp"

#include "nn/layer_checks.hpp"

namespace batch_norm_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

TEMPLATE_TEST_CASE("batch norm of four pixels", "", float, double) {
  using T = TestType;
  // channel 0: μ = 2, σ² = 1; channel 1: μ = 5, σ² = 9
  testing::LayerTrial trial(BatchNorm<T, Relu>{.channels = 2, .epsilon = 0}, {.n = 2, .w = 1, .f = 2});
  trial.x = {1, 2, 3, 8};
  trial.parameters = {10, 100, 1, 2, 7, 7, 7, 7};
  trial.forward();
  REQUIRE(std::ranges::equal(trial.y, std::array{0, 0, 11, 102}));
}

TEST_CASE("gradients of batch norm agree with differences") {
  const Shape shape{.n = 2, .t = 2, .h = 3, .w = 2, .f = 5};
  testing::GradientOptions options;
  options.same_in_inference = false;
  layer_checks::require_gradient(BatchNorm<double, ScaledSoftplus>{.channels = 5}, shape, options);
  layer_checks::require_gradient(BatchNorm<double>{.channels = 1, .statistics = BatchNormStatistics::batch},
                                 {.n = 3, .h = 3, .w = 5});
}

TEMPLATE_TEST_CASE("with running statistics batch norm is an affine map", "", float, double) {
  using T = TestType;
  for (auto statistics : {BatchNormStatistics::automatic, BatchNormStatistics::running}) {
    const auto purpose = statistics == BatchNormStatistics::running ? Purpose::training : Purpose::inference;
    testing::LayerTrial trial(BatchNorm<T>{.channels = 2, .epsilon = 0, .statistics = statistics}, {.w = 3, .f = 2},
                              Cpu{}, purpose);
    trial.x = {1, 2, 3, 4, 5, 6};
    trial.parameters = {2, 3, 0, 1, 1, 2, 4, 9};  // 2 (x − 1)/2 and 3 (x − 2)/3 + 1
    trial.forward();
    REQUIRE(std::ranges::equal(trial.y, std::array{0, 1, 2, 3, 4, 5}));
    trial.grad_y = {1, 1, 1, 1, 1, 2};
    trial.grad_x[0] = 10;
    trial.adjoint();
    REQUIRE(std::ranges::equal(trial.grad_x, std::array{11, 1, 1, 1, 1, 2}));
    // Σ grad_y x̂ = (0 + 2 + 4)/2 and (0 + 2 + 2·4)/3; Σ grad_y; nothing for the running statistics
    const std::array expected{3.0, 10.0 / 3, 3.0, 4.0, 0.0, 0.0, 0.0, 0.0};
    REQUIRE(layer_checks::deviation(trial.grad_parameters, expected) < 1e-6);
  }
}

TEST_CASE("running statistics follow the batches when they are asked to") {
  const BatchNorm<double> norm{.channels = 1, .momentum = 0.75};
  const Shape shape{.h = 1, .w = 2};
  Buffer<double> parameters{1, 0, 0, 1}, x{1, 5}, y(2);  // μ = 3, σ² = 4
  auto planned = plan(Cpu{}, [&](auto& memory) { return norm.make_cache(memory, shape); });
  norm.forward(Cpu{}, parameters.span(), view(x.span(), shape), view(y.span(), shape), planned.cache);
  REQUIRE((parameters[2] == 0 && parameters[3] == 1));
  norm.update_running_statistics(Cpu{}, planned.cache, parameters.span());
  REQUIRE((parameters[0] == 1 && parameters[1] == 0));
  REQUIRE(parameters[2] == Approx(0.75));
  REQUIRE(parameters[3] == Approx(0.75 + 1));
  for (int i = 0; i < 200; ++i) norm.update_running_statistics(Cpu{}, planned.cache, parameters.span());
  auto inference = plan(Cpu{}, [&](auto& memory) { return norm.make_cache(memory, shape); }, Purpose::inference);
  const double trained = y[0];
  norm.forward(Cpu{}, parameters.span(), view(x.span(), shape), view(y.span(), shape), inference.cache);
  REQUIRE(y[0] == Approx(trained));
  const Buffer<double> before = parameters;
  norm.update_running_statistics(Cpu{}, inference.cache, parameters.span());
  REQUIRE(std::ranges::equal(parameters, before));
}

TEST_CASE("batch norm gives the same bits for every number of threads, and refuses other channels") {
  const BatchNorm<float, LeakyRelu> norm{.channels = 19};
  layer_checks::require_same_for_all_threads(norm, {.n = 2, .t = 3, .h = 33, .w = 40, .f = 19});
  REQUIRE(norm.parameters()[3].name == "running_variance");
  REQUIRE_THROWS_WITH(norm.output_shape({.h = 2, .w = 2, .f = 3}), ContainsSubstring("has 3 channels, expected"));
}

}  // namespace batch_norm_test
