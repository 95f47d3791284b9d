// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/bidirectional/bidirectional.hpp"

#include "nn/layer_checks.hpp"
#include "videoonenet/nn/minimal_rnn/minimal_rnn.hpp"

namespace bidirectional_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

TEMPLATE_TEST_CASE("a bidirectional layer is its cells side by side", "", float, double) {
  using T = TestType;
  const auto both = bidirectional(MinimalRnn<T>{.channels = 3});
  STATIC_REQUIRE(Layer<std::remove_cvref_t<decltype(both)>>);
  const Shape shape{.n = 2, .t = 4, .h = 5, .w = 3, .f = 3};
  testing::LayerTrial trial(both, shape);
  testing::LayerTrial ahead(both.forward_cell, shape), back(both.backward_cell, shape);
  REQUIRE((trial.output_shape() == Shape{.n = 2, .t = 4, .h = 5, .w = 3, .f = 6}));
  Random random(3);
  trial.draw(random);
  ahead.x = back.x = trial.x;
  const auto copy_halves = [](const auto& from, auto& first, auto& second) {
    const Index half = from.size() / 2;
    std::copy_n(from.data(), half, first.data());
    std::copy_n(from.data() + half, half, second.data());
  };
  copy_halves(trial.parameters, ahead.parameters, back.parameters);
  for (Index i = 0; i < trial.grad_y.size(); ++i)
    (i % 6 < 3 ? ahead : back).grad_y[i / 6 * 3 + i % 3] = trial.grad_y[i];
  for (auto* t : {&ahead, &back}) t->forward(), t->adjoint();
  trial.forward(), trial.adjoint();

  for (Index i = 0; i < trial.y.size(); ++i) REQUIRE(trial.y[i] == (i % 6 < 3 ? ahead : back).y[i / 6 * 3 + i % 3]);
  Buffer<T> grad_x(trial.x.size()), grad_parameters = trial.grad_parameters;
  for (Index i = 0; i < grad_x.size(); ++i) grad_x[i] = ahead.grad_x[i] + back.grad_x[i];
  REQUIRE(layer_checks::deviation(trial.grad_x, grad_x) < (sizeof(T) == 4 ? 1e-5 : 1e-13));
  const Index half = grad_parameters.size() / 2;
  REQUIRE(std::equal(ahead.grad_parameters.begin(), ahead.grad_parameters.end(), trial.grad_parameters.begin()));
  REQUIRE(std::equal(back.grad_parameters.begin(), back.grad_parameters.end(), trial.grad_parameters.begin() + half));
}

TEST_CASE("every frame of a bidirectional layer sees every other") {
  const auto both = bidirectional(MinimalRnn<double>{.channels = 1});
  testing::LayerTrial trial(both, {.t = 3});
  Random random(8);
  trial.draw(random, 1);
  trial.forward();
  const Buffer<double> before = trial.y;
  trial.x[1] += 1;  // the frame in the middle
  trial.forward();
  REQUIRE((trial.y[0] == before[0] && trial.y[2] != before[2] && trial.y[4] != before[4]));  // forward cell
  REQUIRE((trial.y[1] != before[1] && trial.y[3] != before[3] && trial.y[5] == before[5]));  // backward cell
}

TEST_CASE("gradients of a bidirectional layer agree with differences") {
  for (const auto form : {MinimalRnnForm::paper, MinimalRnnForm::chen})
    layer_checks::require_gradient(bidirectional(MinimalRnn<double>{.channels = 2, .form = form}),
                                   {.n = 2, .t = 3, .h = 3, .w = 2, .f = 2});
}

TEST_CASE("two cells at the same time give the bits of one after the other") {
  const auto both = bidirectional(MinimalRnn<float>{.channels = 8});
  for (const Index n : {1, 2, 3})
    layer_checks::require_same_for_all_threads(both, {.n = n, .t = 4, .h = 9, .w = 7, .f = 8}, {2, 3, 4});
}

TEST_CASE("a bidirectional layer names its parameters and refuses cells that differ") {
  const auto both = bidirectional(MinimalRnn<float>{.channels = 4, .direction = TimeDirection::backward});
  REQUIRE(both.forward_cell.direction == TimeDirection::forward);
  REQUIRE(both.backward_cell.direction == TimeDirection::backward);
  REQUIRE(both.parameters().size() == 6);
  REQUIRE(both.parameters()[1].name == "forward.recurrent_kernel");
  REQUIRE(both.parameters()[5].name == "backward.bias");
  REQUIRE(both.parameter_count() == 2 * both.forward_cell.parameter_count());
  REQUIRE_THROWS_WITH(both.output_shape({.h = 2, .w = 2, .f = 3}), ContainsSubstring("has 3 channels, expected"));
}

}  // namespace bidirectional_test
