// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Cuts the outputs of a convolution into tiles and gathers, with its zeros around it, what a tile reads.
///
/// In a gathered tile the taps (s, c) of one kernel row are one contiguous run j = s·in + c for every output pixel,
/// which is what the inner loops of all three products work on.

#include <algorithm>

#include "videoonenet/core/executor.hpp"
#include "videoonenet/nn/conv2d/conv2d_geometry.hpp"
#include "videoonenet/nn/conv2d/conv2d_operand_cpu.hpp"

namespace videoonenet::cpu::convolution {

/// A convolution with its padding spelt out: y's forward pass is one, and so is the gradient by its input.
struct Padded {
  Index rows, cols;  ///< of outputs
  Index in, out, kernel, stride;
  Index source_h, source_w;  ///< of what is convolved
  Index dilation;            ///< the source's pixels are that far apart, zeros between them
  Index top, left;           ///< zeros in front of it

  static Padded forward(const Conv2dGeometry& g) {
    return {.rows = g.out_h(),
            .cols = g.out_w(),
            .in = g.in,
            .out = g.out,
            .kernel = g.kernel,
            .stride = g.stride,
            .source_h = g.h,
            .source_w = g.w,
            .dilation = 1,
            .top = g.before(g.h),
            .left = g.before(g.w)};
  }
  /// Kᵀ ∗ grad_y is the convolution of grad_y, spread out by the stride, with the kernel turned by 180°.
  static Padded input_gradient(const Conv2dGeometry& g) {
    return {.rows = g.h,
            .cols = g.w,
            .in = g.out,
            .out = g.in,
            .kernel = g.kernel,
            .stride = 1,
            .source_h = g.out_h(),
            .source_w = g.out_w(),
            .dilation = g.stride,
            .top = g.kernel - 1 - g.before(g.h),
            .left = g.kernel - 1 - g.before(g.w)};
  }

  /// Taps of one kernel row, each with all channels.
  Index depth() const { return kernel * in; }
  /// Rows or columns of the source that `outputs` rows or columns of outputs read.
  Index reach(Index outputs) const { return (outputs - 1) * stride + kernel; }
  /// Entries of the whole source.
  Index frame() const { return source_h * source_w * in; }
};

/// Entries behind a tile that may be read, never used: the inner loops finish their last register.
template <class S>
inline constexpr Index slack = std::max<Index>(4 * register_entries<S>, 32);

/// `count` rounded up to a multiple of `step`.
constexpr Index round_up(Index count, Index step) { return (count + step - 1) / step * step; }

/// `size` entries rounded up, so that what follows them is aligned again.
template <class T>
constexpr Index aligned(Index size) {
  return round_up(size, static_cast<Index>(alignment / sizeof(T)));
}

/// Steps of so many entries through memory, or a line of the cache longer: those of a multiple of 1 kB would meet four
/// sets of the first-level cache only, and none of what lies there would stay.
template <class T>
constexpr Index spread(Index entries) {
  constexpr Index bytes = static_cast<Index>(sizeof(T)), line = 64, far = 1024;
  return entries + (entries * bytes % far == 0 ? line / bytes : 0);
}

/// A rectangle of outputs.
struct Tile {
  Index row, col, rows, cols;
};

/// How a frame is cut into tiles: whole when what it reads stays in the second-level cache.
class Tiling {
 public:
  template <class T>
  static Tiling of(const Padded& c) {
    constexpr Index budget = 256 * 1024 / static_cast<Index>(sizeof(T)), smallest = 8;
    Index rows = c.rows, cols = c.cols;
    while (c.reach(rows) * c.reach(cols) * c.in > budget && std::max(rows, cols) > smallest)
      (rows >= cols ? rows : cols) = (std::max(rows, cols) + 1) / 2;
    return Tiling(c, (c.rows + rows - 1) / rows, (c.cols + cols - 1) / cols);
  }

  Index count() const { return down_ * across_; }
  /// The i-th tile; they differ by at most a row and a column.
  Tile operator[](Index i) const {
    const Index a = i / across_, b = i % across_;
    const Index row = a * rows_ / down_, col = b * cols_ / across_;
    return {row, col, (a + 1) * rows_ / down_ - row, (b + 1) * cols_ / across_ - col};
  }
  /// The extents of the largest tile.
  Tile largest() const { return {0, 0, (rows_ + down_ - 1) / down_, (cols_ + across_ - 1) / across_}; }
  /// Outputs of the largest tile.
  Index pixels() const { return largest().rows * largest().cols; }
  /// Entries a gathered tile takes.
  template <class T>
  Index gathered_size(const Padded& c) const {
    const Tile t = largest();
    return aligned<T>(c.reach(t.rows) * c.reach(t.cols) * c.in + slack<T>);
  }

 private:
  Tiling(const Padded& c, Index down, Index across) : rows_(c.rows), cols_(c.cols), down_(down), across_(across) {}
  Index rows_, cols_, down_, across_;
};

/// Copies what tile `t` reads of one frame into `gathered`, row after row of reach(t.cols)·in entries; `copy(at, count,
/// to)` stores `count` numbers of the frame, from the at-th on, as entries.
/// `clear` says that `gathered` held another tile before: its zeros are then written, too.
template <class S, class Copy>
void gather(const Padded& c, const Tile& t, const Copy& copy, bool clear, S* gathered) {
  const Index height = c.reach(t.rows), width = c.reach(t.cols);
  const Index first_row = t.row * c.stride - c.top, first_col = t.col * c.stride - c.left;
  const bool inside = c.dilation == 1 && first_row >= 0 && first_row + height <= c.source_h && first_col >= 0 &&
                      first_col + width <= c.source_w;
  if (clear)
    std::fill_n(gathered + (inside ? height * width * c.in : 0), (inside ? 0 : height * width * c.in) + slack<S>, S{});
  const Index begin = std::max<Index>(0, (first_row + c.dilation - 1) / c.dilation);
  for (Index u = begin; u < c.source_h && u * c.dilation - first_row < height; ++u) {
    S* row = gathered + (u * c.dilation - first_row) * width * c.in;
    const Index source = u * c.source_w * c.in;
    if (c.dilation == 1) {
      const Index from = std::max<Index>(0, first_col), to = std::min(c.source_w, first_col + width);
      if (from < to) copy(source + from * c.in, (to - from) * c.in, row + (from - first_col) * c.in);
      continue;
    }
    for (Index v = 0; v < c.source_w; ++v) {
      const Index at = v * c.dilation - first_col;
      if (at >= 0 && at < width) copy(source + v * c.in, c.in, row + at * c.in);
    }
  }
}

/// The kernel rows, or the output rows, whose part of the source is not zero padding.
struct Range {
  Index begin, end;
};

/// The kernel rows within [begin, end) that meet the source for at least one of the output rows [first, last].
inline Range meeting_kernel_rows(const Padded& c, Index first, Index last, Range kernel_rows) {
  const Index extent = (c.source_h - 1) * c.dilation + 1;
  return {std::max(kernel_rows.begin, c.top - last * c.stride),
          std::min(kernel_rows.end, extent + c.top - first * c.stride)};
}

/// The output rows within [begin, end) for which kernel row r meets the source.
inline Range meeting_output_rows(const Padded& c, Index r, Range output_rows) {
  const auto up = [&](Index a) { return a <= 0 ? 0 : (a + c.stride - 1) / c.stride; };
  return {std::max(output_rows.begin, up(c.top - r)), std::min(output_rows.end, up(c.source_h + c.top - r))};
}

}  // namespace videoonenet::cpu::convolution
