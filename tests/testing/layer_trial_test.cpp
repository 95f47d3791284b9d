// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/testing/layer_trial.hpp"

#include <cmath>

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"

namespace layer_trial_test {

using namespace videoonenet;

namespace {

/// Writes nothing, and copies what it finds in its memory.
struct Idle {
  using value_type = double;
  struct Cache {
    std::span<double> kept, scratch;
  };
  Shape output_shape(const Shape&) const { return flat_shape(3); }
  Index parameter_count() const { return 0; }
  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape&) const {
    const typename Arena<Ex>::Scope scope(memory.scratch);
    return {memory.kept.template take<double>(3), memory.scratch.template take<double>(3)};
  }
  template <Executor Ex>
  void forward(const Ex&, std::span<const double>, View<const double>, View<double> y, Cache& cache) const {
    for (std::size_t i : {0u, 1u, 2u}) seen[i] = y.data[i] + cache.kept[i] + cache.scratch[i];
    cache.scratch[0] = cache.kept[0] = 1;
  }
  template <Executor Ex>
  void adjoint(const Ex&, std::span<const double>, const Cache& cache, View<const double>, View<double> grad_x,
               std::span<double>) const {
    grad_x.data[0] += cache.kept[0];
    seen[0] = cache.scratch[0];
  }
  double* seen;
};

}  // namespace

TEST_CASE("a trial runs a layer forward and adjoint, and its gradients add up") {
  testing::LayerTrial trial(archetypes::Gain{}, Shape{.w = 2});
  REQUIRE((trial.input_shape() == Shape{.w = 2} && trial.output_shape() == Shape{.w = 2}));
  std::ranges::copy(std::array{1.0f, -2.0f}, trial.x.begin());
  std::ranges::copy(std::array{5.0f, 10.0f}, trial.grad_y.begin());
  trial.parameters[0] = 3;
  trial.forward();
  REQUIRE((trial.y[0] == 3 && trial.y[1] == -6));
  trial.adjoint();
  trial.adjoint();
  REQUIRE((trial.grad_x[0] == 30 && trial.grad_x[1] == 60 && trial.grad_parameters[0] == -30));
}

TEST_CASE("a trial's memory is NaN until it is written, and its scratch again before every call") {
  double seen[3];
  testing::LayerTrial trial(Idle{seen}, Shape{});
  trial.forward();
  for (double v : seen) REQUIRE(std::isnan(v));
  for (double v : trial.y) REQUIRE(std::isnan(v));
  trial.adjoint();
  REQUIRE(trial.grad_x[0] == 1);
  REQUIRE(std::isnan(seen[0]));
}

TEST_CASE("a trial draws the same numbers from the same seed") {
  testing::LayerTrial a(archetypes::Gain{}, Shape{.w = 2}), b = testing::LayerTrial(archetypes::Gain{}, Shape{.w = 2});
  Random one(1), two(1);
  a.draw(one, 0);
  b.draw(two);
  REQUIRE(a.x[1] == b.x[1]);
  REQUIRE((a.parameters[0] == 0 && b.parameters[0] != 0));
  REQUIRE((a.grad_y[0] == b.grad_y[0] && a.grad_y[0] != a.x[0]));
}

}  // namespace layer_trial_test
