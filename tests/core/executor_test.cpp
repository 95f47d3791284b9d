// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/executor.hpp"

#include <vector>

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"

namespace executor_test {

using namespace videoonenet;

TEST_CASE("executors are values with memory of their own") {
  STATIC_REQUIRE(Executor<Cpu>);
  STATIC_REQUIRE(Executor<archetypes::SmallExecutor>);
  STATIC_REQUIRE_FALSE(Executor<int>);
  REQUIRE(Cpu{}.threads == 1);
  REQUIRE(Cpu{.threads = 3}.allocate<double>(5).size() == 5);
}

TEST_CASE("parallel_for calls the body once for every index, whatever the thread count") {
  for (int threads : {-1, 0, 1, 2, 7})
    for (Index count : {0, 1, 2, 5, 1000}) {
      std::vector<int> calls(static_cast<std::size_t>(count));
      cpu::parallel_for(Cpu{.threads = threads}, count, [&](Index i) { ++calls[static_cast<std::size_t>(i)]; });
      for (int c : calls) REQUIRE(c == 1);
    }
}

TEST_CASE("parallel_for calls nothing for a negative count") {
  int calls = 0;
  cpu::parallel_for(Cpu{.threads = 2}, -3, [&](Index) { ++calls; });
  REQUIRE(calls == 0);
}

TEST_CASE("an exception of a body reaches the caller after all threads have finished") {
  for (int threads : {1, 2, 4}) {
    std::atomic<int> running{0};
    const auto body = [&](Index i) {
      ++running;
      struct Leave {
        std::atomic<int>& count;
        ~Leave() { --count; }
      } leave{running};
      if (i % 10 == 3) throw InputError(sentence("at ", i));
    };
    REQUIRE_THROWS_WITH(cpu::parallel_for(Cpu{.threads = threads}, 100, body),
                        Catch::Matchers::ContainsSubstring("at "));
    REQUIRE(running == 0);
  }
}

TEST_CASE("parallel_for works inside parallel_for") {
  std::atomic<int> calls{0};
  const Cpu ex{.threads = 2};
  cpu::parallel_for(ex, 4, [&](Index) { cpu::parallel_for(ex, 5, [&](Index) { ++calls; }); });
  REQUIRE(calls == 20);
}

TEST_CASE("parallel_ranges covers every index once, each worker with one range") {
  for (int threads : {1, 2, 3, 7})
    for (Index count : {0, 1, 5, 64}) {
      std::vector<std::atomic<int>> visits(static_cast<std::size_t>(count));
      std::vector<std::atomic<int>> calls(static_cast<std::size_t>(threads));
      cpu::parallel_ranges(Cpu{.threads = threads}, count, [&](Index worker, Index begin, Index end) {
        ++calls[static_cast<std::size_t>(worker)];
        for (Index i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
      });
      for (const auto& v : visits) REQUIRE(v == 1);
      for (const auto& c : calls) REQUIRE(c <= 1);
    }
}

}  // namespace executor_test
