// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/autodiff/residual/residual.hpp"

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"
#include "support/mixing_layer.hpp"
#include "videoonenet/testing/check_gradient.hpp"

namespace residual_test {

using namespace videoonenet;
using archetypes::Gain;

TEST_CASE("a residual adds its input, forward and adjoint") {
  STATIC_REQUIRE(Layer<Residual<Gain>>);
  testing::LayerTrial trial(Residual{Gain{}}, {.w = 2});
  trial.x = {1, 2};
  trial.grad_y = {10, 20};
  trial.parameters = {3};
  trial.forward();
  trial.adjoint();
  REQUIRE((trial.y[0] == 4 && trial.y[1] == 8));
  REQUIRE((trial.grad_x[0] == 40 && trial.grad_x[1] == 80));
  REQUIRE(trial.grad_parameters[0] == 50);
  REQUIRE(Residual{Gain{}}.parameters()[0].size() == 1);
}

TEST_CASE("a residual's layer may point at its own output until the adjoint, and must keep the shape") {
  const Residual layer{support::MixingLayer<double>{.in = 3, .out = 3}};
  const auto report = testing::check_gradient(layer, {.n = 2, .t = 2, .h = 2, .w = 3, .f = 3});
  INFO(report);
  REQUIRE(report);
  const Residual wrong{support::MixingLayer<double>{.in = 3, .out = 2}};
  REQUIRE_THROWS_AS(wrong.output_shape({.f = 3}), ShapeError);
}

TEST_CASE("inference keeps nothing for a residual") {
  auto memory = Memory<Cpu>::measuring(Cpu{}, Purpose::inference);
  static_cast<void>(Residual{Gain{}}.make_cache(memory, {.h = 64, .w = 64}));
  REQUIRE(memory.kept.peak_bytes() == 0);
  REQUIRE(memory.scratch.peak_bytes() == 64 * 64 * 4);
}

}  // namespace residual_test
