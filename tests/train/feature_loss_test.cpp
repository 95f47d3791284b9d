// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/loss/feature_loss.hpp"

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"
#include "support/mixing_layer.hpp"
#include "videoonenet/core/random.hpp"

namespace feature_loss_test {

using namespace videoonenet;
using archetypes::Gain;
using support::MixingLayer;

TEST_CASE("the feature loss of a comparator that trebles") {
  const Shape two{.w = 2};
  const Buffer<float> weight{3};
  const FeatureLoss loss(Gain{}, weight.span());
  auto planned = plan(Cpu{}, [&](auto& memory) { return loss.make_cache(memory, two); });
  const Tensor<float> truth(two, Buffer<float>{1, 2}.span()), z(two, Buffer<float>{2, 0}.span());
  Tensor<float> grad(two, Buffer<float>{100, 200}.span());
  loss.set_truth(Cpu{}, truth.view(), planned.cache);
  CHECK(loss.value(Cpu{}, z.view(), planned.cache) == (9 * 1 + 9 * 4) / 2.0);
  loss.add_gradient(Cpu{}, 10, planned.cache, grad.view());  // 2/2 · 9 (z − x) · 10
  CHECK((grad[0] == 100 + 90 && grad[1] == 200 - 180));
  CHECK(weight[0] == 3);
  CHECK(loss.value(Cpu{}, truth.view(), planned.cache) == 0);  // the truth is remembered
  const Buffer<float> two_weights{1, 2};
  CHECK_THROWS_AS(FeatureLoss(Gain{}, two_weights.span()), ShapeError);
}

TEST_CASE("the feature loss's gradient is its derivative, for one image after the other") {
  const Shape shape{.n = 2, .h = 3, .w = 2, .f = 3};
  const MixingLayer<double> comparator{.in = 3, .out = 4};
  Random random(5);
  Buffer<double> weights(comparator.parameter_count());
  random.fill_normal(weights.span());
  const FeatureLoss loss(comparator, std::as_const(weights).span());
  auto planned = plan(Cpu{}, [&](auto& memory) { return loss.make_cache(memory, shape); });
  Tensor<double> truth(shape), z(shape), direction(shape);
  random.fill_normal(truth.flat());
  loss.set_truth(Cpu{}, std::as_const(truth).view(), planned.cache);
  for (int k = 0; k < 2; ++k) {
    random.fill_normal(z.flat());
    random.fill_normal(direction.flat());
    Tensor<double> grad(shape);
    CHECK(loss.value(Cpu{}, std::as_const(z).view(), planned.cache) > 0.1);
    loss.add_gradient(Cpu{}, 1, planned.cache, grad.view());
    constexpr double h = 1e-6;
    const auto at = [&](double step) {
      Tensor<double> moved = z;
      axpby(Cpu{}, step, std::as_const(direction).flat(), 1.0, moved.flat());
      return loss.value(Cpu{}, std::as_const(moved).view(), planned.cache);
    };
    const double slope = dot(Cpu{}, std::as_const(grad).flat(), std::as_const(direction).flat());
    CHECK(slope == Approx((at(h) - at(-h)) / (2 * h)).epsilon(1e-7));
  }
}

TEST_CASE("without a comparator the feature loss is zero and adds nothing") {
  const Shape two{.w = 2};
  const NoFeatureLoss<double> loss;
  auto planned = plan(Cpu{}, [&](auto& memory) { return loss.make_cache(memory, two); });
  Tensor<double> z(two, Buffer<double>{3, 4}.span());
  loss.set_truth(Cpu{}, std::as_const(z).view(), planned.cache);
  CHECK(loss.value(Cpu{}, std::as_const(z).view(), planned.cache) == 0);
  loss.add_gradient(Cpu{}, 1, planned.cache, z.view());
  CHECK((z[0] == 3 && z[1] == 4 && planned.bytes() == 0));
}

}  // namespace feature_loss_test
