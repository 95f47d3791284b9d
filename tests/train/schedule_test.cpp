// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/schedule/schedule.hpp"

#include "support/catch.hpp"

namespace schedule_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("schedules at a few steps") {
  CHECK(ConstantSchedule{}(0) == 1);
  CHECK(ConstantSchedule{}(1'000'000) == 1);

  const StepSchedule step{.every = 10, .factor = 0.5};
  CHECK((step(0) == 1 && step(9) == 1 && step(10) == 0.5 && step(39) == 0.125));

  const ExponentialSchedule exponential{.every = 10, .factor = 0.25};
  CHECK((exponential(0) == 1 && exponential(10) == 0.25));
  CHECK(exponential(5) == Approx(0.5).epsilon(1e-14));

  const CosineSchedule cosine{.steps = 12, .last = 0.1};
  CHECK(cosine(0) == 1);
  CHECK(cosine(6) == Approx(0.55).epsilon(1e-14));
  CHECK(cosine(4) == Approx(0.1 + 0.9 * 0.75).epsilon(1e-14));  // cos 60° = 1/2
  CHECK(cosine(12) == Approx(0.1).epsilon(1e-14));
  CHECK(cosine(1000) == cosine(12));

  const WarmupSchedule warmup{.steps = 4, .then = StepSchedule{.every = 5, .factor = 0.5}};
  CHECK((warmup(0) == 0.25 && warmup(2) == 0.75 && warmup(3) == 1 && warmup(4) == 1 && warmup(5) == 0.5));
}

TEST_CASE("schedules as a command line spells them") {
  CHECK(parse_schedule("constant", 10)(7) == 1);
  CHECK(parse_schedule("cosine", 10)(10) == Approx(0).margin(1e-15));
  CHECK(parse_schedule("cosine:0.5", 10)(99) == Approx(0.5));
  CHECK(parse_schedule("step:3:0.1", 10)(7) == Approx(0.01));
  CHECK(parse_schedule("exponential:4:0.25", 10)(2) == Approx(0.5));
  CHECK(parse_schedule("warmup:5,step:3:0.5", 10)(3) == Approx(0.8 * 0.5));
}

TEST_CASE("what is no schedule is refused") {
  for (const char* text : {"",
                           "linear",
                           "constant:1",
                           "cosine:2",
                           "cosine:-1",
                           "cosine:0.1:2",
                           "cosine:",
                           "step:3",
                           "step:0:0.5",
                           "step:1.5:0.5",
                           "step:3:0",
                           "step:3:nan",
                           "step:3:x",
                           "exponential:3:1.5",
                           "exponential:1e99:0.5",
                           "warmup:0,constant",
                           "warmup:2",
                           "warmup:x,constant",
                           "step,cosine",
                           "warmup:2,warm"}) {
    INFO(text);
    CHECK_THROWS_AS(parse_schedule(text, 10), InputError);
  }
  CHECK_THROWS_WITH(parse_schedule("linear", 10), ContainsSubstring("\"linear\" is unknown"));
}

}  // namespace schedule_test
