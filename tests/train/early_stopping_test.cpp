// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/early_stopping.hpp"

#include "support/catch.hpp"

namespace early_stopping_test {

using namespace videoonenet;

TEST_CASE("early stopping waits for a lower loss as long as its patience") {
  EarlyStopping s;
  CHECK_FALSE(s.exhausted(1));
  CHECK(s.improves(3));
  CHECK(s.improves(2));
  CHECK_FALSE(s.improves(2));  // equal is not lower
  CHECK_FALSE(s.exhausted(2));
  CHECK_FALSE(s.improves(2.5));
  CHECK(s.exhausted(2));
  CHECK_FALSE(s.exhausted(3));
  CHECK_FALSE(s.exhausted(0));
  CHECK(s.best_loss == 2);
  CHECK(s.improves(1.5));
  CHECK(s.epochs_since_best == 0);
  CHECK_FALSE(s.exhausted(1));
}

}  // namespace early_stopping_test
