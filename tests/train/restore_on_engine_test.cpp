// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/batch_step/restore_on_engine.hpp"

#include "support/catch.hpp"
#include "train/start_engine.hpp"

namespace restore_on_engine_test {

using namespace videoonenet;
using namespace videoonenet::test;

TEST_CASE("an engine restores triplets in order, batch by batch, however many are drawn ahead") {
  const auto sampler = small_sampler<float>();
  for (Index ahead : {1, 3}) {
    StartEngine engine;
    Index next = 0;
    const bool complete = restore_on_engine(
        engine, 10, [&](Index i) { return sampler.draw(i); },
        [&](Index i, View<const float> z, View<const float> truth) {
          REQUIRE(i == next++);
          const Triplet<float> t = sampler.draw(i);
          REQUIRE(std::ranges::equal(truth.flat(), t.truth.flat()));
          CHECK(MeanSquaredError{}.value(Cpu{}, z, truth) == Approx(StartEngine::loss_of(t)));
        },
        {.batches_ahead = ahead});
    CHECK(complete);
    CHECK(next == 10);
    CHECK(engine.restored == 3);  // four, four and two
  }
}

TEST_CASE("a restoration by an engine can be stopped") {
  const auto sampler = small_sampler<float>();
  StartEngine engine;
  Index scored = 0;
  const auto draw = [&](Index i) { return sampler.draw(i); };
  const auto score = [&](Index, View<const float>, View<const float>) { ++scored; };
  CHECK(!restore_on_engine(engine, 10, draw, score, {.stop = [&] { return scored == 4; }}));
  CHECK(scored == 4);
}

}  // namespace restore_on_engine_test
