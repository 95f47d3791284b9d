// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/metrics/mean_deviation.hpp"

#include "support/catch.hpp"

namespace mean_deviation_test {

using namespace videoonenet;

TEST_CASE("mean and population deviation by hand") {
  MeanDeviation score;
  CHECK(score.count() == 0);
  CHECK(score.mean() == 0);
  CHECK(score.deviation() == 0);
  score.add(3);
  CHECK(score.mean() == 3);
  CHECK(score.deviation() == 0);
  for (double v : {1.0, 1.0, 3.0}) score.add(v);
  CHECK(score.count() == 4);
  CHECK(score.mean() == Approx(2));
  CHECK(score.deviation() == Approx(1));  // divided by n, not by n − 1
}

TEST_CASE("a large common offset does not cost digits") {
  MeanDeviation score;
  for (int i = 0; i < 1000; ++i) score.add(1e9 + i % 2);
  CHECK(score.mean() == Approx(1e9 + 0.5).epsilon(1e-15));
  CHECK(score.deviation() == Approx(0.5).epsilon(1e-9));
}

}  // namespace mean_deviation_test
