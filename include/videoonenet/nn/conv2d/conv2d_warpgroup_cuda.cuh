// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Convolutions of many channels as products of warpgroups, whose operands lie in shared memory.
///
/// Frames lie in shared memory once, with zeros between their rows, sixteen bytes of channels a pixel: what a tap of
/// the kernel meets is the same matrix, begun some pixels later. Weights are brought to the form in which they are
/// multiplied when they are read, and stay on chip while a block goes from tile to tile, where they fit.

#include "videoonenet/core/cuda/core_matrices.hpp"
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

/// y = Σ + bias, or y += Σ + bias, for two neighbouring channels at a time; a null bias is none.
struct StorePairs {
  static constexpr int pairs = 8;  ///< that are handed over at once
  float* y;
  const float* bias;
  int columns;
  bool add;

  bool aligned() const { return packs_fit<2>(y); }
  /// The sums of row m in columns n + 8 j and n + 8 j + 1.
  template <int count>
  VIDEOONENET_DEVICE void operator()(int m, int n, const Pair (&sums)[count]) const {
    float* to = y + Index(m) * columns + n;
    Pair all[count];
    VIDEOONENET_UNROLL
    for (int j = 0; j < count; ++j) {
      all[j] = add ? load_pack<2>(to + 8 * j) : Pair{};
      if (!bias) continue;
      all[j][0] += bias[n + 8 * j], all[j][1] += bias[n + 8 * j + 1];
    }
    VIDEOONENET_UNROLL
    for (int j = 0; j < count; ++j) store_pack(to + 8 * j, Pair{{all[j][0] + sums[j][0], all[j][1] + sums[j][1]}});
  }
};

/// epilogue of Σ_{tap, c} K[tap, c, k] x[pixel + tap, c], or with a transposed kernel of Σ_{tap, c} K[−tap, k, c] …,
/// for all pixels and channels k: block (x, y) takes tiles x, x + blocks, … of positions and tile y of the channels.
template <bool bfloat16, int width, bool transposed, class Epilogue>
struct WarpgroupConvolution {
  /// Of a tile: more of them read less for a product, and leave room for fewer pieces of a wide kernel.
  static constexpr int columns = width == 3 ? 64 : 128;
  static constexpr int groups = 2, threads = 128 * groups, rows = 64 * groups;
  static constexpr int piece = PieceOf<bfloat16>::channels, piece_bytes = 16;
  static constexpr int pieces = columns == 64 ? 4 : 2;  ///< that are multiplied between two barriers, of every pixel
  static constexpr int pairs_at_once = Epilogue::pairs;
  /// Columns of a piece in shared memory, and some more, so that neighbouring pieces of a column lie in other banks.
  static constexpr int weight_line = columns + (pieces == 4 ? 2 : 4);

  Raster raster;
  const float *x, *kernel;
  FrameMap map;
  Epilogue epilogue;
  bool kernel_by_fours;   ///< whether it begins where four numbers may be read at once
  int channels, outputs;  ///< of x and y
  int window = 0;         ///< positions that a tile's products meet
  int tiles = 0;
  int chunks = 0;         ///< of the channels, `pieces` each
  int weight_stages = 0;  ///< chunks of weights in shared memory

  VIDEOONENET_HOST_DEVICE int window_bytes() const { return pieces * window * piece_bytes; }
  VIDEOONENET_HOST_DEVICE int weight_bytes() const { return width * width * pieces * weight_line * piece_bytes; }
  VIDEOONENET_HOST_DEVICE int shared_bytes() const { return 2 * window_bytes() + weight_stages * weight_bytes(); }

