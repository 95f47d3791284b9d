// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/arena.hpp"

#include <cstdint>

#include "support/catch.hpp"

namespace arena_test {

using namespace videoonenet;

namespace {

struct Layout {
  std::span<float> a;
  View<double> b;
  std::span<float> c;
};

Layout layout(Arena<Cpu>& arena) {
  Layout l;
  l.a = arena.take<float>(3);
  {
    const Arena<Cpu>::Scope scope(arena);
    arena.take<double>(100);
  }
  l.b = arena.take<double>({.t = 2, .h = 3});
  l.c = arena.take<float>(0);
  return l;
}

bool aligned(const void* p) { return reinterpret_cast<std::uintptr_t>(p) % alignment == 0; }

}  // namespace

TEST_CASE("measuring and serving make the same plan, and the measured size suffices exactly") {
  auto plan = Arena<Cpu>::measuring();
  const Layout measured = layout(plan);
  REQUIRE(measured.a.data() == nullptr);
  REQUIRE(measured.a.size() == 3);
  REQUIRE(measured.b.shape == Shape{.t = 2, .h = 3});

  Arena<Cpu> arena(Cpu{}, plan.peak_bytes());
  const Layout served = layout(arena);
  REQUIRE(arena.peak_bytes() == plan.peak_bytes());
  REQUIRE(arena.used_bytes() == plan.used_bytes());
  REQUIRE((aligned(served.a.data()) && aligned(served.b.data)));
  REQUIRE(served.b.flat().size() == 6);
  REQUIRE(reinterpret_cast<std::byte*>(served.b.data) >= reinterpret_cast<std::byte*>(served.a.data() + 3));

  Arena<Cpu> smaller(Cpu{}, plan.peak_bytes() - 1);
  REQUIRE_THROWS_AS(layout(smaller), Error);
}

TEST_CASE("a scope gives back what was taken in it, and the peak remembers it") {
  Arena<Cpu> arena(Cpu{}, 1024);
  arena.take<float>(16);
  const Index before = arena.used_bytes();
  const float* first = nullptr;
  {
    const Arena<Cpu>::Scope scope(arena);
    first = arena.take<float>(100).data();
    REQUIRE(arena.used_bytes() > before);
  }
  REQUIRE(arena.used_bytes() == before);
  REQUIRE(arena.take<float>(1).data() == first);
  REQUIRE(arena.peak_bytes() == before + 448);
}

TEST_CASE("an arena that is asked for more than it was planned with says both numbers") {
  Arena<Cpu> arena(Cpu{}, 128);
  arena.take<float>(32);
  REQUIRE_THROWS_WITH(arena.take<float>(1), "Arena: 192 bytes were requested of an arena planned with 128");
}

}  // namespace arena_test
