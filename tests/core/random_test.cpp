// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/random.hpp"

#include <vector>

#include "support/catch.hpp"

namespace random_test {

using namespace videoonenet;

using Words = std::array<std::uint32_t, 4>;

TEST_CASE("Philox4x32-10 gives the known answers of its authors") {
  // Salmon et al. 2011, the library's known-answer file: zeros, ones, digits of pi.
  constexpr std::uint32_t ones = 0xffffffff;
  STATIC_REQUIRE(philox4x32({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  STATIC_REQUIRE(philox4x32({ones, ones, ones, ones}, {ones, ones}) ==
                 Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  STATIC_REQUIRE(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
                 Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a stream is Philox counted from zero, low word first") {
  Random random(0);
  REQUIRE(random.bits() == 0xe169c58d6627e8d5);
  REQUIRE(random.bits() == 0x9b00dbd8bc57ac4c);
}

// Results that were published with a seed must come out again: these bits never change.
TEST_CASE("the bits of a seed are fixed for good") {
  Random random(42, 7);
  REQUIRE(random.bits() == 0xe55410cc67ee6f2c);
  REQUIRE(random.bits() == 0x557398d36c7eca35);
  REQUIRE(random.bits() == 0x600f6196e5dde940);
  REQUIRE(random.bits() == 0x2c8ed8398fcdf8f1);
  REQUIRE(random.uniform() == 0x1.e001559a49d9fp-1);
  REQUIRE(random.uniform() == 0x1.a60347aaae349p-1);
  REQUIRE(random.uniform() == 0x1.f90b55e2516f2p-2);
  REQUIRE(random.normal() == 0x1.1f91ae2df921bp+1);
  REQUIRE(random.normal() == -0x1.ed9e4d91e1daap-1);
  REQUIRE(random.normal() == 0x1.e11e5c2a1bbp-1);
  REQUIRE(random.normal() == 0x1.6217e5fcdcd31p+0);

  Random many(3);
  std::uint64_t hash = 0;
  for (int i = 0; i < 100000; ++i) hash = hash * 6364136223846793005u + std::bit_cast<std::uint64_t>(many.normal());
  REQUIRE(hash == 0x72db8e3624304013);
}

TEST_CASE("seek continues a stream at any position") {
  Random reference(5, 1);
  std::vector<std::uint64_t> bits;
  for (int i = 0; i < 9; ++i) bits.push_back(reference.bits());
  for (std::uint64_t position = 0; position < 9; ++position) {
    Random random(5, 1);
    random.seek(position);
    REQUIRE(random.position() == position);
    for (std::uint64_t i = position; i < 9; ++i) REQUIRE(random.bits() == bits[i]);
  }
  Random far(5, 1), farther(5, 1);
  far.seek((std::uint64_t(1) << 40) - 1);
  far.bits();
  farther.seek(std::uint64_t(1) << 40);
  REQUIRE(far.bits() == farther.bits());
}

TEST_CASE("a copy continues where the original stands, without touching it") {
  Random random(9);
  random.bits();
  Random copy = random;
  const std::uint64_t next = copy.bits();
  REQUIRE(random.bits() == next);
}

TEST_CASE("streams and seeds do not overlap and are not correlated") {
  Random root(11);
  root.bits();
  Random first = root.stream(1), second = root.stream(2), other_seed(12, 1);
  REQUIRE(first.position() == 0);
  constexpr int count = 20000;
  double with_stream = 0, with_seed = 0;
  for (int i = 0; i < count; ++i) {
    const double a = first.normal();
    with_stream += a * second.normal();
    with_seed += a * other_seed.normal();
  }
  const double five_sigma = 5 / std::sqrt(double(count));
  REQUIRE(std::abs(with_stream / count) < five_sigma);
  REQUIRE(std::abs(with_seed / count) < five_sigma);
}

TEST_CASE("uniform and normal numbers have their moments") {
  Random random(1);
  constexpr int count = 200000;
  double uniform = 0, uniform2 = 0, normal = 0, normal2 = 0, normal4 = 0, least = 1, most = 0;
  for (int i = 0; i < count; ++i) {
    const double u = random.uniform(), g = random.normal();
    least = std::min(least, u);
    most = std::max(most, u);
    uniform += u / count;
    uniform2 += u * u / count;
    normal += g / count;
    normal2 += g * g / count;
    normal4 += g * g * g * g / count;
  }
  const double sigma = 1 / std::sqrt(double(count));
  REQUIRE((least >= 0 && most < 1));
  REQUIRE(std::abs(uniform - 0.5) < 5 * sigma * std::sqrt(1.0 / 12));
  REQUIRE(std::abs(uniform2 - 1.0 / 3) < 5 * sigma * std::sqrt(4.0 / 45));
  REQUIRE(std::abs(normal) < 5 * sigma);
  REQUIRE(std::abs(normal2 - 1) < 5 * sigma * std::sqrt(2.0));
  REQUIRE(std::abs(normal4 - 3) < 5 * sigma * std::sqrt(96.0));
}

TEST_CASE("integers cover their range evenly and refuse an empty one") {
  Random random(2);
  std::array<int, 7> seen{};
  for (int i = 0; i < 70000; ++i) ++seen[static_cast<std::size_t>(random.integer(7))];
  for (int count : seen) REQUIRE(std::abs(count - 10000) < 5 * 93);
  REQUIRE(random.integer(1) == 0);
  REQUIRE_THROWS_WITH(random.integer(0), "Random::integer: a count of 0 is not positive");
  REQUIRE_THROWS_AS(random.integer(-4), InputError);
}

TEST_CASE("fill_normal scales the numbers of the stream") {
  Random one(4), two(4);
  std::array<float, 5> plain{}, scaled{};
  one.fill_normal(std::span<float>(plain));
  two.fill_normal(std::span<float>(scaled), 0.25);
  for (std::size_t i = 0; i < 5; ++i) REQUIRE(scaled[i] == plain[i] / 4);
}

TEMPLATE_TEST_CASE("numbers filled in bulk have the bits of those drawn one by one", "", float, double) {
  using T = TestType;
  // From both halves of a counter, and over the carry into its second word at number 2³³.
  for (std::uint64_t start : {std::uint64_t(0), std::uint64_t(1), std::uint64_t(511), (std::uint64_t(1) << 33) - 301,
                              (std::uint64_t(1) << 40) + 2})
    for (std::size_t size : {0, 1, 2, 3, 510, 511, 512, 513, 1024, 20001}) {
      CAPTURE(start, size);
      Random one(0x123456789ABCDEF0u, 0xFEDCBA9876543210u);
      one.seek(start);
      Random words = one, uniforms = one, normals = one;
      std::vector<std::uint64_t> bits(size), expected_bits(size);
      std::vector<double> uniform(size), expected_uniform(size);
      std::vector<T> normal(size), expected_normal(size);
      words.fill_bits(bits);
      uniforms.fill_uniform(uniform);
      normals.fill_normal(std::span<T>(normal), 0.3);
      for (std::size_t i = 0; i < size; ++i) {
        Random copy = one, another = one;
        expected_uniform[i] = copy.uniform();
        expected_normal[i] = static_cast<T>(another.normal() * 0.3);
        expected_bits[i] = one.bits();
      }
      REQUIRE(bits == expected_bits);
      REQUIRE(uniform == expected_uniform);
      REQUIRE(normal == expected_normal);
      for (Random* filled : {&words, &uniforms, &normals}) {
        REQUIRE(filled->position() == start + size);
        Random next = one;
        for (int i = 0; i < 3; ++i) REQUIRE(filled->bits() == next.bits());
      }
    }
}

TEST_CASE("bulk normals meet the quantile at the borders of its branches and in the tails no short stream reaches") {
  std::vector<std::uint64_t> bits;
  // Upper 52 bits around the borders: ends, ±0.425, exp(−25), the middle; upwards from zero and downwards from one.
  for (double border : {0.0, 0x1p-45, 0x1p-40, 1.3887943864964021e-11, 0x1p-30, 0.075, 0.5})
    for (int k = -40; k <= 40; ++k) {
      const auto word = static_cast<std::int64_t>(border * 0x1p52) + k;
      if (word < 0) continue;
      bits.push_back(static_cast<std::uint64_t>(word) << 12);
      bits.push_back(~bits.back());
    }
  REQUIRE(bits.size() > detail::random_block);
  bool far = false;
  for (std::size_t begin = 0; begin < bits.size(); begin += detail::random_block) {
    const std::size_t count = std::min(detail::random_block, bits.size() - begin);
    std::vector<double> values(count);
    detail::normal_values(bits.data() + begin, count, values.data());
    for (std::size_t i = 0; i < count; ++i) {
      const double p = (double(bits[begin + i] >> 12) + 0.5) * 0x1p-52;
      CAPTURE(p);
      REQUIRE(std::bit_cast<std::uint64_t>(values[i]) == std::bit_cast<std::uint64_t>(normal_quantile(p)));
      far |= std::abs(values[i]) > 8;
    }
  }
  REQUIRE(far);
}

TEST_CASE("the normal quantile agrees with SciPy's ndtri in the middle, the shoulders and the far tails") {
  struct Value {
    double p, quantile;
  };
  for (const auto [p, quantile] :
       {Value{1e-300, -37.0470962993612}, Value{1e-100, -21.273453560965322}, Value{1e-20, -9.262340089798409},
        Value{1e-10, -6.361340902404056}, Value{1e-5, -4.264890793922825}, Value{0.001, -3.090232306167813},
        Value{0.02425, -1.972961051311885}, Value{0.074, -1.4466320671589785}, Value{0.075, -1.4395314709384563},
        Value{0.1, -1.2815515655446004}, Value{0.25, -0.6744897501960817}, Value{0.4, -0.2533471031357997},
        Value{0.499, -0.0025066308995717666}, Value{0.6, 0.2533471031357997}, Value{0.925, 1.4395314709384563},
        Value{0.926, 1.446632067158979}, Value{0.999, 3.090232306167813}, Value{0x1p-53, -8.209536151601387}}) {
    CAPTURE(p);
    REQUIRE(std::abs(normal_quantile(p) - quantile) <= 4e-15 * std::abs(quantile));
  }
  REQUIRE(normal_quantile(0.5) == 0);
  REQUIRE(normal_quantile(0.875) == -normal_quantile(0.125));
}

TEST_CASE("the reproducible logarithm agrees with the library's to a few units in the last place") {
  Random random(6);
  for (int i = 0; i < 20000; ++i) {
    const double x = std::ldexp(0.5 + random.uniform() / 2, static_cast<int>(random.integer(2000)) - 1000);
    const double expected = std::log(x);
    REQUIRE(std::abs(detail::reproducible_log(x) - expected) <= 1e-15 * std::abs(expected));
  }
  REQUIRE(detail::reproducible_log(1) == 0);
}

}  // namespace random_test