  static WarpgroupConvolution make(const Conv2dGeometry& g, const FrameMap& map, const float* x, const float* kernel,
                                   const Epilogue& epilogue) {
    WarpgroupConvolution p{Raster::make(g),
                           x,
                           kernel,
                           map,
                           epilogue,
                           packs_fit<4>(kernel),
                           static_cast<int>(transposed ? g.out : g.in),
                           static_cast<int>(transposed ? g.in : g.out)};
    // An odd number, so that the pieces of a pixel lie in different banks.
    p.window = (rows + width / 2 * 2 * (p.raster.row.value() + 1)) | 1;
    p.tiles = static_cast<int>(ceil_div(p.raster.positions(), rows));
    p.chunks = p.channels / (piece * pieces);
    p.weight_stages = p.chunks;
    if (!p.fits()) p.weight_stages = std::min(p.chunks, 2);
    return p;
  }
  bool fits() const {
    return channels == chunks * piece * pieces && outputs % columns == 0 && shared_bytes() <= 227 << 10;
  }
  Grid grid(int multiprocessors) const {
    const int column_tiles = outputs / columns;
    const int blocks = std::max(1, std::min(tiles, multiprocessors / column_tiles));
    // As many blocks as are needed for every one to have the same number of tiles.
    const auto each = ceil_div(tiles, blocks);
    return {.blocks = {static_cast<int>(ceil_div(tiles, each)), column_tiles, 1},
            .threads = threads,
            .shared_bytes = shared_bytes()};
  }

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    if (!Thread::has_warpgroup_products()) return;
    const int own_tiles = (tiles - t.block() + t.blocks() - 1) / t.blocks(), items = own_tiles * chunks;
    const int group = t.warp() / 4;
    std::array<float, columns / 2> sums{};
    Item item{t.block(), 0, 0, 0};
    WindowPart part;  // of the item after the next one, on its way while two are multiplied
    read_window(item, t.thread(), part);
    fill(t, item, true, part);
    if (items > 1) read_window(following(t, item), t.thread(), part);
    VIDEOONENET_ROLLED
    for (int number = 0; number < items; ++number) {
      t.publish_shared();
      t.sync();
      t.begin_products();
      multiply(t, item, group, sums);
      t.commit_products();
      const Item next = following(t, item);
      if (number + 1 < items) {
        t.template wait_products<1>();
        t.sync();  // nobody reads what is overwritten next
        fill(t, next, number + 1 < chunks || weight_stages < chunks, part);
        if (number + 2 < items) read_window(following(t, next), t.thread(), part);
      }
      if (item.chunk == chunks - 1) {
        t.template wait_products<0>();
        hand_over(t, item.tile * rows + group * 64, sums);
      }
      item = next;
    }
  }

 private:
  /// A chunk of the channels of a tile, and where it lies in shared memory.
  struct Item {
    int tile, chunk, window_stage, weight_stage;
  };
  template <class Thread>
  VIDEOONENET_DEVICE Item following(const Thread& t, const Item& i) const {
    const bool ends = i.chunk == chunks - 1;
    return {ends ? i.tile + t.blocks() : i.tile, ends ? 0 : i.chunk + 1, 1 - i.window_stage,
            i.weight_stage == weight_stages - 1 ? 0 : i.weight_stage + 1};
  }

  // Pieces of a thread that are read before any of them is written: what a multiprocessor has under way at a time
  // bounds what it gets of the second-level cache.
  static constexpr int weight_pieces = width * width * pieces * columns / threads;
  static constexpr int weights_at_once = weight_pieces <= 9 ? weight_pieces : (weight_pieces + 1) / 2;
  static constexpr int window_at_once = 3;
  static_assert(width * width * pieces * columns % threads == 0);

  /// A piece of the weights; neighbouring threads take neighbours in memory.
  struct Weight {
    int tap, p, n;
    VIDEOONENET_DEVICE explicit Weight(int number)
        : tap(number / (pieces * columns)),
          p(transposed ? number % pieces : number / columns % pieces),
          n(transposed ? number / pieces % columns : number % columns) {}
    VIDEOONENET_DEVICE int place() const { return (tap * pieces + p) * weight_line + n; }
  };

  struct WindowPart {
    float v[window_at_once][piece];
  };
  /// Reads a thread's first pieces of a window from `begin` on, or zeros.
  VIDEOONENET_DEVICE void read_window(const Item& item, int begin, WindowPart& part) const {
    const int first = item.tile * rows - width / 2 * (raster.row.value() + 1);
    VIDEOONENET_UNROLL
    for (int i = 0; i < window_at_once; ++i) {
      const int e = begin + i * threads;
      const Raster::Place place = e < pieces * window ? raster.place(first + e / pieces) : Raster::Place{0, -1};
      VIDEOONENET_UNROLL
      for (int k = 0; k < piece; ++k) part.v[i][k] = 0;
      if (place.pixel >= 0)
        read_fours(x + map.offset(place.frame) + place.pixel * channels + (item.chunk * pieces + e % pieces) * piece,
                   part.v[i]);
    }
  }
  /// Writes an item to shared memory: its window, whose first part was read, and its weights if they are not there.
  template <class Thread>
  VIDEOONENET_DEVICE void fill(const Thread& t, const Item& item, bool weights, WindowPart& part) const {
    const auto to_window = t.template shared<Piece>(item.window_stage * window_bytes(), pieces * window);
    const auto to_weights = t.template shared<Piece>(2 * window_bytes() + item.weight_stage * weight_bytes(),
                                                     width * width * pieces * weight_line);
    if (weights) {
      VIDEOONENET_ROLLED
      for (int first = 0; first < weight_pieces; first += weights_at_once) {
        float of_weights[weights_at_once][piece];
        read_weights(t, item, first, of_weights);
        VIDEOONENET_UNROLL
        for (int i = 0; i < weights_at_once; ++i)
          if (first + i < weight_pieces)
            to_weights[Weight(t.thread() + (first + i) * threads).place()] =
                PieceOf<bfloat16>::template make<Thread>(of_weights[i]);
      }
    }
    VIDEOONENET_ROLLED
    for (int begin = t.thread();;) {
      VIDEOONENET_UNROLL
      for (int i = 0; i < window_at_once; ++i) {
        const int e = begin + i * threads;
        if (e < pieces * window)
          to_window[e % pieces * window + e / pieces] = PieceOf<bfloat16>::template make<Thread>(part.v[i]);
      }
      begin += window_at_once * threads;
      if (begin >= pieces * window) break;
      read_window(item, begin, part);
    }
  }
  template <class Thread>
  VIDEOONENET_DEVICE void read_weights(const Thread& t, const Item& item, int first,
                                       float (&v)[weights_at_once][piece]) const {
    VIDEOONENET_UNROLL
    for (int i = 0; i < weights_at_once; ++i) {
      const Weight w(t.thread() + (first + i < weight_pieces ? first + i : first) * threads);
      const int n = t.block(1) * columns + w.n, c = (item.chunk * pieces + w.p) * piece;
      const float* from = kernel + (transposed ? ((width * width - 1 - w.tap) * outputs + n) * channels + c
                                               : (w.tap * channels + c) * outputs + n);
      if (transposed && kernel_by_fours) {
        read_fours(from, v[i]);
      } else {
        VIDEOONENET_UNROLL
        for (int k = 0; k < piece; ++k) v[i][k] = from[transposed ? k : k * outputs];
      }
    }
  }

  template <class Thread>
  VIDEOONENET_DEVICE void multiply(const Thread& t, const Item& item, int group,
                                   std::array<float, columns / 2>& sums) const {
    const CoreMatrices a{item.window_stage * window_bytes() + group * 64 * piece_bytes, window * piece_bytes, 128};
    const CoreMatrices b{2 * window_bytes() + item.weight_stage * weight_bytes(), weight_line * piece_bytes, 128};
    // Without a loop: the compiler makes a group of what is in one.
    VIDEOONENET_UNROLL
    for (int tap = 0; tap < width * width; ++tap) VIDEOONENET_UNROLL
    for (int p = 0; p < pieces; p += 2)
      t.template multiply_add_warpgroup<bfloat16, columns>(
          sums, a.moved((tap / width * raster.row.value() + tap % width + p * window) * piece_bytes),
          b.moved((tap * pieces + p) * weight_line * piece_bytes), item.chunk > 0 || tap + p > 0);
  }

  template <class Thread>
  VIDEOONENET_DEVICE void hand_over(const Thread& t, int first_position,
                                    const std::array<float, columns / 2>& sums) const {
    VIDEOONENET_UNROLL
    for (int half = 0; half < 2; ++half) {
      const Raster::Place place = raster.place(first_position + t.warp() % 4 * 16 + half * 8 + t.lane() / 4);
      if (place.pixel < 0) continue;
      VIDEOONENET_UNROLL
      for (int first = 0; first < columns / 8; first += pairs_at_once) {
        Pair row[pairs_at_once];
        VIDEOONENET_UNROLL
        for (int j = 0; j < pairs_at_once; ++j) {
          const auto i = static_cast<std::size_t>((first + j) * 4 + half * 2);
          row[j] = {{sums[i], sums[i + 1]}};
        }
        epilogue(place.frame * raster.h * raster.w + place.pixel, t.block(1) * columns + first * 8 + t.lane() % 4 * 2,
                 row);
      }
    }
  }
};

