// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The matrix unit of a warp: d += a b for a of 16 × k, b of k × 8 and d of 16 × 8 entries, in one of three precisions.
///
/// Every lane holds parts of the three; which ones is PTX's choice for mma.m16n8k8 (tf32) and mma.m16n8k16 (bfloat16).
/// Operands are read as floats, and brought by `prepare` to the form in which they are multiplied, as often as one
/// likes. What is read more often than it is stored is better stored as `rounded` says: `prepare_rounded` has less to
/// do.

#include <array>
#include <bit>
#include <cstdint>

#include "videoonenet/core/cuda/gpu.hpp"

namespace videoonenet::cuda {

/// Where the parts of the sums lie: the same in all precisions.
struct MatrixUnitSums {
  static constexpr int rows = 16, columns = 8, parts = 4;
  using Parts = std::array<float, parts>;
  VIDEOONENET_HOST_DEVICE static constexpr int row(int lane, int part) { return lane / 4 + part / 2 * 8; }
  VIDEOONENET_HOST_DEVICE static constexpr int column(int lane, int part) { return lane % 4 * 2 + part % 2; }
};

/// tf32: eight terms of a sum at a time.
template <Precision P>
struct MatrixUnit : MatrixUnitSums {
  static constexpr int depth = 8;
  using A = std::array<float, 4>;
  using B = std::array<float, 2>;
  /// The row of a, or column of b, and the term that a part of a lane belongs to.
  VIDEOONENET_HOST_DEVICE static constexpr int a_row(int lane, int part) { return lane / 4 + part % 2 * 8; }
  VIDEOONENET_HOST_DEVICE static constexpr int a_term(int lane, int part) { return lane % 4 + part / 2 * 4; }
  VIDEOONENET_HOST_DEVICE static constexpr int b_column(int lane, int /*part*/) { return lane / 4; }
  VIDEOONENET_HOST_DEVICE static constexpr int b_term(int lane, int part) { return lane % 4 + part * 4; }

  template <class Thread, std::size_t count>
  VIDEOONENET_DEVICE static std::array<std::uint32_t, count> prepare(const Thread&, const std::array<float, count>& v) {
    std::array<std::uint32_t, count> bits{};
    for (std::size_t i = 0; i < count; ++i) bits[i] = Thread::tf32(v[i]);
    return bits;
  }
  template <class Thread>
  VIDEOONENET_DEVICE static float rounded(const Thread&, float v) {
    return Thread::round_to_tf32(v);
  }
  template <class Thread, std::size_t count>
  VIDEOONENET_DEVICE static std::array<std::uint32_t, count> prepare_rounded(const Thread&,
                                                                             const std::array<float, count>& v) {
    return std::bit_cast<std::array<std::uint32_t, count>>(v);
  }
  template <class Thread>
  VIDEOONENET_DEVICE static void multiply_add(const Thread& t, Parts& d, const std::array<std::uint32_t, 4>& a,
                                              const std::array<std::uint32_t, 2>& b) {
    t.multiply_add_tf32(d, a, b);
  }
};

/// float: a b = a₁ b₁ + a₁ b₂ + a₂ b₁ + …, a₁ = tf32(a), a₂ = a − a₁. Both parts are made anew for every product: to
/// keep them takes twice the registers.
template <>
struct MatrixUnit<Precision::float32> : MatrixUnit<Precision::tf32> {
  template <class Thread, class V>
  VIDEOONENET_DEVICE static V prepare(const Thread&, const V& v) {
    return v;
  }
  template <class Thread>
  VIDEOONENET_DEVICE static float rounded(const Thread&, float v) {
    return v;
  }
  template <class Thread, class V>
  VIDEOONENET_DEVICE static V prepare_rounded(const Thread&, const V& v) {
    return v;
  }
  template <class Thread>
  VIDEOONENET_DEVICE static void multiply_add(const Thread& t, Parts& d, const A& a, const B& b) {
    const auto [a_high, a_low] = split<Thread>(a);
    const auto [b_high, b_low] = split<Thread>(b);
    t.multiply_add_tf32(d, a_low, b_high);
    t.multiply_add_tf32(d, a_high, b_low);
    t.multiply_add_tf32(d, a_high, b_high);
  }

 private:
  template <std::size_t count>
  struct Split {
    std::array<std::uint32_t, count> high, low;
  };
  template <class Thread, std::size_t count>
  VIDEOONENET_DEVICE static Split<count> split(const std::array<float, count>& v) {
    Split<count> s{};
    for (std::size_t i = 0; i < count; ++i) {
      s.high[i] = Thread::tf32(v[i]);
      s.low[i] = Thread::tf32(v[i] - Thread::round_to_tf32(v[i]));
    }
    return s;
  }
};

/// bfloat16: sixteen terms of a sum at a time.
template <>
struct MatrixUnit<Precision::bfloat16> : MatrixUnitSums {
  static constexpr int depth = 16;
  using A = std::array<float, 8>;
  using B = std::array<float, 4>;
  VIDEOONENET_HOST_DEVICE static constexpr int a_row(int lane, int part) { return lane / 4 + part / 2 % 2 * 8; }
  VIDEOONENET_HOST_DEVICE static constexpr int a_term(int lane, int part) {
    return lane % 4 * 2 + part % 2 + part / 4 * 8;
  }
  VIDEOONENET_HOST_DEVICE static constexpr int b_column(int lane, int /*part*/) { return lane / 4; }
  VIDEOONENET_HOST_DEVICE static constexpr int b_term(int lane, int part) {
    return lane % 4 * 2 + part % 2 + part / 2 * 8;
  }

  template <class Thread, std::size_t count>
  VIDEOONENET_DEVICE static std::array<std::uint32_t, count / 2> prepare(const Thread&,
                                                                         const std::array<float, count>& v) {
    std::array<std::uint32_t, count / 2> pairs{};
    for (std::size_t i = 0; i < count / 2; ++i) pairs[i] = Thread::bfloat16_pair(v[2 * i], v[2 * i + 1]);
    return pairs;
  }
  /// Pairs are made when they are read: which entries meet in one depends on the operand.
  template <class Thread>
  VIDEOONENET_DEVICE static float rounded(const Thread&, float v) {
    return v;
  }
  template <class Thread, std::size_t count>
  VIDEOONENET_DEVICE static auto prepare_rounded(const Thread& t, const std::array<float, count>& v) {
    return prepare(t, v);
  }
  template <class Thread>
  VIDEOONENET_DEVICE static void multiply_add(const Thread& t, Parts& d, const std::array<std::uint32_t, 4>& a,
                                              const std::array<std::uint32_t, 2>& b) {
    t.multiply_add_bfloat16(d, a, b);
  }
};

}  // namespace videoonenet::cuda
