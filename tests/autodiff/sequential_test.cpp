// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/autodiff/sequential/sequential.hpp"

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"

namespace sequential_test {

using namespace videoonenet;
using archetypes::Gain;

TEST_CASE("a chain computes the composition and its adjoint the chain rule") {
  const auto chain = sequential(named("first", Gain{}), named("second", Gain{}), named("third", Gain{}));
  STATIC_REQUIRE(Layer<std::remove_cvref_t<decltype(chain)>>);
  REQUIRE(chain.parameter_count() == 3);
  REQUIRE(chain.parameters()[1].name == "second.parameters");

  const Shape shape{.h = 1, .w = 2};
  const Buffer<float> weights{2, 3, 5};
  Buffer<float> x{1, -2}, y(2), grad_y{1, 10}, grad_x{100, 0}, grad_weights{0, 0, 1000};
  auto planned = plan(Cpu{}, [&](auto& memory) { return chain.make_cache(memory, shape); });
  chain.forward(Cpu{}, weights.span(), view(x.span(), shape), view(y.span(), shape), planned.cache);
  REQUIRE((y[0] == 30 && y[1] == -60));
  chain.adjoint(Cpu{}, weights.span(), planned.cache, view(grad_y.span(), shape), view(grad_x.span(), shape),
                grad_weights.span());
  REQUIRE((grad_x[0] == 130 && grad_x[1] == 300));
  // ⟨grad_y, x⟩ = 1 − 20 = −19, times the other two weights
  REQUIRE((grad_weights[0] == -19 * 15 && grad_weights[1] == -19 * 10 && grad_weights[2] == 1000 - 19 * 6));
}

TEST_CASE("inference keeps two activations however long the chain is") {
  const auto chain =
      sequential(named("a", Gain{}), named("b", Gain{}), named("c", Gain{}), named("d", Gain{}), named("e", Gain{}));
  const Shape shape{.h = 16, .w = 16};
  const auto make = [&](auto& memory) { return chain.make_cache(memory, shape); };
  REQUIRE(planned_bytes(Cpu{}, make, Purpose::inference) == 2 * 1024);
  REQUIRE(planned_bytes(Cpu{}, make) == (4 + 2) * 1024);  // four activations, two gradients

  const Buffer<float> weights{2, 3, 5, 7, 11};
  Tensor<float> x(shape), y(shape);
  x[7] = 1;
  auto planned = plan(Cpu{}, make, Purpose::inference);
  chain.forward(Cpu{}, weights.span(), x.view(), y.view(), planned.cache);
  REQUIRE(y[7] == 2310);
}

}  // namespace sequential_test
