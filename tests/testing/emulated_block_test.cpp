// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/testing/emulated_block.hpp"

#include "support/catch.hpp"
#include "videoonenet/testing/emulated_grid.hpp"

namespace emulated_block_test {

using namespace videoonenet;
using namespace videoonenet::testing;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a warp runs as far as it gets before the next one, in the order asked for") {
  for (const auto order : {ThreadOrder::ascending, ThreadOrder::descending}) {
    std::vector<int> warps;
    emulate(
        {.threads = 96},
        [&](const auto& t) {
          if (t.lane() == 0) warps.push_back(t.warp());
          t.shuffle(1, 0);  // only the warp's own lanes wait
          if (t.lane() == 0) warps.push_back(t.warp());
          t.sync();
          if (t.lane() == 0) warps.push_back(t.warp() + 10);
        },
        order);
    const std::vector<int> ascending{0, 0, 1, 1, 2, 2, 10, 11, 12}, descending{2, 2, 1, 1, 0, 0, 12, 11, 10};
    CHECK(warps == (order == ThreadOrder::ascending ? ascending : descending));
  }
}

TEST_CASE("a team goes on before the next one, as far as it gets without the block") {
  for (const auto order : {ThreadOrder::ascending, ThreadOrder::descending}) {
    std::vector<int> warps;
    emulate(
        {.threads = 128},
        [&](const auto& t) {
          const auto note = [&](int round) {
            if (t.lane() == 0) warps.push_back(10 * round + t.warp());
          };
          note(0);
          t.sync_team(t.thread() / 64, 64);
          note(1);
          t.sync();
          note(2);
        },
        order);
    const std::vector<int> ascending{0, 1, 10, 11, 2, 3, 12, 13, 20, 21, 22, 23},
        descending{3, 2, 13, 12, 1, 0, 11, 10, 23, 22, 21, 20};
    CHECK(warps == (order == ThreadOrder::ascending ? ascending : descending));
  }
}

TEST_CASE("what would hang or corrupt memory on a device is said in a sentence") {
  const auto refused = [](const cuda::Grid& grid, const auto& kernel) {
    try {
      emulate(grid, kernel);
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  CHECK_THAT(refused({.threads = 32},
                     [](const auto& t) {
                       if (t.thread() < 7) t.sync();
                     }),
             ContainsSubstring("wait for each other at different barriers"));
  CHECK_THAT(refused({.threads = 64},
                     [](const auto& t) {
                       if (t.warp() == 0)
                         t.sync();
                       else
                         t.shuffle(1.0f, 0), t.shuffle(1.0f, 0);
                     }),
             ContainsSubstring("or some have ended"));
  CHECK_THAT(refused({.threads = 64},
                     [](const auto& t) {
                       if (t.warp() == 0)
                         t.sync_team(0, 64);
                       else
                         t.sync();
                     }),
             ContainsSubstring("wait for each other at different barriers"));
  CHECK_THAT(refused({.threads = 64}, [](const auto& t) { t.sync_team(0, t.warp() == 0 ? 32 : 64); }),
             ContainsSubstring("or some have ended"));
  CHECK_THAT(refused({.threads = 64}, [](const auto& t) { t.sync_team(0, 32); }),
             ContainsSubstring("thread 32 of 64 waits for team 0 of 32"));
  CHECK_THAT(refused({.threads = 96}, [](const auto& t) { t.sync_team(t.thread() / 64, 64); }),
             ContainsSubstring("thread 64 of 96 waits for team 1 of 64"));
  CHECK_THAT(refused({.threads = 32, .shared_bytes = 16}, [](const auto& t) { t.template shared<float>(0, 4)[4] = 1; }),
             ContainsSubstring("entry 4 of 4"));
  CHECK_THAT(refused({.threads = 32, .shared_bytes = 16}, [](const auto& t) { t.template shared<float>(4, 4); }),
             ContainsSubstring("shared bytes 4 to 20"));
  CHECK_THAT(refused({.blocks = {3, 1, 1}, .threads = 32, .cluster = 2}, [](const auto&) {}),
             ContainsSubstring("3 blocks are no whole clusters of 2"));
  CHECK_THAT(refused({.blocks = {2, 1, 1}, .threads = 32, .cluster = 2},
                     [](const auto& t) {
                       if (t.block() == 0) t.sync_cluster();
                     }),
             ContainsSubstring("wait for others that have ended"));
  const cuda::Grid pair{.blocks = {2, 1, 1}, .threads = 32, .shared_bytes = 16, .cluster = 2};
  CHECK_THAT(refused(pair, [](const auto& t) { t.wait_cluster(); }), ContainsSubstring("has not arrived there"));
  CHECK_THAT(refused(pair, [](const auto& t) { t.arrive_cluster(), t.arrive_cluster(); }),
             ContainsSubstring("barrier twice"));
  CHECK_THAT(refused(pair, [](const auto& t) { t.template cluster_shared<float>(2, 0, 4); }),
             ContainsSubstring("block 2 of a cluster of 2"));
  CHECK_THAT(refused(pair,
                     [](const auto& t) {
                       if (t.block() == 1) t.template cluster_shared<float>(0, 0, 4);
                     }),
             ContainsSubstring("a block that has ended"));
  CHECK_THAT(refused({.threads = 33}, [](const auto&) {}), ContainsSubstring("33 threads a block"));
}

}  // namespace emulated_block_test
