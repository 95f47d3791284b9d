// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Convolutions of many channels as products of warpgroups, whose operands lie in shared memory.
///
/// Frames lie in shared memory once, with zeros between their rows, sixteen bytes of channels a pixel: what a tap of
/// the kernel meets is the same matrix, begun some pixels later. Weights are brought to the form in which they are
/// multiplied when they are read, and stay on chip while a block goes from tile to tile, where they fit.

#include <algorithm>
#include <array>
#include <utility>

#include "videoonenet/core/cuda/core_matrices.hpp"
#include "videoonenet/core/cuda/gpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_raster_cuda.cuh"

namespace videoonenet::cuda::convolution {

/// Two neighbouring channels, as a thread holds sums.
using Pair = Pack<float, 2>;

/// y = Σ + bias, or y += Σ + bias, for two neighbouring channels at a time; a null bias is none.
struct StorePairs {
  static constexpr int pairs = 8, rows = 2;  ///< that are handed over at once
  float* y;
  const float* bias;
  int columns;
  bool add;

  bool aligned() const { return packs_fit<2>(y); }
  /// The sums of rows m in columns n + 8 j and n + 8 j + 1; a row −1 is none.
  VIDEOONENET_DEVICE void operator()(const int (&m)[rows], int n, const Pair (&sums)[rows][pairs]) const {
    Pair of_bias[pairs]{}, all[rows][pairs];
    VIDEOONENET_UNROLL
    for (int j = 0; j < pairs; ++j)
      if (bias) of_bias[j] = {{bias[n + 8 * j], bias[n + 8 * j + 1]}};
    VIDEOONENET_UNROLL
    for (int row = 0; row < rows; ++row) VIDEOONENET_UNROLL
    for (int j = 0; j < pairs; ++j)
      all[row][j] = add && m[row] >= 0 ? load_pack<2>(y + Index(m[row]) * columns + n + 8 * j) : Pair{};
    VIDEOONENET_UNROLL
    for (int row = 0; row < rows; ++row) {
      if (m[row] < 0) continue;
      VIDEOONENET_UNROLL
      for (int j = 0; j < pairs; ++j)
        store_pack(y + Index(m[row]) * columns + n + 8 * j, Pair{{all[row][j][0] + of_bias[j][0] + sums[row][j][0],
                                                                  all[row][j][1] + of_bias[j][1] + sums[row][j][1]}});
    }
  }
};

/// epilogue of Σ_{tap, c} K[tap, c, k] x[pixel + tap, c], or with a transposed kernel of Σ_{tap, c} K[−tap, k, c] …,
/// for all pixels and channels k: block (x, y) takes tiles x, x + blocks, … of positions and tile y of the channels.
///
/// Teams of warpgroups share a block's weights and take its tiles in turn. Each has windows and barriers of its own, so
/// that one multiplies while another one waits for memory. They fill the weights together, and wait for each other
/// while they do: until all weights are there, or to the end where they do not fit.
template <bool bfloat16, int width, bool transposed, class Epilogue>
struct WarpgroupConvolution {
  /// Of a tile: more of them read less for a product, and leave room for fewer pieces of a wide kernel.
  static constexpr int columns = width == 3 ? 64 : 128;
  static constexpr int teams = width == 3 ? 2 : 1;  ///< of a block, at most
  static constexpr int groups = 2, team_threads = 128 * groups, threads = teams * team_threads, rows = 64 * groups;
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
  int team_count = 1;     ///< of a block

