// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/prefetcher.hpp"

#include <atomic>
#include <chrono>
#include <memory>

#include "support/catch.hpp"
#include "videoonenet/core/errors.hpp"

namespace prefetcher_test {

using namespace videoonenet;

TEST_CASE("values come once each and in order, made ahead or on demand") {
  for (Prefetch mode : {Prefetch::ahead, Prefetch::on_demand}) {
    std::atomic<Index> made = 0;
    Prefetcher<std::unique_ptr<Index>> values(
        [&](Index i) {
          ++made;
          return std::make_unique<Index>(i * i);
        },
        3, mode);
    for (Index i = 3; i < 200; ++i) REQUIRE(*values.next() == i * i);
    CHECK(made >= 197);
    CHECK(made <= 198);
    if (mode == Prefetch::on_demand) CHECK(made == 197);
  }
}

TEST_CASE("the next value is made while the present one is used, and no more than that one") {
  std::atomic<Index> made = 0;
  Prefetcher<Index> values(
      [&](Index i) {
        ++made;
        return i;
      },
      0);
  CHECK(values.next() == 0);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (made < 2 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  CHECK(made == 2);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(made == 2);
}

TEST_CASE("several values are made at once and come in order") {
  constexpr Index ahead = 3;
  std::atomic<Index> made = 0, at_once = 0, most = 0;
  Prefetcher<Index> values(
      [&](Index i) {
        const Index now = ++at_once;
        for (Index seen = most; seen < now && !most.compare_exchange_weak(seen, now);) continue;
        std::this_thread::sleep_for(std::chrono::milliseconds(i % 3));
        --at_once;
        ++made;
        return i * i;
      },
      5, Prefetch::ahead, ahead);
  for (Index i = 5; i < 100; ++i) REQUIRE(values.next() == i * i);
  CHECK(most > 1);
  CHECK(made <= 95 + ahead);
}

TEST_CASE("what making a value throws reaches who asks for it, after the values before it") {
  for (Prefetch mode : {Prefetch::ahead, Prefetch::on_demand}) {
    Prefetcher<Index> values([](Index i) { return i < 2 ? i : throw InputError("a missing video"); }, 0, mode);
    CHECK(values.next() == 0);
    CHECK(values.next() == 1);
    CHECK_THROWS_WITH(values.next(), "a missing video");
  }
}

TEST_CASE("a prefetcher that nobody asks ends") {
  Prefetcher<Index> never_asked([](Index i) { return i; }, 0);
  Prefetcher<Index> failing([](Index) -> Index { throw InputError("unseen"); }, 0);
  SUCCEED();
}

}  // namespace prefetcher_test
