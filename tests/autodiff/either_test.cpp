// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/autodiff/either/either.hpp"

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"
#include "videoonenet/autodiff/pass_through/pass_through.hpp"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/testing/check_gradient.hpp"

namespace either_test {

using namespace videoonenet;
using archetypes::Gain;

namespace {

/// y = −x, with the Cache type of PassThrough: alternatives are told apart by their place.
struct Negation : PassThrough<float> {
  template <Executor Ex>
  void forward(const Ex&, std::span<const float>, View<const float> x, View<float> y, Cache&) const {
    for (Index i = 0; i < x.size(); ++i) y.data[i] = -x.data[i];
  }
  template <Executor Ex>
  void adjoint(const Ex&, std::span<const float>, const Cache&, View<const float> grad_y, View<float> grad_x,
               std::span<float>) const {
    for (Index i = 0; i < grad_y.size(); ++i) grad_x.data[i] -= grad_y.data[i];
  }
};

using Choice = Either<PassThrough<float>, Gain, Negation>;

}  // namespace

TEST_CASE("either computes what the layer inside computes") {
  STATIC_REQUIRE(Layer<Choice>);
  for (const Choice& choice : {Choice(PassThrough<float>{}), Choice(Gain{}), Choice(Negation{})}) {
    testing::LayerTrial trial(choice, {.w = 2});
    trial.x = {1, 2};
    trial.grad_y = {10, 20};
    std::ranges::fill(trial.parameters, 3.0f);
    trial.forward();
    trial.adjoint();
    const float factor = choice.variant().index() == 0 ? 1 : choice.variant().index() == 1 ? 3 : -1;
    REQUIRE((trial.y[0] == factor && trial.y[1] == 2 * factor));
    REQUIRE((trial.grad_x[0] == 10 * factor && trial.grad_x[1] == 20 * factor));
    REQUIRE(trial.parameters.size() == (choice.variant().index() == 1));
    const auto report = testing::check_gradient(choice, {.h = 3, .w = 2});
    INFO(report);
    REQUIRE(report);
  }
}

TEST_CASE("either has the parameters of the layer inside") {
  const auto chain = sequential(named("first", Gain{}), named("choice", Choice(Gain{})));
  REQUIRE(chain.parameters().back().name == "choice.parameters");
  REQUIRE(sequential(named("first", Gain{}), named("choice", Choice(Negation{}))).parameter_count() == 1);
}

TEST_CASE("either refuses a cache made for another alternative") {
  const Choice gain(Gain{}), negation(Negation{});
  auto memory = Memory<Cpu>::measuring(Cpu{});
  auto cache = gain.make_cache(memory, {.w = 1});
  const Buffer<float> x{1}, weights{1};
  Buffer<float> y(1);
  REQUIRE_THROWS_AS(negation.forward(Cpu{}, weights.span(), {x.data(), {}}, {y.data(), {}}, cache), InputError);
}

}  // namespace either_test
