// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The matrix unit of a warp: d += a b for a of 16 × k, b of k × 8 and d of 16 × 8 entries, in one of three precisions.
///
/// Every lane holds parts of the three; which ones is PTX's choice for mma.m16n8k8 (tf32) and mma.m16n8k16 (bfloat16).

#include <array>

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

  template <class Thread>
  VIDEOONENET_DEVICE static void multiply_add(const Thread& t, Parts& d, const A& a, const B& b) {
    if constexpr (P == Precision::float32) {  // a b = a₁ b₁ + a₁ b₂ + a₂ b₁ + …, a₁ = tf32(a), a₂ = a − a₁
      const auto [a_high, a_low] = split<Thread>(a);
      const auto [b_high, b_low] = split<Thread>(b);
      t.multiply_add_tf32(d, a_low, b_high);
      t.multiply_add_tf32(d, a_high, b_low);
      t.multiply_add_tf32(d, a_high, b_high);
    } else {
      t.multiply_add_tf32(d, a, b);
    }
  }

 private:
  template <class V>
  struct Split {
    V high, low;
  };
  template <class Thread, class V>
  VIDEOONENET_DEVICE static Split<V> split(const V& v) {
    Split<V> s{};
    for (std::size_t i = 0; i < v.size(); ++i) {
      s.high[i] = Thread::round_to_tf32(v[i]);
      s.low[i] = v[i] - s.high[i];
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

  template <class Thread>
  VIDEOONENET_DEVICE static void multiply_add(const Thread& t, Parts& d, const A& a, const B& b) {
    t.multiply_add_bfloat16(d, a, b);
  }
};

}  // namespace videoonenet::cuda
