// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/cuda/divisor.hpp"

#include <limits>

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"

namespace divisor_test {

using namespace videoonenet;
using cuda::Divisor;

TEST_CASE("a prepared divisor divides as the processor does") {
  constexpr int most = std::numeric_limits<int>::max();
  Random random(1);
  for (int trial = 0; trial < 2000; ++trial) {
    const int bits = static_cast<int>(random.integer(31));
    const int d = trial < 200 ? trial + 1 : 1 + static_cast<int>(random.integer(Index(1) << bits));
    const Divisor divisor(d);
    CHECK(divisor.value() == d);
    for (const int n : {0, 1, d - 1, d, most / d * d, most - 1, most, static_cast<int>(random.integer(most))}) {
      if (divisor.divide(n) != n / d || divisor.remainder(n) != n % d) FAIL(n << " / " << d);
    }
    if (d > 1 && divisor.divide(most / d * d - 1) != (most / d * d - 1) / d) FAIL("below a multiple of " << d);
  }
}

}  // namespace divisor_test
