// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The inner loops of the convolution: blocks of sums that stay in registers.

#include <algorithm>
#include <array>
#include <utility>

#include "videoonenet/core/simd_sums.hpp"
#include "videoonenet/nn/conv2d/conv2d_operand_cpu.hpp"

namespace videoonenet::cpu::convolution {

/// Calls body(integral constant i) for i = 0 … N − 1, so that indices into registers are constants. A body that takes
/// an Index is compiled once; only one that needs a constant expression takes `auto`.
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
template <class S>
struct Block {
  using T = SumOf<S>;
  const S* x;        ///< the gathered tile, from the first kernel row of this block
  Index x_row;       ///< entries of a gathered row
  const S* weights;  ///< packed, from the same kernel row
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
/// once for all pixels, each entry of x is broadcast. Taps that share a lane are one step.
template <class S, Index V>
void wide_block(const Block<S>& b) {
  using T = SumOf<S>;
  using Vector = simd::Vector<T>;
  constexpr Index P = wide_pixels<V>, L = simd::lanes<T>, together = Operand<S>::per_lane;
  Vector sums[P][V] = {};
  const S* w = b.weights;
  for (Index r = 0; r < b.rows; ++r) {
    const S* x = b.x + r * b.x_row;
    const S* at[P];
    unrolled<P>([&](Index p) VIDEOONENET_ALWAYS_INLINE { at[p] = x + b.x_at[p]; });
    Index j = 0;
    const auto round = [&](auto taps) VIDEOONENET_ALWAYS_INLINE {
      Vector weights[taps][V];
      unrolled<taps>([&](Index i) VIDEOONENET_ALWAYS_INLINE {
        unrolled<V>([&](Index v) VIDEOONENET_ALWAYS_INLINE {
          weights[i][v] = Operand<S>::load(w + (i * V + v) * L * together);
        });
      });
      unrolled<P>([&](Index p) VIDEOONENET_ALWAYS_INLINE {
        unrolled<taps>([&](Index i) VIDEOONENET_ALWAYS_INLINE {
          const Vector value = Operand<S>::broadcast(at[p] + (j + i) * together);
          unrolled<V>([&](Index v) VIDEOONENET_ALWAYS_INLINE {
            sums[p][v] = Operand<S>::multiply_add(sums[p][v], weights[i][v], value);
          });
        });
      });
      j += taps;
      w += taps * V * L * together;
    };
    while (j + wide_taps<V> <= b.steps) round(std::integral_constant<Index, wide_taps<V>>{});
    while (j < b.steps) round(std::integral_constant<Index, 1>{});
  }
  const bool whole = b.width == V * L;
  unrolled<P>([&](Index p) VIDEOONENET_ALWAYS_INLINE {
    if (p >= b.valid) return;
    T* y = b.y + b.y_at[p];
    unrolled<V>([&](Index v) VIDEOONENET_ALWAYS_INLINE {
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
template <class S, Index K>
void narrow_block(const Block<S>& b) {
  using T = SumOf<S>;
  using Vector = simd::Vector<T>;
  constexpr Index P = narrow_pixels<K>, L = simd::lanes<T>, entries = register_entries<S>;
  Vector sums[P][K] = {};
  const S* w = b.weights;
  for (Index r = 0; r < b.rows; ++r) {
    const S* x = b.x + r * b.x_row;
    const S* at[P];
    unrolled<P>([&](Index p) VIDEOONENET_ALWAYS_INLINE { at[p] = x + b.x_at[p]; });
    for (Index j = 0; j < b.steps; ++j, w += K * entries) {
      Vector weights[K];
      unrolled<K>([&](Index k) VIDEOONENET_ALWAYS_INLINE { weights[k] = Operand<S>::load(w + k * entries); });
      unrolled<P>([&](Index p) VIDEOONENET_ALWAYS_INLINE {
        const Vector value = Operand<S>::load(at[p] + j * entries);
        unrolled<K>([&](Index k) VIDEOONENET_ALWAYS_INLINE {
          sums[p][k] = Operand<S>::multiply_add(sums[p][k], weights[k], value);
        });
      });
    }
  }
  T totals[(P * K + L - 1) / L * L];
  simd::sums<T, P * K>(&sums[0][0], totals);
  for (Index p = 0; p < b.valid; ++p) {
    T* y = b.y + b.y_at[static_cast<std::size_t>(p)];
    unrolled<K>([&](Index k) VIDEOONENET_ALWAYS_INLINE {
      const T value = totals[p * K + k] + (b.bias ? b.bias[k] : T(0));
      y[k] = b.add ? y[k] + value : value;
    });
  }
}

/// The pixels that both operands of a kernel gradient run over.
template <class S>
struct Walk {
  Index rows, cols;
  const S* a;
  Index a_row, a_col;  ///< steps from pixel to pixel
  const S* b;
  Index b_row, b_col;
};

/// to[a · step + b] += Σ over pixels of a[pixel, a] · b[pixel, b], A entries by V registers.
template <class S, Index A, Index V>
void outer_block(const Walk<S>& walk, SumOf<S>* to, Index step) {
  using Vector = simd::Vector<SumOf<S>>;
  constexpr Index L = simd::lanes<SumOf<S>>;
  Vector sums[A][V] = {};
  constexpr Index line = 64 / static_cast<Index>(sizeof(SumOf<S>));
  unrolled<A>([&](Index a) VIDEOONENET_ALWAYS_INLINE {  // grad_kernel is larger than the nearer caches
    for (Index v = 0; v < V * L; v += line) __builtin_prefetch(to + a * step + v, 1);
  });
  for (Index row = 0; row < walk.rows; ++row) {
    const S *pa = walk.a + row * walk.a_row, *pb = walk.b + row * walk.b_row;
    for (Index col = 0; col < walk.cols; ++col, pa += walk.a_col, pb += walk.b_col) {
      Vector values[V];
      unrolled<V>([&](Index v) VIDEOONENET_ALWAYS_INLINE { values[v] = Operand<S>::load(pb + v * L); });
      unrolled<A>([&](Index a) VIDEOONENET_ALWAYS_INLINE {
        const Vector factor = Operand<S>::broadcast(pa + a);
        unrolled<V>([&](Index v) VIDEOONENET_ALWAYS_INLINE {
          sums[a][v] = Operand<S>::multiply_add(sums[a][v], factor, values[v]);
        });
      });
    }
  }
  unrolled<A>([&](Index a) VIDEOONENET_ALWAYS_INLINE {
    unrolled<V>([&](Index v) VIDEOONENET_ALWAYS_INLINE {
      SumOf<S>* at = to + a * step + v * L;
      simd::store(at, simd::load(at) + sums[a][v]);
    });
  });
}

}  // namespace videoonenet::cpu::convolution
