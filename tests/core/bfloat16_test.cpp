// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/bfloat16.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"

namespace bfloat16_test {

using namespace videoonenet;

namespace {

constexpr float inf = std::numeric_limits<float>::infinity(), not_a_number = std::numeric_limits<float>::quiet_NaN();

float rounded(float value) { return to_float(round_to_bfloat16(value)); }

/// Ordinary numbers of all magnitudes, some exactly between two bfloat16, and what is no ordinary number.
std::vector<float> numbers(Index count) {
  Random random(3);
  std::vector<float> all;
  for (Index i = 0; i < count; ++i) {
    const float v = std::ldexp(float(random.normal()), int(random.integer(200)) - 100);
    all.push_back(i % 3 ? v : std::bit_cast<float>((std::bit_cast<std::uint32_t>(v) & 0xffff0000u) | 0x8000u));
    if (i % 17 == 5) all.back() = i % 2 ? inf : -inf;
    if (i % 19 == 7) all.back() = not_a_number;
  }
  return all;
}

}  // namespace

TEST_CASE("bfloat16 is the nearest, the even one of two") {
  constexpr float step = 0x1p-7f;  // of bfloat16 above 1
  REQUIRE(rounded(1) == 1);
  REQUIRE(rounded(-3.5f) == -3.5f);
  REQUIRE(rounded(1 + 0.49f * step) == 1);
  REQUIRE(rounded(1 + 0.51f * step) == 1 + step);
  REQUIRE(rounded(1 + 0.5f * step) == 1);
  REQUIRE(rounded(1 + 1.5f * step) == 1 + 2 * step);
  REQUIRE(rounded(-1 - 1.5f * step) == -1 - 2 * step);
  REQUIRE(rounded(2 - 0.25f * step) == 2);
  REQUIRE((rounded(-0.0f) == 0 && std::signbit(rounded(-0.0f))));
}

TEST_CASE("bfloat16 keeps NaN and infinity, and overflows half a step above its largest number") {
  const float largest = 0x1.fep127f;
  REQUIRE((rounded(inf) == inf && rounded(-inf) == -inf));
  REQUIRE(std::isnan(rounded(not_a_number)));
  REQUIRE(std::isnan(rounded(std::bit_cast<float>(0x7f800001u))));  // whose upper half alone is infinity
  REQUIRE(std::isnan(rounded(std::bit_cast<float>(0xffffffffu))));  // whose bits would carry over
  REQUIRE(rounded(largest) == largest);
  REQUIRE(rounded(0x1.fefffep127f) == largest);
  REQUIRE(rounded(0x1.ffp127f) == inf);
  REQUIRE(rounded(-std::numeric_limits<float>::max()) == -inf);
}

TEST_CASE("rounding to bfloat16 changes a number by at most 2^-8 of it") {
  for (float v : numbers(1000))
    if (std::isfinite(v)) REQUIRE(std::abs(rounded(v) - v) <= 0x1p-8f * std::abs(v));
}

TEST_CASE("arrays are rounded to bfloat16 like numbers, for every length") {
  const auto x = numbers(100), y = numbers(171);
  constexpr std::uint16_t untouched = 0x1234;
  for (Index count : {0, 1, 2, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 100}) {
    const auto n = static_cast<std::size_t>(count);
    std::vector<bfloat16> to(n + 40, {untouched});
    std::vector<bfloat16_pair> pairs(n + 40, {{untouched}, {untouched}}), halves = pairs;
    simd::round_to_bfloat16(x.data(), count, to.data());
    simd::round_to_bfloat16_pairs(x.data(), y.data() + 71, count, pairs.data());
    simd::round_to_bfloat16_pairs(x.data(), nullptr, count, halves.data());
    for (std::size_t i = 0; i < to.size(); ++i) {
      const bool written = i < n;
      const std::uint16_t first = written ? round_to_bfloat16(x[i]).bits : untouched,
                          second = written ? round_to_bfloat16(y[i + 71]).bits : untouched;
      REQUIRE(to[i].bits == first);
      REQUIRE((pairs[i].first.bits == first && pairs[i].second.bits == second));
      REQUIRE((halves[i].first.bits == first && halves[i].second.bits == (written ? 0 : untouched)));
    }
  }
}

TEST_CASE("products of pairs are added to float sums") {
  constexpr Index L = simd::lanes<float>;
  bfloat16_pair a[L], b[L];
  float start[L], expected[L], sums[L];
  Random random(5);
  // Small integers: every product and every sum is exact.
  const auto integer = [&] { return float(random.integer(201)) - 100; };
  for (Index i = 0; i < L; ++i) {
    const float values[] = {integer(), integer(), integer(), integer()};
    a[i] = {round_to_bfloat16(values[0]), round_to_bfloat16(values[1])};
    b[i] = {round_to_bfloat16(values[2]), round_to_bfloat16(values[3])};
    start[i] = integer() * 65536;  // more digits than a bfloat16 has
    expected[i] = start[i] + values[0] * values[2] + values[1] * values[3];
  }
  const auto bits = [](const bfloat16_pair* p) {
    simd::Vector<float> v;
    std::memcpy(&v, p, sizeof v);
    return v;
  };
  simd::store(sums, simd::add_pair_products(simd::load(start), bits(a), bits(b)));
  for (Index i = 0; i < L; ++i) REQUIRE(sums[i] == expected[i]);

  const bfloat16 pair[] = {round_to_bfloat16(3), round_to_bfloat16(-0.5f)};
  simd::store(sums, simd::add_pair_products(simd::Vector<float>{}, bits(a), simd::broadcast_pair(pair)));
  for (Index i = 0; i < L; ++i) REQUIRE(sums[i] == 3 * to_float(a[i].first) - 0.5f * to_float(a[i].second));

  a[0].first = round_to_bfloat16(inf), a[L - 1].second = round_to_bfloat16(not_a_number);
  simd::store(sums, simd::add_pair_products(simd::Vector<float>{}, bits(a), simd::broadcast_pair(pair)));
  for (Index i = 0; i < L; ++i) {
    const bool last = i == L - 1;
    REQUIRE((last ? std::isnan(sums[i]) : i == 0 ? sums[i] == inf : std::isfinite(sums[i])));
  }
}

}  // namespace bfloat16_test
