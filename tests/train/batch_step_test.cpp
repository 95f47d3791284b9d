// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/batch_step/batch_step.hpp"

#include "support/catch.hpp"

namespace batch_step_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a batch refuses what does not fit it") {
  const Shape video{.n = 2, .t = 1, .h = 2, .w = 2};
  HostBatch<float> batch(video, {.values = 8, .rank = 1});
  const std::vector<float> x(4), factor(4);
  const FactorLayout layout{.size = 4, .diagonal = true};
  batch.put(1, x, x, x, layout, factor);
  CHECK_THROWS_WITH(batch.put(2, x, x, x, layout, factor), ContainsSubstring("video 2 of 2"));
  CHECK_THROWS_WITH(batch.put(0, factor, x, std::vector<float>(5), layout, factor), ContainsSubstring("5 entries"));
  CHECK_THROWS_WITH(batch.put(0, x, x, x, {.size = 4, .rank = 2}, std::vector<float>(11)), ContainsSubstring("rank 2"));
  CHECK_THROWS_WITH(batch.put(0, x, x, x, {.steps = 2, .size = 2, .mixes_steps = true}, factor),
                    ContainsSubstring("mixes 2 steps"));
}

}  // namespace batch_step_test