  VIDEOONENET_HOST_DEVICE int window_bytes() const { return pieces * window * piece_bytes; }
  VIDEOONENET_HOST_DEVICE int weight_bytes() const { return width * width * pieces * weight_line * piece_bytes; }
  VIDEOONENET_HOST_DEVICE int windows_bytes() const { return 2 * team_count * window_bytes(); }
  VIDEOONENET_HOST_DEVICE int shared_bytes() const { return windows_bytes() + weight_stages * weight_bytes(); }

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
    // Weights that stay on chip are worth more than a second team.
    const int few = std::min(p.chunks, 2);
    for (const auto& [stages, count] : {std::pair{p.chunks, teams}, {p.chunks, 1}, {few, teams}, {few, 1}}) {
      p.weight_stages = stages, p.team_count = count;
      if (p.fits()) break;
    }
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
            .threads = team_count * team_threads,
            .shared_bytes = shared_bytes()};
  }

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    if (!Thread::has_warpgroup_products()) return;
    const int team = teams == 1 ? 0 : t.shuffle(t.thread() / team_threads, 0);  // which is the same in a warp
    const int own = t.thread() % team_threads, group = own / 128;
    const int items = tiles_of(t, team) * chunks;
    // Items that all teams begin together, since they fill the weights of each together.
    const int together = weight_stages < chunks ? tiles_of(t, 0) * chunks : chunks;
    std::array<float, columns / 2> sums{};
    Item item{t.block() + t.blocks() * team, 0, 2 * team, 0};
    WindowPart part;  // of the item after the next one, on its way while two are multiplied
    if (items > 0) read_window(item, own, part);
    fill_weights(t, item);
    if (items > 0) fill_window(t, item, own, part);
    if (items > 1) read_window(following(t, item), own, part);
    VIDEOONENET_ROLLED
    for (int number = 0; number < items; ++number) {
      t.publish_shared();
      sync(t, team, number < together);
      t.begin_products();
      multiply(t, item, group, sums);
      t.commit_products();
      const Item next = following(t, item);
      // All threads have waited for their products before the barrier: nobody reads what is overwritten.
      if (number + 1 < together) fill_weights(t, next);
      if (number + 1 < items) fill_window(t, next, own, part);
      if (number + 2 < items) read_window(following(t, next), own, part);
      t.template wait_products<0>();
      if (item.chunk == chunks - 1) hand_over(t, item.tile * rows + group * 64, sums);
      item = next;
    }
    if constexpr (teams > 1) help(t, item, together - items);
  }

 private:
  /// A chunk of the channels of a tile, and where it lies in shared memory.
  struct Item {
    int tile, chunk, window_stage, weight_stage;
  };
  /// How many tiles a team of this block has.
  template <class Thread>
  VIDEOONENET_DEVICE int tiles_of(const Thread& t, int team) const {
    const int units = t.blocks() * team_count;
    return (tiles - t.block() - t.blocks() * team + units - 1) / units;
  }
  template <class Thread>
  VIDEOONENET_DEVICE Item following(const Thread& t, const Item& i) const {
    const bool ends = i.chunk == chunks - 1;
    return {ends ? i.tile + t.blocks() * team_count : i.tile, ends ? 0 : i.chunk + 1, i.window_stage ^ 1,
            i.weight_stage == weight_stages - 1 ? 0 : i.weight_stage + 1};
  }

  /// Waits for all threads of the block or of the team.
  template <class Thread>
  VIDEOONENET_DEVICE void sync(const Thread& t, int team, bool block) const {
    if (teams == 1 || block)
      t.sync();
    else
      t.sync_team(team, team_threads);
  }

  /// Fills weights with teams that still multiply `items`, the first of which is `item`, and passes their barriers.
  template <class Thread>
  VIDEOONENET_DEVICE void help(const Thread& t, Item item, int items) const {
    for (; items > 0; --items) {
      t.publish_shared();
      t.sync();
      if (items == 1) return;
      item = following(t, item);
      fill_weights(t, item);
    }
  }

  // Pieces of a thread that are read before any of them is written: what a multiprocessor has under way at a time
  // bounds what it gets of the second-level cache.
  static constexpr int weight_pieces = width * width * pieces * columns;
  static constexpr int weights_of_thread = (weight_pieces + threads - 1) / threads;
  static constexpr int weights_at_once = weights_of_thread <= 9 ? weights_of_thread : (weights_of_thread + 1) / 2;
  static constexpr int window_at_once = 3;

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
      const int e = begin + i * team_threads;
      const Raster::Place place = e < pieces * window ? raster.place(first + e / pieces) : Raster::Place{0, -1};
      VIDEOONENET_UNROLL
      for (int k = 0; k < piece; ++k) part.v[i][k] = 0;
      if (place.pixel >= 0)
        read_fours(x + map.offset(place.frame) + place.pixel * channels + (item.chunk * pieces + e % pieces) * piece,
                   part.v[i]);
    }
  }
  /// Writes an item's window to shared memory, whose first part was read.
  template <class Thread>
  VIDEOONENET_DEVICE void fill_window(const Thread& t, const Item& item, int begin, WindowPart& part) const {
    const auto to = t.template shared<Piece>(item.window_stage * window_bytes(), pieces * window);
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
      read_window(item, begin, part);
    }
  }
  /// Writes an item's weights to shared memory, by all threads of the block.
  template <class Thread>
  VIDEOONENET_DEVICE void fill_weights(const Thread& t, const Item& item) const {
    const auto to = t.template shared<Piece>(windows_bytes() + item.weight_stage * weight_bytes(),
                                             width * width * pieces * weight_line);
    const int by = teams == 1 ? threads : t.threads();
    VIDEOONENET_ROLLED
    for (int begin = t.thread(); begin < weight_pieces; begin += weights_at_once * by) {
      float v[weights_at_once][piece];
      VIDEOONENET_UNROLL
      for (int i = 0; i < weights_at_once; ++i) {
        const int number = begin + i * by;
        read_weight(t, item, Weight(number < weight_pieces ? number : begin), v[i]);
      }
      VIDEOONENET_UNROLL
      for (int i = 0; i < weights_at_once; ++i)
        if (const int number = begin + i * by; number < weight_pieces)
          to[Weight(number).place()] = PieceOf<bfloat16>::template make<Thread>(v[i]);
    }
  }
  template <class Thread>
  VIDEOONENET_DEVICE void read_weight(const Thread& t, const Item& item, const Weight& w, float (&v)[piece]) const {
    const int n = t.block(1) * columns + w.n, c = (item.chunk * pieces + w.p) * piece;
    const float* from = kernel + (transposed ? ((width * width - 1 - w.tap) * outputs + n) * channels + c
                                             : (w.tap * channels + c) * outputs + n);
    if (transposed && kernel_by_fours) {
      read_fours(from, v);
    } else {
      VIDEOONENET_UNROLL
      for (int k = 0; k < piece; ++k) v[k] = from[transposed ? k : k * outputs];
    }
  }

  template <class Thread>
  VIDEOONENET_DEVICE void multiply(const Thread& t, const Item& item, int group,
                                   std::array<float, columns / 2>& sums) const {
    const CoreMatrices a{item.window_stage * window_bytes() + group * 64 * piece_bytes, window * piece_bytes, 128};
    const CoreMatrices b{windows_bytes() + item.weight_stage * weight_bytes(), weight_line * piece_bytes, 128};
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
    constexpr int rows_at_once = Epilogue::rows;
    VIDEOONENET_UNROLL
    for (int half = 0; half < 2; half += rows_at_once) {
      int m[rows_at_once];
      VIDEOONENET_UNROLL
      for (int row = 0; row < rows_at_once; ++row) {
        const int position = first_position + t.warp() % 4 * 16 + (half + row) * 8 + t.lane() / 4;
        const Raster::Place place = raster.place(position);
        m[row] = place.pixel < 0 ? -1 : place.frame * raster.h * raster.w + place.pixel;
      }
      VIDEOONENET_UNROLL
      for (int first = 0; first < columns / 8; first += pairs_at_once) {
        Pair values[rows_at_once][pairs_at_once];
        VIDEOONENET_UNROLL
        for (int row = 0; row < rows_at_once; ++row) VIDEOONENET_UNROLL
        for (int j = 0; j < pairs_at_once; ++j) {
          const auto i = static_cast<std::size_t>((first + j) * 4 + (half + row) * 2);
          values[row][j] = {{sums[i], sums[i + 1]}};
        }
        epilogue(m, t.block(1) * columns + first * 8 + t.lane() % 4 * 2, values);
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
