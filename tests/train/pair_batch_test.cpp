// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/adversarial/pair_batch.hpp"

#include "support/catch.hpp"

namespace pair_batch_test {

using namespace videoonenet;

namespace {

/// A number and its negative.
struct Numbers {
  using value_type = double;
  Index size() const { return 7; }
  Shape given_shape() const { return {.h = 2}; }
  Shape truth_shape() const { return {.w = 3}; }
  void draw(Index i, View<double> given, View<double> truth) const {
    std::ranges::fill(given.flat(), double(i));
    std::ranges::fill(truth.flat(), -double(i));
  }
  void draw_fixed(Index i, Index, View<double> given, View<double> truth) const { draw(i, given, truth); }
};

}  // namespace

TEST_CASE("a step has the pairs behind those of the step before, on any number of threads") {
  PairBatch<Numbers> batch(Numbers{}, 3);
  CHECK(batch.given().shape == Shape{.n = 3, .h = 2});
  CHECK(batch.truth().shape == Shape{.n = 3, .w = 3});
  CHECK(batch.steps_per_epoch() == 2);
  CHECK(PairBatch<Numbers>(Numbers{}, 9).steps_per_epoch() == 1);
  CHECK(batch.bytes() == 15 * 8);
  for (int threads : {1, 2})
    for (Index step : {0, 4}) {
      batch.draw(Cpu{.threads = threads}, step);
      for (Index n = 0; n < 3; ++n) {
        for (double v : batch.given().sample(n).flat()) CHECK(v == double(3 * step + n));
        for (double v : batch.truth().sample(n).flat()) CHECK(v == -double(3 * step + n));
      }
    }
  CHECK_THROWS_AS(PairBatch<Numbers>(Numbers{}, 0), InputError);
}

}  // namespace pair_batch_test
