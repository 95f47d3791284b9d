// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Frames cut into the 2 × 2 tiles of Winograd's convolution, and where their transforms are stored.

#include "videoonenet/nn/conv2d/conv2d_tile_cpu.hpp"

namespace videoonenet::cpu::convolution::winograd {

/// Points of a tile's transform along each side.
inline constexpr Index points = 4;

/// Consecutive tiles in one row of tiles.
struct Run {
  Index at;  ///< of its first tile, in the range that was asked for
  Index frame, row, col;
  Index count;
};

/// Frames of h × w pixels as tiles of 2 × 2, counted row by row through all frames; they stick out of odd extents.
struct Tiles {
  Index h, w;

  Index down() const { return (h + 1) / 2; }
  Index across() const { return (w + 1) / 2; }
  Index in_frame() const { return down() * across(); }

  /// Calls body(run) for the runs that make up `range`.
  template <class Body>
  void for_runs(Range range, Body&& body) const {
    Run run{0, range.begin / in_frame(), range.begin % in_frame() / across(), range.begin % across(), 0};
    for (Index left = range.end - range.begin; left > 0; left -= run.count) {
      run.count = std::min(across() - run.col, left);
      body(std::as_const(run));
      run.at += run.count;
      run.col = 0;
      if (++run.row == down()) run.row = 0, ++run.frame;
    }
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

/// The same, but where there are enough channels the last register is full, too, and repeats some of the one before:
/// faster, where writing twice does no harm.
template <class T, class Body>
void for_full_registers(Range channels, Body&& body) {
  constexpr Index L = simd::lanes<T>;
  const Index rest = (channels.end - channels.begin) % L;
  const bool repeat = rest > 0 && channels.end - channels.begin > L;
  for_registers<T>({channels.begin, channels.end - (repeat ? rest : 0)}, body);
  if (repeat) body(channels.end - L, std::integral_constant<Index, L>{});
}

/// Transformed tiles: point p of tile t in channel c is data[p·plane + t·tile + c].
template <class T>
struct Planes {
  T* data;
  Index plane, tile;
};

/// Frames of pixels, channels last.
template <class T>
struct Pixels {
  const T* frames;
  Index channels;
  const T* zeros;  ///< as many as channels, for rows outside of the frame

  /// The pixels of a row, or zeros: column c is data[c·step].
  struct Row {
    const T* data;
    Index step;
  };
  Row row(const Tiles& tiles, Index frame, Index r) const {
    if (r < 0 || r >= tiles.h) return {zeros, 0};
    return {frames + (frame * tiles.h + r) * tiles.w * channels, channels};
  }
};

}  // namespace videoonenet::cpu::convolution::winograd
