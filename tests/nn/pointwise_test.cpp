// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/pointwise/pointwise.hpp"

#include "nn/layer_checks.hpp"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/nn/activation/activation_reference.hpp"
#include "videoonenet/nn/instance_norm/instance_norm.hpp"

namespace pointwise_test {

using namespace videoonenet;

namespace {

/// A researcher's own activation, with an option.
struct Swish {
  double sharpness = 1;
  auto operator()(auto t) const { return t * sigmoid(sharpness * t); }
};

}  // namespace

TEST_CASE("a function without a derivative is a layer that needs no adjoint") {
  const Shape shape{.n = 2, .t = 2, .h = 3, .w = 5, .f = 2};
  layer_checks::require_gradient(pointwise<double>(Swish{.sharpness = 1.7}), shape);
  layer_checks::require_gradient(pointwise<double>([](auto t) { return select(t < 0, expm1(t), t + t * t); }), shape);
  layer_checks::require_gradient(pointwise<double>([](auto t) { return sin(t) * exp(-t * t / 2); }), shape);
  // as an activation inside of another layer, and in a chain
  layer_checks::require_gradient(InstanceNorm<double, Differentiated<Swish>>{}, shape);
  layer_checks::require_gradient(
      sequential(named("norm", InstanceNorm<double>{}), named("swish", pointwise<double>(Swish{}))), shape);
}

TEMPLATE_TEST_CASE("an automatic derivative is the written one", "", float, double) {
  using T = TestType;
  const auto automatic = pointwise<T>([](auto t) { return softplus(2 * t + 2) / 2 - 1; });
  testing::LayerTrial a(automatic, {.h = 7, .w = 9});
  testing::LayerTrial b(Activation<T, ScaledSoftplus>{}, {.h = 7, .w = 9});
  Random random(4);
  a.draw(random);
  b.x = a.x, b.grad_y = a.grad_y;
  a.forward(), a.adjoint(), b.forward(), b.adjoint();
  const double tolerance = sizeof(T) == 4 ? 1e-6 : 1e-14;
  REQUIRE(layer_checks::deviation(a.y, b.y) < tolerance);
  REQUIRE(layer_checks::deviation(a.grad_x, b.grad_x) < tolerance);
  Buffer<T> expected(a.x.size());
  reference::activation_forward(automatic.function, a.x.span(), expected.span());
  REQUIRE(layer_checks::deviation(a.y, expected) < tolerance);
}

TEST_CASE("a function's result is the same for every number of threads") {
  layer_checks::require_same_for_all_threads(pointwise<float>(Swish{}), {.t = 3, .h = 200, .w = 131});
}

}  // namespace pointwise_test
