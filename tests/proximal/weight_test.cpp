// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/proximal/weight.hpp"

#include <limits>

#include "support/catch.hpp"

namespace weight_test {

using namespace videoonenet;

TEST_CASE("the weight is the product of step and lambda") {
  CHECK(proximal_weight(2.0, 0.25, "test") == 0.5);
  CHECK(proximal_weight(0.f, 3.f, "test") == 0.f);
}

TEST_CASE("the weight refuses negative, infinite and undefined factors and says where") {
  constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  for (double bad : {-1e-9, inf, nan}) {
    CHECK_THROWS_AS(proximal_weight(bad, 1.0, "test"), InputError);
    CHECK_THROWS_AS(proximal_weight(1.0, bad, "test"), InputError);
  }
  CHECK_THROWS_WITH(proximal_weight(1.0, -2.0, "Somewhere"),
                    Catch::Matchers::ContainsSubstring("Somewhere") && Catch::Matchers::ContainsSubstring("-2"));
}

}  // namespace weight_test
