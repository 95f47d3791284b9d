// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A tile of a convolution of many channels, and how a team of two warpgroups brings its operands to shared memory and
/// multiplies them.

#include <array>

#include "videoonenet/core/cuda/core_matrices.hpp"
#include "videoonenet/nn/conv2d/conv2d_raster_cuda.cuh"

namespace videoonenet::cuda::convolution {

/// Tiles of `rows` positions and `columns` channels, whose operands are multiplied a chunk of channels at a time, of
/// `pieces` pieces.
///
/// A window is a chunk of the positions that a tile's products meet, piece by piece; a chunk of the weights lies tap by
/// tap and piece by piece.
template <bool bfloat16, int width, int columns, int pieces, bool transposed>
struct WarpgroupTile {
  static constexpr int groups = 2, team_threads = 128 * groups, rows = 64 * groups, taps = width * width;
  static constexpr int piece = PieceOf<bfloat16>::channels, piece_bytes = 16, chunk = pieces * piece;
  static constexpr int column_count = columns;
  /// Columns of a piece in shared memory, and some more, so that neighbouring pieces of a column lie in other banks.
  static constexpr int weight_line = columns + (pieces == 4 ? 2 : 4);
  static constexpr int weight_pieces = taps * pieces * columns;  ///< of a chunk
  static constexpr int weight_bytes = taps * pieces * weight_line * piece_bytes;
  /// Pieces of a window that a thread reads before it writes any.
  static constexpr int window_at_once = pieces == 2 && columns == 64 ? 2 : 3;
  using Sums = std::array<float, columns / 2>;

  Raster raster;
  const float* kernel;
  bool kernel_by_fours;   ///< whether it begins where four numbers may be read at once
  int channels, outputs;  ///< of what is convolved, and of the results
  int window;             ///< positions that a tile's products meet

  static WarpgroupTile make(const Conv2dGeometry& g, const float* kernel) {
    const Raster raster = Raster::make(g);
    // An odd number of positions, so that the pieces of a pixel lie in different banks.
    return {raster,
            kernel,
            packs_fit<4>(kernel),
            static_cast<int>(transposed ? g.out : g.in),
            static_cast<int>(transposed ? g.in : g.out),
            (rows + width / 2 * 2 * (raster.row.value() + 1)) | 1};
  }
  VIDEOONENET_HOST_DEVICE int window_bytes() const { return pieces * window * piece_bytes; }

  struct WindowPart {
    float v[window_at_once][piece];
  };
  /// Reads a thread's first pieces of the window of a tile and chunk from number `begin` on, or zeros.
  VIDEOONENET_DEVICE void read_window(const float* x, const FrameMap& map, int tile, int number, int begin,
                                      WindowPart& part) const {
    const int first = tile * rows - width / 2 * (raster.row.value() + 1);
    VIDEOONENET_UNROLL
    for (int i = 0; i < window_at_once; ++i) {
      const int e = begin + i * team_threads;
      const Raster::Place place = e < pieces * window ? raster.place(first + e / pieces) : Raster::Place{0, -1};
      VIDEOONENET_UNROLL
      for (int k = 0; k < piece; ++k) part.v[i][k] = 0;
      if (place.pixel >= 0)
        read_fours(x + map.offset(place.frame) + place.pixel * channels + number * chunk + e % pieces * piece,
                   part.v[i]);
    }
  }
  /// Writes that window, whose first part was read, to a byte of shared memory.
  template <class Thread>
  VIDEOONENET_DEVICE void fill_window(const Thread& t, int at, const float* x, const FrameMap& map, int tile,
                                      int number, int begin, WindowPart& part) const {
    const auto to = t.template shared<Piece>(at, pieces * window);
    VIDEOONENET_ROLLED
    for (;;) {
      VIDEOONENET_UNROLL
      for (int i = 0; i < window_at_once; ++i) {
        const int e = begin + i * team_threads;
        if (e < pieces * window)
          to[e % pieces * window + e / pieces] = PieceOf<bfloat16>::template make<Thread>(part.v[i]);
      }
      begin += window_at_once * team_threads;
      if (begin >= pieces * window) break;
      read_window(x, map, tile, number, begin, part);
    }
  }

