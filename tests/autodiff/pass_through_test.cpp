// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/autodiff/pass_through/pass_through.hpp"

#include "support/catch.hpp"
#include "videoonenet/testing/check_gradient.hpp"

namespace pass_through_test {

using namespace videoonenet;

TEMPLATE_TEST_CASE("passing through changes nothing", "", float, double) {
  using T = TestType;
  STATIC_REQUIRE(Layer<PassThrough<T>>);
  const Shape shape{.n = 2, .t = 3, .h = 2, .w = 1, .f = 2};
  testing::LayerTrial trial(PassThrough<T>{}, shape);
  Random random(1);
  trial.draw(random);
  trial.forward();
  trial.adjoint();
  REQUIRE(std::ranges::equal(trial.y, trial.x));
  REQUIRE(std::ranges::equal(trial.grad_x, trial.grad_y));
  REQUIRE(PassThrough<T>{}.parameter_count() == 0);
  REQUIRE(testing::check_gradient(PassThrough<T>{}, shape));
}

TEST_CASE("passing through refuses an output of another shape") {
  const PassThrough<float> layer;
  Tensor<float> x({.w = 2}), y({.h = 2});
  PassThrough<float>::Cache cache;
  REQUIRE_THROWS_AS(layer.forward(Cpu{}, {}, x.view(), y.view(), cache), ShapeError);
}

}  // namespace pass_through_test
