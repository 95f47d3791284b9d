// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/memory.hpp"

#include "support/catch.hpp"

using namespace videoonenet;

TEST_CASE("a plan takes exactly what was counted, and scratch is shared") {
  struct Cache {
    std::span<float> kept, first, second;
  };
  int calls = 0;
  const auto make = [&](auto& memory) {
    using Scope = typename std::remove_cvref_t<decltype(memory.scratch)>::Scope;
    ++calls;
    Cache cache;
    cache.kept = memory.kept.template take<float>(16);
    {
      const Scope scope(memory.scratch);
      cache.first = memory.scratch.template take<float>(32);
    }
    const Scope scope(memory.scratch);
    cache.second = memory.scratch.template take<float>(64);
    return cache;
  };
  REQUIRE(planned_bytes(Cpu{}, make) == 4 * (16 + 64));
  REQUIRE(calls == 1);
  const auto planned = plan(Cpu{}, make);
  REQUIRE(calls == 3);
  REQUIRE(planned.bytes() == 4 * (16 + 64));
  REQUIRE(planned.cache.first.data() == planned.cache.second.data());
  planned.cache.second[63] = planned.cache.kept[15] = 1;  // the memory is there
}
