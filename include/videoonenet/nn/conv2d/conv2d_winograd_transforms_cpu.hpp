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
  std::array<const T*, points> rows;
  std::array<T, points> factors;
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

/// The points of d B, of `count` tiles of C outputs from column `col` on in frames w pixels wide.
template <Index C, class T, class Rows>
VIDEOONENET_ALWAYS_INLINE inline void source_points(const Rows& d, Index col, Index w, Index count, T* v, Index plane,
                                                    Index tile) {
  using Vector = simd::Vector<T>;
  std::array<Vector, points_of<C>> first, second;
  const auto read = [&](Index j, Index at) VIDEOONENET_ALWAYS_INLINE {
    const auto values = d[at];
    first[j] = values[0], second[j] = values[1];
  };
  const auto write = [&](T* to) VIDEOONENET_ALWAYS_INLINE {
    write_points<T>(Interpolation<T>::source(first), to, plane);
    write_points<T>(Interpolation<T>::source(second), to + points * plane, plane);
  };
  first[0] = second[0] = simd::zeros<T>();
  if (col > 0) read(0, col - 1);
  read(1, col);
  const Index inner = std::min(count, (w - col - 1) / C);  // all but a last one that reads beyond the frame
  for (Index t = 0; t < inner; ++t, col += C, v += tile) {
    unrolled<C>([&](auto j) VIDEOONENET_ALWAYS_INLINE { read(2 + j, col + 1 + j); });
    write(v);
    first[0] = first[C], first[1] = first[C + 1], second[0] = second[C], second[1] = second[C + 1];
  }
  if (inner == count) return;
  unrolled<C>([&](auto j) VIDEOONENET_ALWAYS_INLINE {
    first[2 + j] = second[2 + j] = simd::zeros<T>();
    if (col + 1 + j < w) read(2 + j, col + 1 + j);
  });
  write(v);
}

/// The points of e Aᵀ, likewise.
template <Index C, class T, class Rows>
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
    write_points<T>(Interpolation<T>::gradient(first), m, plane);
    write_points<T>(Interpolation<T>::gradient(second), m + points * plane, plane);
  };
  const Index inner = std::min(count, (w - col) / C);
  for (Index t = 0; t < inner; ++t, col += C, m += tile) write(C);
  if (inner < count) write(w - col);
}

/// Calls body(run, channel, pair of rows) for the tiles of `range` and registers of channels; the inputs of `terms` are
/// rows of pixels, from the `before`-th in front of a tile on.
template <Index Terms, bool Opposite, class T, class Body>
void for_row_pairs(const Tiles& tiles, Range range, const PairOfPoints<T>& terms, Index before, const Pixels<T>& x,
                   Range channels, Body&& body) {
  tiles.for_runs(range, [&](const Run& run) {
    std::array<const T*, points> rows;
    for (std::size_t i = 0; i < rows.size(); ++i)
      rows[i] = terms.factor[i] != 0 ? x.row(run.frame, run.row - before + terms.input[i]) : x.zeros;
    for_full_registers<T>(channels, [&](Index c) {
      std::array<const T*, points> at;
      for (std::size_t i = 0; i < at.size(); ++i) at[i] = rows[i] + c;
      body(run, c - channels.begin, RowPair<T, Terms, Opposite>{at, terms.factor, x.channels});
    });
  });
}

}  // namespace detail

/// A pair of rows of the points Bᵀ d B, for the tiles of `range`, C columns each, and some channels.
template <class T, Index C>
void transform_source(const Tiles& tiles, Range range, Index pair, const Pixels<T>& x, Range channels,
                      const Planes<T>& to) {
  const auto terms = PairOfPoints<T>::source(tiles.rows, pair);
  const auto body = [&](const Run& run, Index c, const auto& d) {
    detail::source_points<C, T>(d, run.col, tiles.w, run.count, to.data + run.at * to.tile + c, to.plane, to.tile);
  };
  if (pair == 0)
    detail::for_row_pairs<3, false>(tiles, range, terms, 1, x, channels, body);
  else
    detail::for_row_pairs<2, true>(tiles, range, terms, 1, x, channels, body);
}

/// A pair of rows of the points A grad_y Aᵀ, likewise for all channels.
template <class T, Index C>
void transform_gradient(const Tiles& tiles, Range range, Index pair, const Pixels<T>& grad_y, const Planes<T>& to) {
  const auto terms = PairOfPoints<T>::gradient(tiles.rows, pair);
  const Range channels{0, grad_y.channels};
  const auto body = [&](const Run& run, Index c, const auto& e) {
    detail::gradient_points<C, T>(e, run.col, tiles.w, run.count, to.data + run.at * to.tile + c, to.plane, to.tile);
  };
  if (pair == 0)
    detail::for_row_pairs<2, false>(tiles, range, terms, 0, grad_y, channels, body);
  else
    detail::for_row_pairs<2, true>(tiles, range, terms, 0, grad_y, channels, body);
}

/// y = Aᵀ m A + b or y += Aᵀ m A + b, of all points m of tiles of R × C; b may be null.
template <class T, Index R, Index C>
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
        std::array<std::array<Vector, points_of<C>>, R> half;
        unrolled<points_of<C>>([&](auto j) VIDEOONENET_ALWAYS_INLINE {
          std::array<Vector, points_of<R>> column;
          unrolled<points_of<R>>(
              [&](auto i) VIDEOONENET_ALWAYS_INLINE { column[i] = simd::load(from + (i * points + j) * plane + k); });
          const auto outputs = Interpolation<T>::outputs(column);
          unrolled<R>([&](auto r) VIDEOONENET_ALWAYS_INLINE { half[r][j] = outputs[r]; });
        });
        const Vector constant = bias ? simd::load(bias + k, lanes) : simd::zeros<T>();
        T* at = to + k;
        for (Index r = 0; r < rows; ++r, at += row_of_pixels) {
          const auto outputs = Interpolation<T>::outputs(half[static_cast<std::size_t>(r)]);
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
