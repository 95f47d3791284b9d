// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/concepts/layer.hpp"

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"

namespace layer_test {

using namespace videoonenet;
using archetypes::Gain;

namespace {

struct WithoutCache {
  using value_type = float;
  Shape output_shape(const Shape& x) const { return x; }
  Index parameter_count() const { return 0; }
};

}  // namespace

TEST_CASE("a type is a Layer when it has every part, and only then") {
  STATIC_REQUIRE(Layer<Gain>);
  STATIC_REQUIRE(require_layer<Gain>());
  STATIC_REQUIRE_FALSE(Layer<WithoutCache>);
  STATIC_REQUIRE_FALSE(Layer<archetypes::Shrinkage>);
}

TEST_CASE("a layer is used through the concept alone: forward, then the adjoint accumulates") {
  const Gain layer;
  const Shape shape{.h = 1, .w = 3};
  const Buffer<float> weight{3};
  Buffer<float> x{1, 2, -1}, y(3), grad_y{1, 0, 2}, grad_x{10, 10, 10}, grad_weight{100};
  REQUIRE(layer.output_shape(shape) == shape);
  REQUIRE(layer.parameter_count() == weight.size());
  auto memory = Memory<Cpu>::measuring({});
  auto cache = layer.make_cache(memory, shape);
  layer.forward(Cpu{}, weight.span(), view(x.span(), shape), view(y.span(), shape), cache);
  REQUIRE((y[0] == 3 && y[1] == 6 && y[2] == -3));
  layer.adjoint(Cpu{}, weight.span(), cache, view(grad_y.span(), shape), view(grad_x.span(), shape),
                grad_weight.span());
  REQUIRE((grad_x[0] == 13 && grad_x[1] == 10 && grad_x[2] == 16));
  REQUIRE(grad_weight[0] == 99);  // 100 + 1·1 + 0·2 + 2·(−1)
}

}  // namespace layer_test
