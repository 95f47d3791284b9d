// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Winograd's F(2 × 2, 3 × 3): the transforms of what a tile reads, computes and is given.
///
/// Math: the 2 × 2 outputs of a tile are Aᵀ [(G K Gᵀ) ⊙ (Bᵀ d B)] A, d the 4 × 4 pixels they read, with
/// Bᵀ = [1 0 −1 0; 0 1 1 0; 0 −1 1 0; 0 1 0 −1], Aᵀ = [1 1 1 0; 0 1 −1 −1], G = [1 0 0; ½ ½ ½; ½ −½ ½; 0 0 1]:
/// 16 multiplications instead of 36. The gradient by K is Gᵀ [(Bᵀ d B) ⊙ (A grad_y Aᵀ)] G, summed over the tiles.
/// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (2016).

#include "videoonenet/nn/conv2d/conv2d_blocks_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_winograd_tiles_cpu.hpp"

namespace videoonenet::cpu::convolution::winograd {

namespace detail {

/// One register of channels of two rows of pixels, added or subtracted.
template <class T, class Lanes>
struct RowSums {
  const T *a, *b;
  Index a_step, b_step;
  T sign;
  Lanes lanes;

  VIDEOONENET_ALWAYS_INLINE simd::Vector<T> operator[](Index col) const {
    return simd::load(a + col * a_step, lanes) + sign * simd::load(b + col * b_step, lanes);
  }
};

/// d B for a row d of Bᵀ times the pixels, of `count` tiles from column `col` on in frames w pixels wide.
template <class T, class Lanes>
VIDEOONENET_ALWAYS_INLINE inline void source_points(RowSums<T, Lanes> d, Index col, Index w, Index count, T* v,
                                                    Index plane, Index tile) {
  using Vector = simd::Vector<T>;
  const auto write = [=](T* to, Vector d0, Vector d1, Vector d2, Vector d3) VIDEOONENET_ALWAYS_INLINE {
    simd::store(to, d0 - d2);
    simd::store(to + plane, d1 + d2);
    simd::store(to + 2 * plane, d2 - d1);
    simd::store(to + 3 * plane, d1 - d3);
  };
  Vector d0 = col > 0 ? d[col - 1] : Vector{}, d1 = d[col];
  const Index inner = std::min(count, (w - col - 1) / 2);  // all but a last one that reads beyond the frame
  for (Index t = 0; t < inner; ++t, col += 2, v += tile) {
    const Vector d2 = d[col + 1], d3 = d[col + 2];
    write(v, d0, d1, d2, d3);
    d0 = d2, d1 = d3;
  }
  if (inner < count) write(v, d0, d1, col + 1 < w ? d[col + 1] : Vector{}, Vector{});
}

/// e Aᵀ for a row e of A times the pixels, likewise.
template <class T, class Lanes>
VIDEOONENET_ALWAYS_INLINE inline void gradient_points(RowSums<T, Lanes> e, Index col, Index w, Index count, T* m,
                                                      Index plane, Index tile) {
  using Vector = simd::Vector<T>;
  const auto write = [=](T* to, Vector e0, Vector e1) VIDEOONENET_ALWAYS_INLINE {
    simd::store(to, e0);
    simd::store(to + plane, e0 + e1);
    simd::store(to + 2 * plane, e0 - e1);
    simd::store(to + 3 * plane, -e1);
  };
  const Index inner = std::min(count, (w - col) / 2);
  for (Index t = 0; t < inner; ++t, col += 2, m += tile) write(m, e[col], e[col + 1]);
  if (inner < count) write(m, e[col], Vector{});
}

}  // namespace detail

/// The four points in row i of Bᵀ d B, for the tiles of `range` and some channels.
template <class T>
void transform_source(const Tiles& tiles, Range range, Index i, const Pixels<T>& x, Range channels,
                      const Planes<T>& to) {
  // Every row of Bᵀ is the sum or the difference of two pixels.
  const Index first = i == 0 ? 0 : i == 2 ? 2 : 1, second = i == 2 ? 1 : i == 3 ? 3 : 2;
  const T sign = i == 1 ? T(1) : T(-1);
  tiles.for_runs(range, [&](const Run& run) {
    const auto a = x.row(tiles, run.frame, 2 * run.row - 1 + first),
               b = x.row(tiles, run.frame, 2 * run.row - 1 + second);
    for_full_registers<T>(channels, [&](Index c, auto lanes) {
      detail::source_points<T>(detail::RowSums<T, decltype(lanes)>{a.data + c, b.data + c, a.step, b.step, sign, lanes},
                               2 * run.col, tiles.w, run.count, to.data + run.at * to.tile + c - channels.begin,
                               to.plane, to.tile);
    });
  });
}

/// The four points in row i of A grad_y Aᵀ, for the tiles of `range`.
template <class T>
void transform_gradient(const Tiles& tiles, Range range, Index i, const Pixels<T>& grad_y, const Planes<T>& to) {
  const T sign = i == 1 ? T(1) : T(-1);
  tiles.for_runs(range, [&](const Run& run) {
    const auto a = grad_y.row(tiles, run.frame, i < 3 ? 2 * run.row : -1),
               b = grad_y.row(tiles, run.frame, i > 0 ? 2 * run.row + 1 : -1);
    for_full_registers<T>({0, grad_y.channels}, [&](Index k, auto lanes) {
      detail::gradient_points<T>(
          detail::RowSums<T, decltype(lanes)>{a.data + k, b.data + k, a.step, b.step, sign, lanes}, 2 * run.col,
          tiles.w, run.count, to.data + run.at * to.tile + k, to.plane, to.tile);
    });
  });
}

/// y = Aᵀ m A + b or y += Aᵀ m A + b, of all 16 points m; b may be null.
template <class T>
void transform_outputs(const Tiles& tiles, Range range, const Planes<const T>& m, Index channels, const T* bias,
                       bool add, T* y) {
  using Vector = simd::Vector<T>;
  const Index row_of_pixels = tiles.w * channels, plane = m.plane;
  tiles.for_runs(range, [&](const Run& run) {
    const bool two_rows = 2 * run.row + 1 < tiles.h;
    const T* from = m.data + run.at * m.tile;
    T* to = y + ((run.frame * tiles.h + 2 * run.row) * tiles.w + 2 * run.col) * channels;
    for (Index t = 0; t < run.count; ++t, from += m.tile, to += 2 * channels) {
      const bool two_cols = 2 * (run.col + t) + 1 < tiles.w;
      for_registers<T>({0, channels}, [&](Index k, auto lanes) VIDEOONENET_ALWAYS_INLINE {
        Vector top[points], bottom[points];
        unrolled<points>([&](auto j) VIDEOONENET_ALWAYS_INLINE {
          const T* p = from + j * plane + k;
          Vector m1 = simd::load(p + points * plane);
          const Vector m2 = simd::load(p + 2 * points * plane);
          // Point (1, 1) is a term of all four outputs.
          if (j == 1 && bias) m1 += simd::load(bias + k, lanes);
          top[j] = simd::load(p) + (m1 + m2);
          bottom[j] = (m1 - m2) - simd::load(p + 3 * points * plane);
        });
        const auto write = [=](T* at, Vector value) VIDEOONENET_ALWAYS_INLINE {
          simd::store(at, add ? simd::load(at, lanes) + value : value, lanes);
        };
        T* at = to + k;
        write(at, top[0] + (top[1] + top[2]));
        if (two_cols) write(at + channels, (top[1] - top[2]) - top[3]);
        if (!two_rows) return;
        at += row_of_pixels;
        write(at, bottom[0] + (bottom[1] + bottom[2]));
        if (two_cols) write(at + channels, (bottom[1] - bottom[2]) - bottom[3]);
      });
    }
  });
}

}  // namespace videoonenet::cpu::convolution::winograd
