// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/streams.hpp"

#include <vector>

#include "support/catch.hpp"

namespace streams_test {

using namespace videoonenet;

TEST_CASE("on the host both computations are done when they are back, with the threads there are") {
  for (const int threads : {1, 2, 3, 4}) {
    const Cpu ex{.threads = threads};
    std::vector<int> given(2), together(2);
    side_by_side(ex, [&](const Cpu& own) { given[0] = own.threads; }, [&](const Cpu& own) { given[1] = own.threads; });
    overlap(ex, [&](const Cpu& own) { together[0] = own.threads; }, [&](const Cpu& own) { together[1] = own.threads; });
    const int each = threads == 2 || threads == 3 ? 1 : threads;
    CHECK(given == std::vector<int>{each, each});
    CHECK(together == std::vector<int>{threads, threads});
  }
}

TEST_CASE("computations that overlap share scratch on the host") {
  CHECK_FALSE(overlaps(Cpu{}));
  std::vector<int> order;
  overlap(Cpu{.threads = 2}, [&](const Cpu&) { order.push_back(1); }, [&](const Cpu&) { order.push_back(2); });
  CHECK(order == std::vector<int>{1, 2});
}

}  // namespace streams_test
