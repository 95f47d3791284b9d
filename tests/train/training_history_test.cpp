// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/training_history.hpp"

#include <limits>
#include <vector>

#include "support/catch.hpp"

namespace training_history_test {

using namespace videoonenet;

TEST_CASE("the history is a table with a line an epoch") {
  const std::vector<EpochRecord> history{
      {.epoch = 1,
       .step = 100,
       .training_loss = 0.1,
       .validation_loss = 0.25,
       .validation_psnr = 6,
       .gradient_norm = 2},
      {.epoch = 2, .step = 200, .validation_psnr = std::numeric_limits<double>::infinity(), .videos_per_second = 1.5}};
  CHECK(history_csv(history) ==
        "epoch,step,training_loss,validation_loss,validation_psnr,gradient_norm,videos_per_second\n"
        "1,100,0.1,0.25,6.00000,2,0.00\n"
        "2,200,0,0,inf,0,1.50\n");
}

}  // namespace training_history_test
