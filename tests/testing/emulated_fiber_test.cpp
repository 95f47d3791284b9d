// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/testing/emulated_fiber.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace emulated_fiber_test {

using namespace videoonenet;
using testing::Fiber;

namespace {

std::vector<std::string> said;
Fiber* running = nullptr;

/// Says how often it has been resumed, from within a call and a handler of exceptions.
void body() {
  for (int round = 0;; ++round) {
    const std::string mine = "round " + std::to_string(round);
    try {
      running->give_way();
      throw std::runtime_error(mine);
    } catch (const std::exception& e) {
      said.push_back(e.what());
    }
  }
}

void resume(Fiber& fiber) {
  running = &fiber;
  fiber.resume();
}

}  // namespace

TEST_CASE("fibers keep their place, their variables and their exceptions while others run") {
  said.clear();
  Fiber first(body), second(body);
  resume(first);
  CHECK(said.empty());
  double kept = 1.5;
  for (int i = 0; i < 3; ++i) {
    resume(first);
    kept *= 2;
    resume(second);
  }
  CHECK(kept == 12);
  CHECK(said == std::vector<std::string>{"round 0", "round 1", "round 0", "round 2", "round 1"});
}

}  // namespace emulated_fiber_test
