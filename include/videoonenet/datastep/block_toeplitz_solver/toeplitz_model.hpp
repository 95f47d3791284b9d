// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What the block-Toeplitz data step knows of its operator: frame extents, kernel taps and their autocorrelation.

#include <algorithm>
#include <vector>

#include "videoonenet/core/view.hpp"

namespace videoonenet::detail {

/// One tap of a two-dimensional filter.
struct FilterTap {
  Index row = 0, column = 0;
  double value = 0;
};

/// Rows and columns of a frame, and the order in which a banded matrix numbers its pixels.
struct PixelGrid {
  Index rows = 1, columns = 1;
  bool columns_first = false;  ///< number the pixels down the columns

  Index size() const { return rows * columns; }
  Index number(Index row, Index column) const { return columns_first ? column * rows + row : row * columns + column; }
  bool contains(Index row, Index column) const { return row >= 0 && row < rows && column >= 0 && column < columns; }
};

/// The full convolution of every frame and channel with one kernel, in double.
///
/// Math: (K x)[i, j] = Σ k[a, b] x[i − a, j − b]; KᵀK x [i, j] = Σ r[a, b] x[i + a, j + b] inside the frame, with the
/// kernel's autocorrelation r, so KᵀK has the half bandwidth (kh − 1)·W + kw − 1, or (kw − 1)·H + kh − 1 when the
/// pixels are numbered down the columns; the narrower is taken.
struct ToeplitzModel {
  Shape domain, range;
  PixelGrid frame, measured;               ///< pixels of a frame of the domain and of the range
  std::vector<FilterTap> kernel;           ///< the taps of k that are not zero
  std::vector<FilterTap> autocorrelation;  ///< the taps of r that are not zero
  Index half_bandwidth = 0;

  template <class T>
  ToeplitzModel(const Shape& domain_shape, const Shape& range_shape, View<const T> k)
      : domain(domain_shape), range(range_shape) {
    const Index kh = k.shape.h, kw = k.shape.w;
    const Shape full{.n = 1, .t = domain.t, .h = domain.h + kh - 1, .w = domain.w + kw - 1, .f = domain.f};
    require_shape(k.shape, {.h = kh, .w = kw}, "NormalSolver<BlockToeplitz>", "the operator's kernel()");
    require_shape(range, full, "NormalSolver<BlockToeplitz>", "the operator's range()");
    frame = {domain.h, domain.w};
    measured = {range.h, range.w};
    const auto tap = [&](Index a, Index b) { return double(k(0, 0, a, b, 0)); };
    for (Index a = 0; a < kh; ++a)
      for (Index b = 0; b < kw; ++b)
        if (tap(a, b) != 0) kernel.push_back({a, b, tap(a, b)});
    // Only offsets inside the frame: a kernel may be larger than a frame.
    const Index reach_h = std::min(kh, frame.rows) - 1, reach_w = std::min(kw, frame.columns) - 1;
    for (Index a = -reach_h; a <= reach_h; ++a)
      for (Index b = -reach_w; b <= reach_w; ++b) {
        double sum = 0;
        for (const FilterTap& t : kernel)
          if (t.row + a >= 0 && t.row + a < kh && t.column + b >= 0 && t.column + b < kw)
            sum += t.value * tap(t.row + a, t.column + b);
        if (sum != 0) autocorrelation.push_back({a, b, sum});
      }
    const Index by_rows = reach_h * frame.columns + reach_w, by_columns = reach_w * frame.rows + reach_h;
    half_bandwidth = std::min({by_rows, by_columns, frame.size() - 1});
    frame.columns_first = by_columns < by_rows;
  }

  /// Frames times channels: systems with the same matrix.
  Index planes() const { return domain.t * domain.f; }
  /// r[0, 0], the diagonal of KᵀK.
  double diagonal() const {
    double sum = 0;
    for (const FilterTap& t : kernel) sum += t.value * t.value;
    return sum;
  }
};

}  // namespace videoonenet::detail
