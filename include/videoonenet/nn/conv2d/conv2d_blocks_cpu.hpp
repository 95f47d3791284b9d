// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The inner loops of the convolution: blocks of sums that stay in registers.

#include <algorithm>
#include <array>
#include <utility>

#include "videoonenet/core/simd_sums.hpp"

namespace videoonenet::cpu::convolution {

/// Calls body(integral constant i) for i = 0 … N − 1, so that indices into registers are constants.
template <Index N, class Body>
VIDEOONENET_ALWAYS_INLINE constexpr void unrolled(Body&& body) {
  const auto call = [&]<Index... I>(std::integer_sequence<Index, I...>) VIDEOONENET_ALWAYS_INLINE {
    (body(std::integral_constant<Index, I>{}), ...);
  };
  call(std::make_integer_sequence<Index, N>{});
}

/// AVX-512 and NEON have 32 registers, others 16.
inline constexpr bool many_registers = simd::register_count >= 32;
/// Sums kept in registers at most; the rest holds operands.
inline constexpr Index max_sums = many_registers ? 28 : 12;
/// Output pixels of a block at most.
inline constexpr Index max_pixels = 14;

/// What one block of sums reads and writes: `pixels` outputs, of which all are computed and the first `valid` written.
template <class T>
struct Block {
  const T* x;        ///< the gathered tile, from the first kernel row of this block
  Index x_row;       ///< entries of a gathered row
  const T* weights;  ///< packed, from the same kernel row
  Index rows;        ///< kernel rows
  Index steps;       ///< packed groups of weights in a kernel row
  const T* bias;     ///< null when there is none to add
  bool add;          ///< to what y holds
  T* y;
  Index valid;
  Index width;                               ///< channels of y that this block writes
  std::array<Index, max_pixels> x_at, y_at;  ///< of each pixel
};

/// Pixels of a block that computes V registers of output channels.
template <Index V>
inline constexpr Index wide_pixels = std::min(max_pixels, max_sums / V - (V > 2 ? 1 : 0));

/// Taps of a round: with one register a pixel, the addresses of the pixels would otherwise cost as much as the sums.
template <Index V>
inline constexpr Index wide_taps = V == 1 ? max_sums / 6 : 1;

/// y[p, k] = Σ_{r, j} x[r, p, j] · w[r, j, k] for P pixels and V registers of output channels k: each weight is loaded
/// once for all pixels, each entry of x is broadcast.
template <class T, Index V>
void wide_block(const Block<T>& b) {
  using Vector = simd::Vector<T>;
  constexpr Index P = wide_pixels<V>, L = simd::lanes<T>;
  Vector sums[P][V] = {};
  const T* w = b.weights;
  for (Index r = 0; r < b.rows; ++r) {
    const T* x = b.x + r * b.x_row;
    const T* at[P];
    unrolled<P>([&](auto p) VIDEOONENET_ALWAYS_INLINE { at[p] = x + b.x_at[p]; });
    Index j = 0;
    const auto round = [&](auto taps) VIDEOONENET_ALWAYS_INLINE {
      Vector weights[taps][V];
      unrolled<taps>([&](auto i) VIDEOONENET_ALWAYS_INLINE {
        unrolled<V>([&](auto v) VIDEOONENET_ALWAYS_INLINE { weights[i][v] = simd::load(w + (i * V + v) * L); });
      });
      unrolled<P>([&](auto p) VIDEOONENET_ALWAYS_INLINE {
        unrolled<taps>([&](auto i) VIDEOONENET_ALWAYS_INLINE {
          const Vector value = simd::broadcast(at[p][j + i]);
          unrolled<V>([&](auto v) VIDEOONENET_ALWAYS_INLINE { sums[p][v] += weights[i][v] * value; });
        });
      });
      j += taps;
      w += taps * V * L;
    };
    while (j + wide_taps<V> <= b.steps) round(std::integral_constant<Index, wide_taps<V>>{});
    while (j < b.steps) round(std::integral_constant<Index, 1>{});
  }
  const bool whole = b.width == V * L;
  unrolled<P>([&](auto p) VIDEOONENET_ALWAYS_INLINE {
    if (p >= b.valid) return;
    T* y = b.y + b.y_at[p];
    unrolled<V>([&](auto v) VIDEOONENET_ALWAYS_INLINE {
      const Index count = whole ? L : std::clamp<Index>(b.width - v * L, 0, L);
      Vector value = sums[p][v];
      if (b.bias) value += simd::load(b.bias + v * L);
      if (count == L)
        simd::store(y + v * L, b.add ? value + simd::load(y + v * L) : value);
      else
        simd::store(y + v * L, b.add ? value + simd::load(y + v * L, count) : value, count);
    });
  });
}

/// Pixels of a block that computes K single output channels.
template <Index K>
inline constexpr Index narrow_pixels = std::max<Index>(1, std::min(max_pixels, (max_sums - (K > 2 ? 4 : 0)) / K));

/// The same for K output channels, too few to fill a register: the registers hold taps j, and their lanes are added
/// up at the end.
template <class T, Index K>
void narrow_block(const Block<T>& b) {
  using Vector = simd::Vector<T>;
  constexpr Index P = narrow_pixels<K>, L = simd::lanes<T>;
  Vector sums[P][K] = {};
  const T* w = b.weights;
  for (Index r = 0; r < b.rows; ++r) {
    const T* x = b.x + r * b.x_row;
    const T* at[P];
    unrolled<P>([&](auto p) VIDEOONENET_ALWAYS_INLINE { at[p] = x + b.x_at[p]; });
    for (Index j = 0; j < b.steps; ++j, w += K * L) {
      Vector weights[K];
      unrolled<K>([&](auto k) VIDEOONENET_ALWAYS_INLINE { weights[k] = simd::load(w + k * L); });
      unrolled<P>([&](auto p) VIDEOONENET_ALWAYS_INLINE {
        const Vector value = simd::load(at[p] + j * L);
        unrolled<K>([&](auto k) VIDEOONENET_ALWAYS_INLINE { sums[p][k] += weights[k] * value; });
      });
    }
  }
  T totals[(P * K + L - 1) / L * L];
  simd::sums<T, P * K>(&sums[0][0], totals);
  for (Index p = 0; p < b.valid; ++p) {
    T* y = b.y + b.y_at[static_cast<std::size_t>(p)];
    unrolled<K>([&](auto k) VIDEOONENET_ALWAYS_INLINE {
      const T value = totals[p * K + k] + (b.bias ? b.bias[k] : T(0));
      y[k] = b.add ? y[k] + value : value;
    });
  }
}

/// The pixels that both operands of a kernel gradient run over.
template <class T>
struct Walk {
  Index rows, cols;
  const T* a;
  Index a_row, a_col;  ///< steps from pixel to pixel
  const T* b;
  Index b_row, b_col;
};

/// products[a, b] = Σ over pixels of a[pixel, a] · b[pixel, b], A entries by V registers.
template <class T, Index A, Index V>
void outer_block(const Walk<T>& walk, T* products) {
  using Vector = simd::Vector<T>;
  constexpr Index L = simd::lanes<T>;
  Vector sums[A][V] = {};
  for (Index row = 0; row < walk.rows; ++row) {
    const T *pa = walk.a + row * walk.a_row, *pb = walk.b + row * walk.b_row;
    for (Index col = 0; col < walk.cols; ++col, pa += walk.a_col, pb += walk.b_col) {
      Vector values[V];
      unrolled<V>([&](auto v) VIDEOONENET_ALWAYS_INLINE { values[v] = simd::load(pb + v * L); });
      unrolled<A>([&](auto a) VIDEOONENET_ALWAYS_INLINE {
        const Vector factor = simd::broadcast(pa[a]);
        unrolled<V>([&](auto v) VIDEOONENET_ALWAYS_INLINE { sums[a][v] += factor * values[v]; });
      });
    }
  }
  unrolled<A>([&](auto a) VIDEOONENET_ALWAYS_INLINE {
    unrolled<V>([&](auto v) VIDEOONENET_ALWAYS_INLINE { simd::store(products + (a * V + v) * L, sums[a][v]); });
  });
}

}  // namespace videoonenet::cpu::convolution
