// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/testing/emulated_grid.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"

namespace emulated_grid_test {

using namespace videoonenet;
using namespace videoonenet::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Turns every block's part of an array around through shared memory.
struct Reverse {
  const float* from;
  float* to;
  bool barrier = true;

  template <class Thread>
  void operator()(const Thread& t) const {
    const auto shared = t.template shared<float>(0, t.threads());
    const int at = t.block() * t.threads() + t.thread();
    shared[t.thread()] = from[at];
    if (barrier) t.sync();
    to[at] = shared[t.threads() - 1 - t.thread()];
  }
};

std::vector<float> reversed(bool barrier, ThreadOrder order) {
  std::vector<float> from(3 * 64), to(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = float(i);
  emulate({.blocks = {3, 1, 1}, .threads = 64, .shared_bytes = 256}, Reverse{from.data(), to.data(), barrier}, order);
  return to;
}

}  // namespace

TEST_CASE("threads see each other's shared memory after a barrier, in whatever order they run") {
  for (const ThreadOrder order : {ThreadOrder::ascending, ThreadOrder::descending}) {
    const auto to = reversed(true, order);
    for (int i = 0; i < 192; ++i) REQUIRE(to[static_cast<std::size_t>(i)] == float(i / 64 * 64 + 63 - i % 64));
  }
}

TEST_CASE("a missing barrier shows, as NaN and as a result that depends on the order") {
  const auto up = reversed(false, ThreadOrder::ascending), down = reversed(false, ThreadOrder::descending);
  CHECK(std::isnan(up[0]));
  CHECK_FALSE(std::isnan(up[63]));
  CHECK(std::isnan(down[63]));
}

TEST_CASE("every block and thread runs once, with its own numbers") {
  std::vector<int> runs(2 * 3 * 4 * 32);
  emulate({.blocks = {2, 3, 4}, .threads = 32}, [&](const auto& t) {
    CHECK(t.blocks(0) * t.blocks(1) * t.blocks(2) == 24);
    CHECK((t.warp() == 0 && t.lane() == t.thread()));
    const int block = (t.block(2) * 3 + t.block(1)) * 2 + t.block(0);
    ++runs[static_cast<std::size_t>(block * 32 + t.thread())];
  });
  CHECK(std::ranges::all_of(runs, [](int n) { return n == 1; }));
}

TEST_CASE("lanes exchange values within their warp") {
  std::vector<float> sums(64), next(64), first(64);
  emulate({.threads = 64}, [&](const auto& t) {
    const auto at = static_cast<std::size_t>(t.thread());
    float sum = float(t.thread());
    for (int mask = 16; mask > 0; mask /= 2) sum += t.shuffle_xor(sum, mask);
    sums[at] = sum;
    next[at] = t.shuffle_down(float(t.thread()), 1);
    first[at] = t.shuffle(float(t.thread()), 0);
  });
  for (std::size_t i = 0; i < 64; ++i) {
    CHECK(sums[i] == (i < 32 ? 496 : 496 + 1024));
    CHECK(next[i] == float(i % 32 == 31 ? i : i + 1));
    CHECK(first[i] == float(i / 32 * 32));
  }
}

TEST_CASE("the matrix unit multiplies what the lanes hold, rounded to tf32") {
  Random random(1);
  std::array<float, 16 * 8> a, d;
  std::array<float, 8 * 8> b;
  for (float& v : a) v = static_cast<float>(random.normal());
  for (float& v : b) v = static_cast<float>(random.normal());
  emulate({.threads = 32}, [&](const auto& t) {
    const int group = t.lane() / 4, member = t.lane() % 4;
    const auto at_a = [&](int row, int column) { return a[static_cast<std::size_t>(row * 8 + column)]; };
    const auto at_b = [&](int row, int column) { return b[static_cast<std::size_t>(row * 8 + column)]; };
    std::array<float, 4> sums{1, 1, 1, 1};
    t.multiply_add_tf32(
        sums, {at_a(group, member), at_a(group + 8, member), at_a(group, member + 4), at_a(group + 8, member + 4)},
        {at_b(member, group), at_b(member + 4, group)});
    for (int i = 0; i < 4; ++i)
      d[static_cast<std::size_t>((group + i / 2 * 8) * 8 + member * 2 + i % 2)] = sums[static_cast<std::size_t>(i)];
  });
  for (std::size_t i = 0; i < 16; ++i)
    for (std::size_t j = 0; j < 8; ++j) {
      double sum = 1, exact = 1;
      for (std::size_t k = 0; k < 8; ++k) {
        sum += double(EmulatedThread::round_to_tf32(a[i * 8 + k])) * EmulatedThread::round_to_tf32(b[k * 8 + j]);
        exact += double(a[i * 8 + k]) * b[k * 8 + j];
      }
      CHECK(d[i * 8 + j] == Approx(sum).epsilon(1e-6).margin(1e-6));
      CHECK(d[i * 8 + j] == Approx(exact).margin(0.01));
    }
}

TEST_CASE("tf32 keeps ten fraction bits") {
  CHECK(EmulatedThread::round_to_tf32(1.0f) == 1.0f);
  CHECK(EmulatedThread::round_to_tf32(1.0f + 0x1p-10f) == 1.0f + 0x1p-10f);
  CHECK(EmulatedThread::round_to_tf32(1.0f + 0x1p-12f) == 1.0f);
  CHECK(EmulatedThread::round_to_tf32(-1.0f - 0x1p-11f) == -1.0f - 0x1p-10f);
  CHECK(std::isnan(EmulatedThread::round_to_tf32(std::nanf(""))));
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
  CHECK_THAT(refused({.threads = 32, .shared_bytes = 16}, [](const auto& t) { t.template shared<float>(0, 4)[4] = 1; }),
             ContainsSubstring("entry 4 of 4"));
  CHECK_THAT(refused({.threads = 32, .shared_bytes = 16}, [](const auto& t) { t.template shared<float>(4, 4); }),
             ContainsSubstring("shared bytes 4 to 20"));
  CHECK_THAT(refused({.threads = 33}, [](const auto&) {}), ContainsSubstring("33 threads a block"));
}

}  // namespace emulated_grid_test
