// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/loops_cpu.hpp"

#include <atomic>
#include <vector>

#include "support/catch.hpp"

namespace loops_cpu_test {

using namespace videoonenet;

TEST_CASE("for_rows visits every row once, for any row length and number of threads") {
  for (int threads : {1, 2, 3})
    for (Index rows : {0, 1, 7, 100})
      for (Index work : {0, 1, 3000, 100000}) {
        std::vector<std::atomic<int>> visits(static_cast<std::size_t>(rows));
        cpu::detail::for_rows(Cpu{.threads = threads}, rows, work,
                              [&](Index row) { ++visits[static_cast<std::size_t>(row)]; });
        for (const auto& count : visits) REQUIRE(count == 1);
      }
}

TEST_CASE("with_channels passes the count on, 1 and 3 as constants") {
  for (Index count : {1, 2, 3, 4, 64}) {
    Index seen = 0;
    bool constant = false;
    cpu::detail::with_channels(count, [&](auto channels) {
      seen = channels;
      constant = !std::is_same_v<decltype(channels), Index>;
    });
    CHECK(seen == count);
    CHECK(constant == (count == 1 || count == 3));
  }
}

}  // namespace loops_cpu_test
