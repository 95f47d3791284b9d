// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The inner loops of Winograd's convolution: at every point of the transform a product of small matrices.

#include "videoonenet/nn/conv2d/conv2d_blocks_cpu.hpp"

namespace videoonenet::cpu::convolution::winograd {

/// Tiles whose products with V registers of channels are summed at once; there is a loop for one fewer, too.
template <Index V>
inline constexpr Index tiles_at_once = std::min<Index>(max_sums / V - (V > 2 ? 1 : 0), 12);

/// m[t, k] = Σ_c v[t, c] · u[c, k] for P tiles and V registers of channels k.
template <class T, Index P, Index V>
void tile_products(const T* v, Index v_tile, const T* u, Index depth, T* m, Index m_tile) {
  using Vector = simd::Vector<T>;
  constexpr Index L = simd::lanes<T>;
  const T* at[P];
  unrolled<P>([&](auto p) VIDEOONENET_ALWAYS_INLINE { at[p] = v + p * v_tile; });
  Vector sums[P][V] = {};
  Index c = 0;
  const auto round = [&](auto channels) VIDEOONENET_ALWAYS_INLINE {
    Vector weights[channels][V];
    unrolled<channels>([&](auto j) VIDEOONENET_ALWAYS_INLINE {
      unrolled<V>([&](auto i) VIDEOONENET_ALWAYS_INLINE { weights[j][i] = simd::load(u + (j * V + i) * L); });
    });
    unrolled<P>([&](auto p) VIDEOONENET_ALWAYS_INLINE {
      unrolled<channels>([&](auto j) VIDEOONENET_ALWAYS_INLINE {
        const Vector value = simd::broadcast(at[p][c + j]);
        unrolled<V>([&](auto i) VIDEOONENET_ALWAYS_INLINE { sums[p][i] += weights[j][i] * value; });
      });
    });
    c += channels;
    u += channels * V * L;
  };
  while (c + wide_taps<V> <= depth) round(std::integral_constant<Index, wide_taps<V>>{});
  while (c < depth) round(std::integral_constant<Index, 1>{});
  unrolled<P>([&](auto p) VIDEOONENET_ALWAYS_INLINE {
    unrolled<V>([&](auto i) VIDEOONENET_ALWAYS_INLINE { simd::store(m + p * m_tile + i * L, sums[p][i]); });
  });
}

/// The same for any number of tiles. The last round may read behind the last of v and write behind the last of m:
/// fewer than tiles_at_once<V> tiles.
template <class T, Index V>
void plane_products(Index tiles, const T* v, Index v_tile, const T* u, Index depth, T* m, Index m_tile) {
  constexpr Index P = tiles_at_once<V>;
  const Index rounds = (tiles + P - 1) / P, smaller = std::min(rounds, rounds * P - tiles);
  for (Index i = 0; i < rounds; ++i) {
    const bool small = i < smaller;
    (small ? tile_products<T, P - 1, V> : tile_products<T, P, V>)(v, v_tile, u, depth, m, m_tile);
    v += (small ? P - 1 : P) * v_tile;
    m += (small ? P - 1 : P) * m_tile;
  }
}

/// Channels of the source whose products with V registers of channels are summed at once.
template <Index V>
inline constexpr Index channels_at_once = many_registers ? (V == 1   ? 16
                                                            : V == 4 ? 6
                                                                     : 8)
                                                         : max_sums / V;

/// A multiple of all of them, and of the lanes.
inline constexpr Index channels_together = 48;

/// sums[c, k] = Σ_t v[t, c] · m[t, k], or += that, for channels_at_once<V> channels c and V registers of channels k.
template <class T, Index V>
void channel_products(Index tiles, const T* v, Index v_tile, const T* m, Index m_tile, bool add, T* to, Index to_row) {
  using Vector = simd::Vector<T>;
  constexpr Index A = channels_at_once<V>, L = simd::lanes<T>;
  static_assert(channels_together % A == 0 && channels_together % L == 0);
  Vector sums[A][V] = {};
  for (Index t = 0; t < tiles; ++t, v += v_tile, m += m_tile) {
    Vector values[V];
    unrolled<V>([&](auto i) VIDEOONENET_ALWAYS_INLINE { values[i] = simd::load(m + i * L); });
    unrolled<A>([&](auto a) VIDEOONENET_ALWAYS_INLINE {
      const Vector factor = simd::broadcast(v[a]);
      unrolled<V>([&](auto i) VIDEOONENET_ALWAYS_INLINE { sums[a][i] += factor * values[i]; });
    });
  }
  unrolled<A>([&](auto a) VIDEOONENET_ALWAYS_INLINE {
    unrolled<V>([&](auto i) VIDEOONENET_ALWAYS_INLINE {
      T* at = to + a * to_row + i * L;
      simd::store(at, add ? simd::load(at) + sums[a][i] : sums[a][i]);
    });
  });
}

/// Both loops for some number V of registers, and how much they sum at once.
template <class T>
struct Loops {
  Index tiles, channels;
  decltype(&plane_products<T, 1>) plane;
  decltype(&channel_products<T, 1>) channel;
};

/// The loops for so many registers of output channels, at most max_registers.
template <class T>
constexpr Loops<T> loops(Index registers) {
  constexpr auto all = []<Index... V>(std::integer_sequence<Index, V...>) {
    return std::array{Loops<T>{tiles_at_once<V + 1>, channels_at_once<V + 1>, &plane_products<T, V + 1>,
                               &channel_products<T, V + 1>}...};
  }(std::make_integer_sequence<Index, many_registers ? 4 : 2>{});
  return all[static_cast<std::size_t>(registers - 1)];
}

}  // namespace videoonenet::cpu::convolution::winograd
