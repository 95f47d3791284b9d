// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// How the inner loops of the convolution store operands and multiply registers of them.

#include <algorithm>

#include "videoonenet/core/bfloat16.hpp"

namespace videoonenet::cpu::convolution {

/// Operands stored as S: float and double as they are.
template <class S>
struct Operand {
  using Sum = S;                         ///< what products are added as
  static constexpr Index per_lane = 1;   ///< consecutive entries that are multiplied in one lane
  static constexpr Index per_entry = 1;  ///< numbers in one entry, each of a frame of its own

  static simd::Vector<S> load(const S* p) { return simd::load(p); }
  static simd::Vector<S> broadcast(const S* p) { return simd::broadcast(*p); }
  static simd::Vector<S> multiply_add(simd::Vector<S> sum, simd::Vector<S> a, simd::Vector<S> b) { return sum + a * b; }

  /// A register of the `count` numbers at p, zero behind them.
  static simd::Vector<S> load_numbers(const S* p, Index count) {
    return count == simd::lanes<S> ? simd::load(p) : simd::load(p, count);
  }
  /// to = the `count` numbers at p.
  static void copy(const S* p, Index count, S* to) { std::copy_n(p, count, to); }
  /// The weights of a tap for `count` output channels that lie `step` apart.
  static void interleave(const S* tap, const S*, Index step, Index count, S* to) {
    if (step == 1) return copy(tap, count, to);
    for (Index k = 0; k < count; ++k) to[k] = tap[k * step];
  }
};

/// Registers of a pair a lane, multiplied at once.
struct PairOperand {
  using Sum = float;

  static simd::Vector<float> load(const void* p) {
    simd::Vector<float> v;
    std::memcpy(&v, p, sizeof v);
    return v;
  }
  static simd::Vector<float> broadcast(const void* p) { return simd::broadcast_pair(static_cast<const bfloat16*>(p)); }
  static simd::Vector<float> multiply_add(simd::Vector<float> sum, simd::Vector<float> a, simd::Vector<float> b) {
    return simd::add_pair_products(sum, a, b);
  }
};

/// Floats rounded to bfloat16: consecutive taps are pairs.
template <>
struct Operand<bfloat16> : PairOperand {
  static constexpr Index per_lane = 2, per_entry = 1;

  static simd::Vector<float> load_numbers(const float* p, Index count) {
    bfloat16 entries[2 * simd::lanes<float>] = {};
    copy(p, count, entries);
    return load(entries);
  }
  static void copy(const float* p, Index count, bfloat16* to) { simd::round_to_bfloat16(p, count, to); }
  /// The weights of two taps, the second of which may be missing.
  static void interleave(const float* first, const float* second, Index step, Index count, bfloat16* to) {
    if (step == 1) return simd::round_to_bfloat16_pairs(first, second, count, reinterpret_cast<bfloat16_pair*>(to));
    for (Index k = 0; k < count; ++k) {
      to[2 * k] = round_to_bfloat16(first[k * step]);
      to[2 * k + 1] = second ? round_to_bfloat16(second[k * step]) : bfloat16{};
    }
  }
};

/// Floats of two frames rounded to bfloat16: what lies at the same place of both is a pair.
template <>
struct Operand<bfloat16_pair> : PairOperand {
  static constexpr Index per_lane = 1, per_entry = 2;

  /// The second frame may be missing.
  static void copy(const float* first, const float* second, Index count, bfloat16_pair* to) {
    simd::round_to_bfloat16_pairs(first, second, count, to);
  }
};

/// What products of operands stored as S are added as.
template <class S>
using SumOf = typename Operand<S>::Sum;

/// Entries of a register.
template <class S>
inline constexpr Index register_entries = Operand<S>::per_lane * simd::lanes<SumOf<S>>;

/// As many sums as take the bytes of `entries` stored as S.
template <class S>
constexpr Index in_sums(Index entries) {
  return entries * static_cast<Index>(sizeof(S)) / static_cast<Index>(sizeof(SumOf<S>));
}

}  // namespace videoonenet::cpu::convolution
