// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Counter-based random numbers: the same seed gives the same bits on every machine, executor and thread count.
///
/// The i-th number of a stream is a pure function of (seed, stream, i): Philox4x32-10 (Salmon et al., "Parallel random
/// numbers: as easy as 1, 2, 3", SC 2011). Normal numbers come from the inverse of the normal distribution function
/// (Wichura, algorithm AS 241, 1988), evaluated only with correctly rounded operations (fused multiply-add, division,
/// square root), so that neither the mathematical library nor the compiler's contraction can change a bit.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>

#include "videoonenet/core/config.hpp"
#include "videoonenet/core/errors.hpp"

namespace videoonenet {

/// The Philox4x32-10 bijection: four pseudo-random words for a 128-bit counter and a 64-bit key.
VIDEOONENET_HOST_DEVICE constexpr std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                                                          std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t(0xD2511F53u) * counter[0];
    const std::uint64_t p1 = std::uint64_t(0xCD9E8D57u) * counter[2];
    counter = {static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(p1),
               static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return counter;
}

namespace detail {

// The functions of one number are inlined by force: a call left in a loop, as GCC leaves it in large programs, keeps
// the loop from being vectorised.

/// The polynomial Σᵢ coefficients[i] xⁱ, without a loop so that a loop around it is vectorised.
template <std::size_t N>
VIDEOONENET_HOST_DEVICE VIDEOONENET_ALWAYS_INLINE inline double horner(const double (&coefficients)[N], double x) {
  double value = coefficients[N - 1];
  [&]<std::size_t... I>(std::index_sequence<I...>) VIDEOONENET_ALWAYS_INLINE {
    ((value = std::fma(value, x, coefficients[N - 2 - I])), ...);
  }
  (std::make_index_sequence<N - 1>{});
  return value;
}

/// Natural logarithm of a positive, normal double from correctly rounded operations only; relative error below 1e-15.
VIDEOONENET_HOST_DEVICE VIDEOONENET_ALWAYS_INLINE inline double reproducible_log(double x) {
  constexpr double series[] = {1.0,      1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11, 1.0 / 13,
                               1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23, 1.0 / 25};
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const double significand = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFull) | 0x3FF0000000000000ull);
  const bool halve = significand > 1.4142135623730951;
  const double m = halve ? significand / 2 : significand;
  const double exponent = static_cast<std::int32_t>((bits >> 52) & 0x7FF) - (halve ? 1022 : 1023);
  // log m = 2 artanh s = 2 s (1 + s²/3 + s⁴/5 + …), |s| ≤ 0.172
  const double s = (m - 1) / (m + 1);
  return std::fma(exponent, 0.6931471805599453, 2 * s * horner(series, s * s));
}

/// The quantile of p = 1/2 + q for |q| ≤ 0.425.
VIDEOONENET_HOST_DEVICE VIDEOONENET_ALWAYS_INLINE inline double central_quantile(double q) {
  constexpr double a[] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                          1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                          3.3430575583588128105e+4, 2.5090809287301226727e+3};
  constexpr double b[] = {1.0,
                          4.2313330701600911252e+1,
                          6.8718700749205790830e+2,
                          5.3941960214247511077e+3,
                          2.1213794301586595867e+4,
                          3.9307895800092710610e+4,
                          2.8729085735721942674e+4,
                          5.2264952788528545610e+3};
  const double r = std::fma(-q, q, 0.180625);
  return q * horner(a, r) / horner(b, r);
}

/// Minus the quantile of p = exp(−r²) below 0.075, for r ≤ 5.
VIDEOONENET_HOST_DEVICE VIDEOONENET_ALWAYS_INLINE inline double shoulder_quantile(double r) {
  constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                          3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                          2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr double d[] = {1.0,
                          2.05319162663775882187e0,
                          1.67638483018380384940e0,
                          6.89767334985100004550e-1,
                          1.48103976427480074590e-1,
                          1.51986665636164571966e-2,
                          5.47593808499534494600e-4,
                          1.05075007164441684324e-9};
  return horner(c, r - 1.6) / horner(d, r - 1.6);
}

