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

namespace {

/// Every team of two warps hands a number from warp to warp through shared memory, team 1 more often than team 0.
std::vector<int> handed_on(bool barriers, ThreadOrder order) {
  std::vector<int> got(128);
  emulate(
      {.threads = 128, .shared_bytes = 512},
      [&](const auto& t) {
        const auto shared = t.template shared<int>(0, 128);
        const int team = t.thread() / 64, other = t.thread() ^ 32;
        int value = t.thread();
        for (int round = 0; round < 1 + 2 * team; ++round) {
          shared[t.thread()] = value + 1000;
          if (barriers) t.sync_team(team, 64);
          value = shared[other];
          if (barriers) t.sync_team(team, 64);
        }
        got[static_cast<std::size_t>(t.thread())] = value;
      },
      order);
  return got;
}

}  // namespace

TEST_CASE("teams of threads see what their own threads have written, and pass barriers of their own") {
  for (const ThreadOrder order : {ThreadOrder::ascending, ThreadOrder::descending}) {
    const auto got = handed_on(true, order);
    for (int i = 0; i < 128; ++i) REQUIRE(got[static_cast<std::size_t>(i)] == (i ^ 32) + (i < 64 ? 1000 : 3000));
  }
  CHECK(handed_on(false, ThreadOrder::ascending) != handed_on(false, ThreadOrder::descending));
}