/// Runs a convolution of x, or with `transposed` of a gradient by the transposed kernel, as products of warpgroups, if
/// the device has them and the sizes are those that they are made for: epilogue(pixel of all frames, channel, sums)
/// gets the sums, `Epilogue::pairs` pairs of channels at once. Returns whether it did.
template <bool transposed, Gpu Ex, class Epilogue>
bool launch_warpgroup_convolution(const Ex& ex, const Conv2dGeometry& g, const FrameMap& map, const float* x,
                                  const float* kernel, const Epilogue& epilogue) {
  const Index channels = transposed ? g.out : g.in;
  if (!ex.warpgroup_products() || ex.precision == Precision::float32) return false;
  if (g.stride != 1 || (g.kernel != 3 && g.kernel != 5) || channels % 16 != 0) return false;
  if (!packs_fit<4>(x) || !epilogue.aligned()) return false;
  const auto launch = [&]<bool bfloat16, int width>() {
    const auto product = WarpgroupConvolution<bfloat16, width, transposed, Epilogue>::make(g, map, x, kernel, epilogue);
    if (!product.fits()) return false;
    ex.launch(product.grid(ex.multiprocessors()), product);
    return true;
  };
  const auto with_width = [&]<bool bfloat16>() {
    return g.kernel == 3 ? launch.template operator()<bfloat16, 3>() : launch.template operator()<bfloat16, 5>();
  };
  return ex.precision == Precision::bfloat16 ? with_width.template operator()<true>()
                                             : with_width.template operator()<false>();
}

}  // namespace videoonenet::cuda::convolution
