// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/autodiff/backward.hpp"

#include <array>

#include "support/catch.hpp"

namespace backward_test {

using namespace videoonenet;

TEST_CASE("a backward strategy says what is differentiated, held and checkpointed") {
  const auto counts = [](const Backward& b, int iterations) {
    return std::array{b.first(iterations), b.held(iterations), b.segments(iterations)};
  };
  using Counts = std::array<int, 3>;
  REQUIRE(counts(Backward::store(), 13) == Counts{0, 13, 1});
  REQUIRE(counts(Backward::checkpoint(4), 13) == Counts{0, 4, 4});
  REQUIRE(counts(Backward::checkpoint(20), 13) == Counts{0, 13, 1});
  REQUIRE(counts(Backward::recompute(), 13) == Counts{0, 1, 13});
  REQUIRE(counts(Backward::truncated(5), 13) == Counts{8, 5, 1});
  REQUIRE(counts(Backward::truncated(20), 13) == Counts{0, 13, 1});
  REQUIRE(counts({.segment = 2, .last = 5}, 13) == Counts{8, 2, 3});
}

TEST_CASE("a strategy of no iterations is refused") {
  REQUIRE_THROWS_WITH(Backward::checkpoint(0), Catch::Matchers::ContainsSubstring("0 iterations"));
  REQUIRE_THROWS_AS(Backward::truncated(-1), InputError);
}

}  // namespace backward_test
