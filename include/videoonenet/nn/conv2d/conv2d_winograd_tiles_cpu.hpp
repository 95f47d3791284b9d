// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Frames cut into the tiles of Winograd's convolution, and where their transforms are stored.

#include "videoonenet/nn/conv2d/conv2d_tile_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_winograd_points_cpu.hpp"

namespace videoonenet::cpu::convolution::winograd {

/// Consecutive tiles in one row of tiles.
struct Run {
  Index at;  ///< of its first tile, in the range that was asked for
  Index frame;
  Index row, col;  ///< of its first output
  Index count;
};

/// Tiles of one size in frames of h × w pixels, counted row by row through all frames; they may stick out at the ends.
struct Tiles {
  Index h, w;
  Index top, left;     ///< of the first one's outputs
  Index rows, cols;    ///< of outputs in each
  Index down, across;  ///< tiles in a frame

  Index in_frame() const { return down * across; }

  /// Calls body(run) for the runs that make up `range`.
  template <class Body>
  void for_runs(Range range, Body&& body) const {
    if (range.begin >= range.end) return;
    Index frame = range.begin / in_frame(), row = range.begin % in_frame() / across, col = range.begin % across;
    for (Index at = 0, left_over = range.end - range.begin; left_over > 0;) {
      const Run run{at, frame, top + row * rows, left + col * cols, std::min(across - col, left_over)};
      body(run);
      at += run.count;
      left_over -= run.count;
      col = 0;
      if (++row == down) row = 0, ++frame;
    }
  }
};

/// How a frame is cut: wide tiles, and narrow ones for the last two rows or columns where wide ones would be half
/// empty. The sizes stand in such an order that those which have a point are neighbours, whatever the point.
struct Cut {
  static constexpr Index sizes = 4;
  std::array<Tiles, sizes> tiles;

  static Cut of(Index h, Index w) {
    const Index down = whole(h), across = whole(w), below = down * wide < h, beside = across * wide < w;
    const Index bottom = down * wide, right = across * wide;
    return {{Tiles{h, w, 0, right, wide, narrow, down, beside}, Tiles{h, w, 0, 0, wide, wide, down, across},
             Tiles{h, w, bottom, 0, narrow, wide, below, across},
             Tiles{h, w, bottom, right, narrow, narrow, below, beside}}};
  }

  Index in_frame() const {
    Index count = 0;
    for (const Tiles& t : tiles) count += t.in_frame();
    return count;
  }

 private:
  static Index whole(Index extent) { return extent / wide + (extent % wide > narrow ? 1 : 0); }
};

/// Some tiles of every size, transformed and multiplied together.
struct Block {
  std::array<Range, Cut::sizes> tiles;        ///< of a size, among all of them
  std::array<Index, Cut::sizes + 1> first{};  ///< of a size, in the block

  /// The i-th of `count` blocks.
  Block(const Cut& cut, Index frames, Index i, Index count) {
    for (std::size_t s = 0; s < tiles.size(); ++s) {
      const Index all = frames * cut.tiles[s].in_frame();
      tiles[s] = {i * all / count, (i + 1) * all / count};
      first[s + 1] = first[s] + tiles[s].end - tiles[s].begin;
    }
  }

  /// Those that have the point in some row and column of the points of kernels of K × K.
  template <Index K>
  Range with_point(Index row, Index col) const {
    const bool wide_rows = row >= points_of<narrow, K>, wide_cols = col >= points_of<narrow, K>;
    return {first[wide_cols ? 1 : 0], first[wide_rows ? 2 : wide_cols ? 3 : 4]};
  }
};

/// Calls body(channel, count) for consecutive registers that cover `channels`; all but the last are full, and their
/// count is a constant.
template <class T, class Body>
void for_registers(Range channels, Body&& body) {
  constexpr Index L = simd::lanes<T>;
  Index c = channels.begin;
  for (; c + L <= channels.end; c += L) body(c, std::integral_constant<Index, L>{});
  if (c < channels.end) body(c, channels.end - c);
}

/// Calls body(channel) for full registers that cover `channels`, at least one register's; the last may repeat some of
/// the one before, which does no harm where values are only written.
template <class T, class Body>
void for_full_registers(Range channels, Body&& body) {
  constexpr Index L = simd::lanes<T>;
  Index c = channels.begin;
  for (; c + L <= channels.end; c += L) body(c);
  if (c < channels.end) body(channels.end - L);
}

/// Transformed tiles: point p of tile t in channel c is data[p·plane + t·tile + c].
template <class T>
struct Planes {
  T* data;
  Index plane, tile;

  Planes from(Index t) const { return {data + t * tile, plane, tile}; }
};

/// Frames of pixels, channels last.
template <class T>
struct Pixels {
  const T* frames;
  Index h, w, channels;
  const T* zeros;  ///< a row, for those outside of the frame

  const T* row(Index frame, Index r) const { return r < 0 || r >= h ? zeros : frames + (frame * h + r) * w * channels; }
};

}  // namespace videoonenet::cpu::convolution::winograd
