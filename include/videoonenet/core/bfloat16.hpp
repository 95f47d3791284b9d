// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// bfloat16, the upper half of a float: rounding to it, and sums of products of registers full of it.
///
/// A bfloat16 has float's exponent and 8 significant bits: rounding changes a number by at most 2⁻⁸ of it. It is what
/// operands are stored as; sums of their products stay in float.

#include <bit>
#include <cstdint>

#include "videoonenet/core/simd.hpp"

#if defined(__AVX512BF16__)
#include <immintrin.h>
#endif

namespace videoonenet {

/// The sign, the exponent and the first 7 fraction bits of a float.
struct bfloat16 {
  std::uint16_t bits;
};

/// Two numbers that share a lane of a register.
struct bfloat16_pair {
  bfloat16 first, second;
};

/// The nearest bfloat16, the even one of two that are as near. NaN stays NaN; numbers from half a step above the
/// largest bfloat16 become infinite.
VIDEOONENET_HOST_DEVICE inline bfloat16 round_to_bfloat16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t rounded = value != value ? bits | 0x400000u : bits + 0x7fffu + (bits >> 16 & 1u);
  return {static_cast<std::uint16_t>(rounded >> 16)};
}

/// The same number.
VIDEOONENET_HOST_DEVICE inline float to_float(bfloat16 value) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value.bits) << 16);
}

namespace simd {

/// Whether the processor compiled for multiplies registers of bfloat16. The functions below do the same without that,
/// slowly, but keep the numbers below float's normal range, which such a processor takes for zero.
#if defined(__AVX512BF16__)
inline constexpr bool multiplies_bfloat16 = true;
#else
inline constexpr bool multiplies_bfloat16 = false;
#endif

/// sum + a.second · b.second + a.first · b.first, lane by lane: every lane of a and b has the bits of a bfloat16_pair.
inline Vector<float> add_pair_products(Vector<float> sum, Vector<float> a, Vector<float> b) {
#if defined(__AVX512BF16__)
  return _mm512_dpbf16_ps(sum, (__m512bh)a, (__m512bh)b);
#else
  float sums[lanes<float>];
  bfloat16_pair left[lanes<float>], right[lanes<float>];
  store(sums, sum);
  std::memcpy(left, &a, sizeof a);
  std::memcpy(right, &b, sizeof b);
  for (Index i = 0; i < lanes<float>; ++i) {
    sums[i] += to_float(left[i].second) * to_float(right[i].second);
    sums[i] += to_float(left[i].first) * to_float(right[i].first);
  }
  return load(sums);
#endif
}

/// The two numbers at p in every lane.
inline Vector<float> broadcast_pair(const bfloat16* p) {
#if defined(__AVX512BF16__)
  int pair;
  std::memcpy(&pair, p, sizeof pair);
  return (Vector<float>)_mm512_set1_epi32(pair);
#else
  bfloat16_pair pairs[lanes<float>];
  for (bfloat16_pair& pair : pairs) pair = {p[0], p[1]};
  Vector<float> v;
  std::memcpy(&v, pairs, sizeof v);
  return v;
#endif
}

/// to[i] = from[i], rounded, for i < count.
inline void round_to_bfloat16(const float* from, Index count, bfloat16* to) {
#if defined(__AVX512BF16__)
  Index i = 0;
  for (; i + 32 <= count; i += 32)
    _mm512_storeu_si512(to + i, (__m512i)_mm512_cvtne2ps_pbh(load(from + i + 16), load(from + i)));
  for (; i < count; i += 16) {
    const auto some = static_cast<__mmask16>(count - i < 16 ? (1u << (count - i)) - 1 : 0xffffu);
    _mm256_mask_storeu_epi16(to + i, some, (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(some, from + i)));
  }
#else
  for (Index i = 0; i < count; ++i) to[i] = videoonenet::round_to_bfloat16(from[i]);
#endif
}

/// to[i] = {first[i], second[i]}, rounded, for i < count; without `second`, {first[i], 0}.
inline void round_to_bfloat16_pairs(const float* first, const float* second, Index count, bfloat16_pair* to) {
#if defined(__AVX512BF16__)
  for (Index i = 0; i < count; i += 16) {
    const auto some = static_cast<__mmask16>(count - i < 16 ? (1u << (count - i)) - 1 : 0xffffu);
    const auto rounded = [&](const float* from) {
      return _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(some, from + i)));
    };
    __m512i pairs = rounded(first);
    if (second) pairs = _mm512_or_si512(pairs, _mm512_slli_epi32(rounded(second), 16));
    _mm512_mask_storeu_epi32(to + i, some, pairs);
  }
#else
  const auto rounded = [](float value) { return videoonenet::round_to_bfloat16(value); };
  for (Index i = 0; i < count; ++i) to[i] = {rounded(first[i]), second ? rounded(second[i]) : bfloat16{}};
#endif
}

}  // namespace simd
}  // namespace videoonenet