/// The same for r > 5.
VIDEOONENET_HOST_DEVICE inline double far_quantile(double r) {
  constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                          2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                          2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr double f[] = {1.0,
                          5.99832206555887937690e-1,
                          1.36929880922735805310e-1,
                          1.48753612908506148525e-2,
                          7.86869131145613259100e-4,
                          1.84631831751005468180e-5,
                          1.42151175831644588870e-7,
                          2.04426310338993978564e-15};
  return horner(e, r - 5) / horner(f, r - 5);
}

}  // namespace detail

/// Quantile of the standard normal distribution for 0 < p < 1, relative error about 1e-16 (AS 241, PPND16).
VIDEOONENET_HOST_DEVICE inline double normal_quantile(double p) {
  const double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) return detail::central_quantile(q);
  const double r = std::sqrt(-detail::reproducible_log(q < 0 ? p : 1 - p));
  const double tail = r <= 5 ? detail::shoulder_quantile(r) : detail::far_quantile(r);
  return q < 0 ? -tail : tail;
}

namespace detail {

/// Random words that bulk generation works on at a time: its arrays stay in the first-level cache.
inline constexpr std::size_t random_block = 512;

/// The numbers of the counters first, first + 1, …, two of each, as Random::bits gives them.
///
/// philox4x32 with every word in a lane of 64 bits, which a vector register multiplies without shuffling.
inline void philox_words(std::uint64_t seed, std::uint64_t stream, std::uint64_t first, std::size_t counters,
                         std::uint64_t* bits) {
  constexpr std::uint64_t low = 0xFFFFFFFFu;
  for (std::size_t i = 0; i < counters; ++i) {
    std::uint64_t c0 = (first + i) & low, c1 = (first + i) >> 32, c2 = stream & low, c3 = stream >> 32;
    std::uint64_t key0 = seed & low, key1 = seed >> 32;
#pragma GCC unroll 10  // or clang does not vectorise the outer loop
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t p0 = c0 * 0xD2511F53u, p1 = c2 * 0xCD9E8D57u;
      c0 = (p1 >> 32) ^ c1 ^ key0;
      c1 = p1 & low;
      c2 = (p0 >> 32) ^ c3 ^ key1;
      c3 = p0 & low;
      key0 = (key0 + 0x9E3779B9u) & low;
      key1 = (key1 + 0xBB67AE85u) & low;
    }
    bits[2 * i] = (c1 << 32) | c0;
    bits[2 * i + 1] = (c3 << 32) | c2;
  }
}

/// The number 0 ≤ k < 2⁵² as a double, which compilers vectorise where there is no instruction for it.
VIDEOONENET_ALWAYS_INLINE inline double exact_double(std::uint64_t k) {
  return std::bit_cast<double>(k | 0x4330000000000000ull) - 0x1p52;
}

/// The normal number of every random word: the bits of normal_quantile, in loops without branches.
///
/// (k + 1/2)/2⁵² − 1/2 and its distance to ±1/2 are exact for k < 2⁵², so the order of their operations is free.
inline void normal_values(const std::uint64_t* bits, std::size_t count, double* values) {
  double q[random_block], r[random_block], tail_q[random_block];
  std::uint32_t tail_index[random_block];
  for (std::size_t i = 0; i < count; ++i) {
    q[i] = (exact_double(bits[i] >> 12) - 0x1p51 + 0.5) * 0x1p-52;
    values[i] = central_quantile(q[i]);  // meaningless and replaced below in the tails, 15 % of the numbers
  }
  std::size_t tails = 0;
  for (std::size_t i = 0; i < count; ++i) {
    tail_index[tails] = static_cast<std::uint32_t>(i);
    tail_q[tails] = q[i];
    tails += std::abs(q[i]) > 0.425;
  }
  for (std::size_t i = 0; i < tails; ++i) r[i] = -reproducible_log(0.5 - std::abs(tail_q[i]));
  for (std::size_t i = 0; i < tails; ++i) r[i] = std::sqrt(r[i]);  // alone, as errno keeps compilers from vectorising
  for (std::size_t i = 0; i < tails; ++i) {
    const double tail = shoulder_quantile(r[i]);
    q[i] = tail_q[i] < 0 ? -tail : tail;
  }
  for (std::size_t i = 0; i < tails; ++i) values[tail_index[i]] = q[i];
  for (std::size_t i = 0; i < tails; ++i)
    if (r[i] > 5) values[tail_index[i]] = tail_q[i] < 0 ? -far_quantile(r[i]) : far_quantile(r[i]);
}

}  // namespace detail

