// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/memory.hpp"

#include "support/catch.hpp"

namespace memory_test {

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

TEST_CASE("caches for calls one after the other share everything but what they carry") {
  struct Cache {
    std::span<float> kept, scratch, carried;
  };
  const auto make = [](auto& memory) {
    return make_caches(memory, 3, [&] {
      const typename Arena<Cpu>::Scope scope(memory.scratch);
      return Cache{memory.kept.template take<float>(16), memory.scratch.template take<float>(32),
                   memory.carried.template take<float>(48)};
    });
  };
  auto planned = plan(Cpu{}, make, Purpose::inference, 2);
  REQUIRE(planned.memory.hop == 2);
  REQUIRE(planned.bytes() == 4 * (16 + 32 + 3 * 48));
  REQUIRE(planned_bytes(Cpu{}, make, Purpose::inference, 2) == planned.bytes());
  REQUIRE(planned.memory.kept.used_bytes() == 4 * 16);  // what comes next does not lie in it
  const auto& caches = planned.cache;
  REQUIRE(caches.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    REQUIRE(caches[i].kept.data() == caches[0].kept.data());
    REQUIRE(caches[i].scratch.data() == caches[0].scratch.data());
    REQUIRE(caches[i].carried.data() == planned.memory.carried.all<float>().data() + 48 * i);
    for (float v : caches[i].carried) REQUIRE(v == 0);
  }
  REQUIRE(planned.memory.carried.all<float>().size() == 3 * 48);
  REQUIRE(Memory<Cpu>::measuring(Cpu{}).carried.all<float>().empty());
}

}  // namespace memory_test