  /// A piece of a chunk's weights; neighbouring threads take neighbours in memory.
  struct Weight {
    int tap, p, n;
    VIDEOONENET_DEVICE explicit Weight(int number)
        : tap(number / (pieces * columns)),
          p(transposed ? number % pieces : number / columns % pieces),
          n(transposed ? number / pieces % columns : number % columns) {}
    VIDEOONENET_DEVICE int place() const { return (tap * pieces + p) * weight_line + n; }
    VIDEOONENET_DEVICE int packed_place() const { return (tap * pieces + p) * columns + n; }
  };
  template <class Thread>
  VIDEOONENET_DEVICE static Piece make_piece(const float (&v)[piece]) {
    return PieceOf<bfloat16>::template make<Thread>(v);
  }
  /// The channels of a piece from a column and a channel on.
  VIDEOONENET_DEVICE void read_weight(int first_column, int first_channel, const Weight& w, float (&v)[piece]) const {
    const int n = first_column + w.n, c = first_channel + w.p * piece;
    const float* from = kernel + (transposed ? ((taps - 1 - w.tap) * outputs + n) * channels + c
                                             : (w.tap * channels + c) * outputs + n);
    if (transposed && kernel_by_fours) {
      read_fours(from, v);
    } else {
      VIDEOONENET_UNROLL
      for (int k = 0; k < piece; ++k) v[k] = from[transposed ? k : k * outputs];
    }
  }
  /// Writes a chunk of the weights from a column on to a byte of shared memory: this thread and the others of `by`,
  /// `at_once` of whose pieces are read before any of them is written. What a multiprocessor has under way at a time
  /// bounds what it gets of the second-level cache.
  template <int at_once, class Thread>
  VIDEOONENET_DEVICE void fill_weights(const Thread& t, int at, int first_column, int number, int by) const {
    const auto to = t.template shared<Piece>(at, taps * pieces * weight_line);
    VIDEOONENET_ROLLED
    for (int begin = t.thread(); begin < weight_pieces; begin += at_once * by) {
      float v[at_once][piece];
      VIDEOONENET_UNROLL
      for (int i = 0; i < at_once; ++i) {
        const int e = begin + i * by;
        read_weight(first_column, number * chunk, Weight(e < weight_pieces ? e : begin), v[i]);
      }
      VIDEOONENET_UNROLL
      for (int i = 0; i < at_once; ++i)
        if (const int e = begin + i * by; e < weight_pieces)
          to[Weight(e).place()] = PieceOf<bfloat16>::template make<Thread>(v[i]);
    }
  }

  /// Begins to copy a chunk of prepared weights to a byte of shared memory, by a team.
  template <class Thread>
  VIDEOONENET_DEVICE void copy_weights(const Thread& t, int at, const Piece* prepared) const {
    const auto to = t.template shared<Piece>(at, taps * pieces * weight_line);
    VIDEOONENET_ROLLED
    for (int e = t.thread(); e < weight_pieces; e += team_threads)
      t.template copy_async<1>(to, e / columns * weight_line + e % columns, prepared + e);
    t.commit_copies();
  }

  /// sums = or += the products of 64 rows of the window at byte `at` with the weights at byte `weights_at`.
  template <class Thread>
  VIDEOONENET_DEVICE void multiply(const Thread& t, int at, int weights_at, bool add, Sums& sums) const {
    const CoreMatrices a{at, window * piece_bytes, 128}, b{weights_at, weight_line * piece_bytes, 128};
    // Without a loop: the compiler makes a group of what is in one.
    VIDEOONENET_UNROLL
    for (int tap = 0; tap < taps; ++tap) VIDEOONENET_UNROLL
    for (int p = 0; p < pieces; p += 2)
      t.template multiply_add_warpgroup<bfloat16, columns>(
          sums, a.moved((tap / width * raster.row.value() + tap % width + p * window) * piece_bytes),
          b.moved((tap * pieces + p) * weight_line * piece_bytes), add || tap + p > 0);
  }
};

/// Hands the sums of 64 positions of a tile to an epilogue, `pairs` pairs of channels of Epilogue::rows rows at once:
/// epilogue(pixels of all frames or −1, channel of the first pair, pairs), the next pair eight channels further.
template <int pairs, int columns, class Thread, class Epilogue>
VIDEOONENET_DEVICE void hand_over_sums(const Thread& t, const Raster& raster, int first_position, int first_pixel,
                                       int first_column, const std::array<float, columns / 2>& sums,
                                       const Epilogue& epilogue) {
  constexpr int rows = Epilogue::rows;
  VIDEOONENET_UNROLL
  for (int half = 0; half < 2; half += rows) {
    int m[rows];
    VIDEOONENET_UNROLL
    for (int row = 0; row < rows; ++row) {
      const int position = first_position + t.warp() % 4 * 16 + (half + row) * 8 + t.lane() / 4;
      const Raster::Place place = raster.place(position);
      m[row] = place.pixel < 0 ? -1 : first_pixel + place.frame * raster.h * raster.w + place.pixel;
    }
    VIDEOONENET_UNROLL
    for (int first = 0; first < columns / 8; first += pairs) {
      Pair values[rows][pairs];
      VIDEOONENET_UNROLL
      for (int row = 0; row < rows; ++row) VIDEOONENET_UNROLL
      for (int j = 0; j < pairs; ++j) {
        const auto i = static_cast<std::size_t>((first + j) * 4 + (half + row) * 2);
        values[row][j] = {{sums[i], sums[i + 1]}};
      }
      epilogue(m, first_column + first * 8 + t.lane() % 4 * 2, values);
    }
  }
}

}  // namespace videoonenet::cuda::convolution
