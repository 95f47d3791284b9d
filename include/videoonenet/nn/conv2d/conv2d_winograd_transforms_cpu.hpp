// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Winograd's transforms of what the tiles of a frame read, compute and are given.
///
/// Math: the R × C outputs of a tile are Aᵀ [(G K Gᵀ) ⊙ (Bᵀ d B)] A, d the pixels they read, with the transforms of its
/// rows and its columns in conv2d_winograd_points_cpu.hpp. The gradient by K is Gᵀ [(Bᵀ d B) ⊙ (A grad_y Aᵀ)] G, summed
/// over the tiles.

#include "videoonenet/nn/conv2d/conv2d_winograd_points_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_winograd_tiles_cpu.hpp"

namespace videoonenet::cpu::convolution::winograd {

namespace detail {

/// One register of channels of a pair of rows of points before their columns are transformed: the even and the odd sum
/// of `Terms` rows of pixels, or what opposite points make of them.
template <class T, Index Terms, bool Opposite>
struct RowPair {
  std::array<const T*, 2 * Terms> rows;
  std::array<T, 2 * Terms> factors;
  Index step;  ///< from column to column

  VIDEOONENET_ALWAYS_INLINE std::array<simd::Vector<T>, 2> operator[](Index col) const {
    const Index at = col * step;
    simd::Vector<T> even = factors[0] * simd::load(rows[0] + at), odd = factors[1] * simd::load(rows[1] + at);
    unrolled<Terms - 1>([&](auto i) VIDEOONENET_ALWAYS_INLINE {
      even += factors[2 * i + 2] * simd::load(rows[2 * i + 2] + at);
      odd += factors[2 * i + 3] * simd::load(rows[2 * i + 3] + at);
    });
    if constexpr (Opposite)
      return {even + odd, even - odd};
    else
      return {even, odd};
  }
};

/// Writes one row of a tile's points.
template <class T, std::size_t N>
VIDEOONENET_ALWAYS_INLINE inline void write_points(const std::array<simd::Vector<T>, N>& values, T* to, Index plane) {
  unrolled<static_cast<Index>(N)>([&](auto p) VIDEOONENET_ALWAYS_INLINE { simd::store(to + p * plane, values[p]); });
}

/// The points of d B for a kernel of K × K, of `count` tiles of C outputs from column `col` on in frames w pixels wide.
template <Index C, Index K, class T, class Rows>
VIDEOONENET_ALWAYS_INLINE inline void source_points(const Rows& d, Index col, Index w, Index count, T* v, Index plane,
                                                    Index tile) {
  constexpr Index shared = K - 1, half = K / 2;  // columns that a tile has in common with the next, and in front of it
  std::array<simd::Vector<T>, points_of<C, K>> first, second;
  const auto read = [&](Index j, Index at) VIDEOONENET_ALWAYS_INLINE {
    const auto values = d[at];
    first[j] = values[0], second[j] = values[1];
  };
  const auto read_inside = [&](Index j, Index at) VIDEOONENET_ALWAYS_INLINE {
    first[j] = second[j] = simd::zeros<T>();
    if (at >= 0 && at < w) read(j, at);
  };
  const auto write = [&]() VIDEOONENET_ALWAYS_INLINE {
    write_points<T>(Interpolation<T, K>::source(first), v, plane);
    write_points<T>(Interpolation<T, K>::source(second), v + points<K> * plane, plane);
    unrolled<shared>([&](auto j) VIDEOONENET_ALWAYS_INLINE { first[j] = first[C + j], second[j] = second[C + j]; });
    col += C, v += tile;
  };
  unrolled<shared>([&](auto j) VIDEOONENET_ALWAYS_INLINE { read_inside(j, col - half + j); });
  const Index inside = std::min(count, (w - col - half) / C);  // all but a last one that reads beyond the frame
  Index t = 0;
  for (; t < inside; ++t) {
    unrolled<C>([&](auto j) VIDEOONENET_ALWAYS_INLINE { read(shared + j, col + half + j); });
    write();
  }
  for (; t < count; ++t) {
    unrolled<C>([&](auto j) VIDEOONENET_ALWAYS_INLINE { read_inside(shared + j, col + half + j); });
    write();
  }
}

/// The points of e Aᵀ, likewise.
template <Index C, Index K, class T, class Rows>
VIDEOONENET_ALWAYS_INLINE inline void gradient_points(const Rows& e, Index col, Index w, Index count, T* m, Index plane,
                                                      Index tile) {
  std::array<simd::Vector<T>, C> first, second;
  const auto write = [&](Index end) VIDEOONENET_ALWAYS_INLINE {
    unrolled<C>([&](auto j) VIDEOONENET_ALWAYS_INLINE {
      first[j] = second[j] = simd::zeros<T>();
      if (j >= end) return;
      const auto values = e[col + j];
      first[j] = values[0], second[j] = values[1];
    });
    write_points<T>(Interpolation<T, K>::gradient(first), m, plane);
    write_points<T>(Interpolation<T, K>::gradient(second), m + points<K> * plane, plane);
  };
  const Index inner = std::min(count, (w - col) / C);
  for (Index t = 0; t < inner; ++t, col += C, m += tile) write(C);
  if (inner < count) write(w - col);
}

/// Calls body(run, channel, pair of rows) for the tiles of `range` and registers of channels; the inputs of `terms` are
/// rows of pixels, from the `before`-th in front of a tile on.
template <Index Terms, bool Opposite, class T, Index K, class Body>
void for_row_pairs(const Tiles& tiles, Range range, const PairOfPoints<T, K>& terms, Index before, const Pixels<T>& x,
                   Range channels, Body&& body) {
  tiles.for_runs(range, [&](const Run& run) {
    std::array<const T*, 2 * Terms> rows;
    std::array<T, 2 * Terms> factors;
    std::copy_n(terms.factor.begin(), factors.size(), factors.begin());
    for (std::size_t i = 0; i < rows.size(); ++i)
      rows[i] = terms.factor[i] != 0 ? x.row(run.frame, run.row - before + terms.input[i]) : x.zeros;
    for_full_registers<T>(channels, [&](Index c) {
      std::array<const T*, 2 * Terms> at;
      for (std::size_t i = 0; i < at.size(); ++i) at[i] = rows[i] + c;
      body(run, c - channels.begin, RowPair<T, Terms, Opposite>{at, factors, x.channels});
    });
  });
}

}  // namespace detail

/// A pair of rows of the points Bᵀ d B, for the tiles of `range`, C columns each, and some channels.
template <class T, Index K, Index C>
void transform_source(const Tiles& tiles, Range range, Index pair, const Pixels<T>& x, Range channels,
                      const Planes<T>& to) {
  const auto terms = PairOfPoints<T, K>::source(tiles.rows, pair);
  const auto body = [&](const Run& run, Index c, const auto& d) {
    detail::source_points<C, K, T>(d, run.col, tiles.w, run.count, to.data + run.at * to.tile + c, to.plane, to.tile);
  };
  if (pair == 0)
    detail::for_row_pairs<pairs<K>, false>(tiles, range, terms, K / 2, x, channels, body);
  else
    detail::for_row_pairs<pairs<K> - 1, true>(tiles, range, terms, K / 2, x, channels, body);
}

/// A pair of rows of the points A grad_y Aᵀ, likewise for all channels.
template <class T, Index K, Index C>
void transform_gradient(const Tiles& tiles, Range range, Index pair, const Pixels<T>& grad_y, const Planes<T>& to) {
  const auto terms = PairOfPoints<T, K>::gradient(tiles.rows, pair);
  const Range channels{0, grad_y.channels};
  const auto body = [&](const Run& run, Index c, const auto& e) {
    detail::gradient_points<C, K, T>(e, run.col, tiles.w, run.count, to.data + run.at * to.tile + c, to.plane, to.tile);
  };
  if (pair == 0)
    detail::for_row_pairs<1, false>(tiles, range, terms, 0, grad_y, channels, body);
  else
    detail::for_row_pairs<wide / 2, true>(tiles, range, terms, 0, grad_y, channels, body);
}

/// y = Aᵀ m A + b or y += Aᵀ m A + b, of all points m of tiles of R × C; b may be null.
template <class T, Index K, Index R, Index C>
void transform_outputs(const Tiles& tiles, Range range, const Planes<const T>& m, Index channels, const T* bias,
                       bool add, T* y) {
  using Vector = simd::Vector<T>;
  const Index row_of_pixels = tiles.w * channels, plane = m.plane;
  tiles.for_runs(range, [&](const Run& run) {
    const Index rows = std::min(R, tiles.h - run.row);
    const T* from = m.data + run.at * m.tile;
    T* to = y + ((run.frame * tiles.h + run.row) * tiles.w + run.col) * channels;
    for (Index t = 0; t < run.count; ++t, from += m.tile, to += C * channels) {
      const Index cols = std::min(C, tiles.w - run.col - t * C);
      for_registers<T>({0, channels}, [&](Index k, auto lanes) VIDEOONENET_ALWAYS_INLINE {
        std::array<std::array<Vector, points_of<C, K>>, R> half;
        unrolled<points_of<C, K>>([&](auto j) VIDEOONENET_ALWAYS_INLINE {
          std::array<Vector, points_of<R, K>> column;
          unrolled<points_of<R, K>>([&](auto i) VIDEOONENET_ALWAYS_INLINE {
            column[i] = simd::load(from + (i * points<K> + j) * plane + k);
          });
          const auto outputs = Interpolation<T, K>::outputs(column);
          unrolled<R>([&](auto r) VIDEOONENET_ALWAYS_INLINE { half[r][j] = outputs[r]; });
        });
        const Vector constant = bias ? simd::load(bias + k, lanes) : simd::zeros<T>();
        T* at = to + k;
        for (Index r = 0; r < rows; ++r, at += row_of_pixels) {
          const auto outputs = Interpolation<T, K>::outputs(half[static_cast<std::size_t>(r)]);
          const auto write = [&](auto c) VIDEOONENET_ALWAYS_INLINE {
            const Vector value = outputs[c] + constant;
            simd::store(at + c * channels, add ? simd::load(at + c * channels, lanes) + value : value, lanes);
          };
          if (cols == C)
            unrolled<C>(write);
          else
            unrolled<C>([&](auto c) VIDEOONENET_ALWAYS_INLINE {
              if (c < cols) write(c);
            });
        }
      });
    }
  });
}

}  // namespace videoonenet::cpu::convolution::winograd