TEST_CASE("what a team reads of another one without the block's barrier depends on the order") {
  const auto seen = [](bool block, ThreadOrder order) {
    std::array<int, 2> got{};
    emulate(
        {.threads = 64, .shared_bytes = 8},
        [&](const auto& t) {
          const auto shared = t.template shared<int>(0, 2);
          if (t.lane() == 0) shared[t.warp()] = 7;
          if (block)
            t.sync();
          else
            t.sync_team(t.warp(), 32);
          if (t.lane() == 0) got[static_cast<std::size_t>(t.warp())] = shared[1 - t.warp()];
        },
        order);
    return got;
  };
  for (const ThreadOrder order : {ThreadOrder::ascending, ThreadOrder::descending})
    CHECK(seen(true, order) == std::array{7, 7});
  CHECK(seen(false, ThreadOrder::ascending) == std::array{-1, 7});  // of nothing but ones, as memory is before
  CHECK(seen(false, ThreadOrder::descending) == std::array{7, -1});
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

namespace {

/// One product of the matrix unit, a 16 × depth and b depth × 8, against sums in double of entries that were rounded.
template <int depth, class Round, class Multiply>
void check_matrix_unit(const Round& round, double budget, const Multiply& multiply) {
  constexpr auto size = static_cast<std::size_t>(depth);
  Random random(1);
  std::array<float, 16 * size> a;
  std::array<float, 16 * 8> d;
  std::array<float, size * 8> b;
  for (float& v : a) v = static_cast<float>(random.normal());
  for (float& v : b) v = static_cast<float>(random.normal());
  emulate({.threads = 32}, [&](const auto& t) {
    const int group = t.lane() / 4, member = t.lane() % 4;
    std::array<float, 4> sums{1, 1, 1, 1};
    multiply(
        t, sums, [&](int row, int k) { return a[static_cast<std::size_t>(row * depth + k)]; },
        [&](int k, int column) { return b[static_cast<std::size_t>(k * 8 + column)]; }, group, member);
    for (int i = 0; i < 4; ++i)
      d[static_cast<std::size_t>((group + i / 2 * 8) * 8 + member * 2 + i % 2)] = sums[static_cast<std::size_t>(i)];
  });
  for (std::size_t i = 0; i < 16; ++i)
    for (std::size_t j = 0; j < 8; ++j) {
      double sum = 1, exact = 1;
      for (std::size_t k = 0; k < size; ++k) {
        sum += double(round(a[i * size + k])) * round(b[k * 8 + j]);
        exact += double(a[i * size + k]) * b[k * 8 + j];
      }
      CHECK(d[i * 8 + j] == Approx(sum).epsilon(1e-6).margin(2e-6));
      CHECK(d[i * 8 + j] == Approx(exact).margin(budget));
    }
}

}  // namespace

TEST_CASE("the matrix unit multiplies what the lanes hold in tf32") {
  check_matrix_unit<8>([](float v) { return EmulatedThread::round_to_tf32(v); }, 0.01,
                       [](const auto& t, auto& sums, const auto& a, const auto& b, int group, int member) {
                         const auto bits = [&](float v) { return t.tf32(v); };
                         t.multiply_add_tf32(sums,
                                             {bits(a(group, member)), bits(a(group + 8, member)),
                                              bits(a(group, member + 4)), bits(a(group + 8, member + 4))},
                                             {bits(b(member, group)), bits(b(member + 4, group))});
                       });
}

TEST_CASE("the matrix unit does not see the bits that tf32 has not") {
  check_matrix_unit<8>([](float v) { return std::bit_cast<float>(std::bit_cast<std::uint32_t>(v) & 0xffffe000u); },
                       0.02,
                       [](const auto& t, auto& sums, const auto& a, const auto& b, int group, int member) {
                         const auto bits = [](float v) { return std::bit_cast<std::uint32_t>(v); };
                         t.multiply_add_tf32(sums,
                                             {bits(a(group, member)), bits(a(group + 8, member)),
                                              bits(a(group, member + 4)), bits(a(group + 8, member + 4))},
                                             {bits(b(member, group)), bits(b(member + 4, group))});
                       });
}

TEST_CASE("the matrix unit multiplies pairs of bfloat16") {
  check_matrix_unit<16>([](float v) { return to_float(round_to_bfloat16(v)); }, 0.1,
                        [](const auto& t, auto& sums, const auto& a, const auto& b, int group, int member) {
                          const auto in_row = [&](int row, int k) { return t.bfloat16_pair(a(row, k), a(row, k + 1)); };
                          const auto down = [&](int k) { return t.bfloat16_pair(b(k, group), b(k + 1, group)); };
                          const int k = 2 * member;
                          t.multiply_add_bfloat16(
                              sums,
                              {in_row(group, k), in_row(group + 8, k), in_row(group, k + 8), in_row(group + 8, k + 8)},
                              {down(k), down(k + 8)});
                        });
}

TEST_CASE("blocks of a cluster wait for each other and see what the others have written") {
  for (const auto order : {ThreadOrder::ascending, ThreadOrder::descending}) {
    std::array<int, 8 * 32> values{};
    emulate(
        {.blocks = {8, 1, 1}, .threads = 32, .cluster = 4},
        [&](const auto& t) {
          const auto at = [&](int block) -> int& { return values[static_cast<std::size_t>(block * 32 + t.thread())]; };
          const int first = t.block() / 4 * 4;
          at(t.block()) = t.block();
          for (int round = 0; round < 2; ++round) {
            t.sync_cluster();
            const int next = at(first + (t.block() + 1) % 4);
            t.sync_cluster();
            at(t.block()) += 10 * next;
          }
        },
        order);
    for (int block = 0; block < 8; ++block) {
      const int first = block / 4 * 4, after = first + (block + 1) % 4, second = first + (block + 2) % 4;
      CHECK(values[static_cast<std::size_t>(block * 32 + 5)] == block + 20 * after + 100 * second);
    }
  }
}

TEST_CASE("blocks of a cluster write to each other's shared memory, and work between arriving and waiting") {
  for (const auto order : {ThreadOrder::ascending, ThreadOrder::descending}) {
    std::array<int, 8 * 32> got{};
    emulate(
        {.blocks = {8, 1, 1}, .threads = 32, .shared_bytes = 256, .cluster = 4},
        [&](const auto& t) {
          const int next = (t.block() + 1) % 4, at = t.thread();
          t.template cluster_shared<int>(next, 128, 32)[at] = 100 * t.block() + at;
          t.arrive_cluster();
          t.template shared<int>(0, 32)[at] = 1000;  // of its own, and nobody else's
          t.sync();
          const int own = t.template shared<int>(0, 32)[31 - at];
          t.wait_cluster();
          got[static_cast<std::size_t>(t.block() * 32 + at)] = own + t.template shared<int>(128, 32)[at];
        },
        order);
    for (int block = 0; block < 8; ++block)
      CHECK(got[static_cast<std::size_t>(block * 32 + 5)] == 1000 + 100 * (block / 4 * 4 + (block + 3) % 4) + 5);
  }
}

TEST_CASE("what a thread writes between arriving and waiting, others of the cluster see in one order only") {
  const auto seen = [](ThreadOrder order) {
    std::array<int, 2> values{}, got{};
    emulate(
        {.blocks = {2, 1, 1}, .threads = 32, .cluster = 2},
        [&](const auto& t) {
          const auto own = static_cast<std::size_t>(t.block());
          t.arrive_cluster();
          if (t.thread() == 0) values[own] = 1;
          t.wait_cluster();
          if (t.thread() == 0) got[own] = values[1 - own];
        },
        order);
    return got;
  };
  CHECK(seen(ThreadOrder::ascending) == std::array{1, 1});
  CHECK(seen(ThreadOrder::descending) == std::array{1, 0});  // block 1 runs first
}

TEST_CASE("tf32 keeps ten fraction bits") {
  CHECK(EmulatedThread::round_to_tf32(1.0f) == 1.0f);
  CHECK(EmulatedThread::round_to_tf32(1.0f + 0x1p-10f) == 1.0f + 0x1p-10f);
  CHECK(EmulatedThread::round_to_tf32(1.0f + 0x1p-12f) == 1.0f);
  CHECK(EmulatedThread::round_to_tf32(-1.0f - 0x1p-11f) == -1.0f - 0x1p-10f);
  CHECK(std::isnan(EmulatedThread::round_to_tf32(std::nanf(""))));
}

}  // namespace emulated_grid_test