/// A stream of random numbers: the numbers 0, 1, 2, … of (seed, stream).
///
/// Streams with different numbers are independent; give every sample, epoch or purpose its own. Copying a Random copies
/// its position.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) : seed_(seed), stream_(stream) {}

  /// The independent generator number `stream` of the same seed, at its beginning.
  Random stream(std::uint64_t stream) const { return Random(seed_, stream); }

  /// 64 uniform random bits.
  std::uint64_t bits() {
    const std::uint64_t block = position_ / 2;
    if (position_ % 2 == 0)
      words_ = philox4x32({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                           static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)},
                          {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)});
    const std::size_t half = 2 * (position_++ % 2);
    return (std::uint64_t(words_[half + 1]) << 32) | words_[half];
  }

  /// Uniform in [0, 1), a multiple of 2⁻⁵³.
  double uniform() { return double(bits() >> 11) * 0x1p-53; }

  /// Standard normal.
  double normal() { return normal_quantile((double(bits() >> 12) + 0.5) * 0x1p-52); }

  /// Uniform integer in [0, count); the bias is below count·2⁻⁵³.
  /// Errors: InputError when count is not positive.
  Index integer(Index count) {
    if (count <= 0) throw InputError(sentence("Random::integer: a count of ", count, " is not positive"));
    return std::min(count - 1, static_cast<Index>(uniform() * double(count)));
  }

  /// values[i] = bits(), several times faster.
  void fill_bits(std::span<std::uint64_t> values) {
    const std::uint64_t end = position_ + values.size();
    if (position_ % 2 && !values.empty()) {
      values[0] = bits();
      values = values.subspan(1);
    }
    detail::philox_words(seed_, stream_, position_ / 2, values.size() / 2, values.data());
    if (values.size() % 2) {
      seek(end - 1);
      values.back() = bits();
    } else {
      seek(end);
    }
  }

  /// values[i] = uniform(), several times faster; in double, as rounding to float would reach 1.
  void fill_uniform(std::span<double> values) {
    fill(values, [](const std::uint64_t* bits, std::size_t count, double* out) {
      for (std::size_t i = 0; i < count; ++i) out[i] = double(bits[i] >> 11) * 0x1p-53;
    });
  }

  /// values[i] = T(normal() * standard_deviation), several times faster.
  template <class T>
  void fill_normal(std::span<T> values, double standard_deviation = 1) {
    fill(values, [=](const std::uint64_t* bits, std::size_t count, T* out) {
      double normals[detail::random_block];
      detail::normal_values(bits, count, normals);
      for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<T>(normals[i] * standard_deviation);
    });
  }

  /// Numbers drawn so far: with seed and stream, the whole state.
  std::uint64_t position() const { return position_; }
  /// Continues at number `position` of the stream.
  void seek(std::uint64_t position) {
    position_ = position / 2 * 2;
    if (position % 2) bits();
  }

 private:
  /// Calls `transform(bits, count, out)` for the values, a block at a time.
  template <class T, class Transform>
  void fill(std::span<T> values, Transform&& transform) {
    std::uint64_t bits[detail::random_block];
    while (!values.empty()) {
      const std::size_t count = std::min(values.size(), detail::random_block - position_ % 2);
      fill_bits({bits, count});
      transform(bits, count, values.data());
      values = values.subspan(count);
    }
  }

  std::uint64_t seed_, stream_, position_ = 0;
  std::array<std::uint32_t, 4> words_{};
};

}  // namespace videoonenet
