// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What products of warpgroups have of frames: positions in one row, and pieces of sixteen bytes.

#include "videoonenet/core/cuda/pack.hpp"
#include "videoonenet/nn/conv2d/conv2d_operands_cuda.cuh"

namespace videoonenet::cuda::convolution {

/// Two neighbouring channels, as a thread holds sums.
using Pair = Pack<float, 2>;

/// Sixteen bytes of an operand.
struct alignas(16) Piece {
  std::uint32_t bits[4];
};

/// Pixels of frames in one row: every row of a frame is followed by pixels outside of it, and every frame by such rows,
/// as many as a kernel reaches beyond its middle. A tap's pixel lies a fixed number of positions further.
struct Raster {
  Divisor frame, row;  ///< positions of a frame, and of a row
  int h, w, frames;

  /// Rows of a multiple of `multiple` positions.
  static Raster make(const Conv2dGeometry& g, int multiple = 1) {
    const Index reach = g.kernel / 2, row = ceil_div(g.w + reach, multiple) * multiple;
    as_int((g.frames + 1) * (g.h + reach) * row + (1 << 20), "a convolution");
    return {Divisor(as_int((g.h + reach) * row, "a convolution")), Divisor(static_cast<int>(row)),
            static_cast<int>(g.h), static_cast<int>(g.w), static_cast<int>(g.frames)};
  }
  int positions() const { return frames * frame.value(); }

  /// A frame and a pixel of it, −1 for a position outside.
  struct Place {
    int frame, pixel;
  };
  VIDEOONENET_HOST_DEVICE Place place(int position) const {
    if (position < 0) return {0, -1};
    const int f = frame.divide(position), rest = position - f * frame.value(), i = row.divide(rest),
              j = rest - i * row.value();
    return {f, f < frames && i < h && j < w ? i * w + j : -1};
  }
};

/// How the channels that one piece holds are multiplied.
template <bool bfloat16>
struct PieceOf;
template <>
struct PieceOf<false> {
  static constexpr int channels = 4;
  template <class Thread>
  VIDEOONENET_DEVICE static Piece make(const float (&v)[4]) {
    return {{Thread::tf32(v[0]), Thread::tf32(v[1]), Thread::tf32(v[2]), Thread::tf32(v[3])}};
  }
};
template <>
struct PieceOf<true> {
  static constexpr int channels = 8;
  template <class Thread>
  VIDEOONENET_DEVICE static Piece make(const float (&v)[8]) {
    return {{Thread::bfloat16_pair(v[0], v[1]), Thread::bfloat16_pair(v[2], v[3]), Thread::bfloat16_pair(v[4], v[5]),
             Thread::bfloat16_pair(v[6], v[7])}};
  }
};

/// Reads `count` numbers, a multiple of four, from an aligned place.
template <int count>
VIDEOONENET_DEVICE void read_fours(const float* from, float (&v)[count]) {
  VIDEOONENET_UNROLL
  for (int i = 0; i < count; i += 4) {
    const auto four = load_pack<4>(from + i);
    VIDEOONENET_UNROLL
    for (int k = 0; k < 4; ++k) v[i + k] = four[k];
  }
}

}  // namespace videoonenet::cuda::convolution
