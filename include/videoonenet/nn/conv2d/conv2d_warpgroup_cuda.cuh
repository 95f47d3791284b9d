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

#include "videoonenet/core/cuda/gpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_warpgroup_tile_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_warpgroup_weights_cuda.cuh"

namespace videoonenet::cuda::convolution {

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
  static constexpr int teams = width == 3 ? 2 : 1;      ///< of a block, at most
  static constexpr int pieces = columns == 64 ? 4 : 2;  ///< that are multiplied between two barriers, of every pixel
  using Tile = WarpgroupTile<bfloat16, width, columns, pieces, transposed>;
  static constexpr bool prepared_weights = width == 5;  ///< which do not fit on chip
  static constexpr int team_threads = Tile::team_threads, threads = teams * team_threads;

  Tile tile;
  const float* x;
  FrameMap map;
  Epilogue epilogue;
  int tiles = 0;
  int chunks = 0;         ///< of the channels
  int weight_stages = 0;  ///< chunks of weights in shared memory
  int team_count = 1;     ///< of a block
  const Piece* prepared = nullptr;

  VIDEOONENET_HOST_DEVICE int windows_bytes() const { return 2 * team_count * tile.window_bytes(); }
  VIDEOONENET_HOST_DEVICE int shared_bytes() const { return windows_bytes() + weight_stages * Tile::weight_bytes; }

  static WarpgroupConvolution make(const Conv2dGeometry& g, const FrameMap& map, const float* x, const float* kernel,
                                   const Epilogue& epilogue) {
    WarpgroupConvolution p{Tile::make(g, kernel), x, map, epilogue};
    p.tiles = static_cast<int>(ceil_div(p.tile.raster.positions(), Tile::rows));
    p.chunks = p.tile.channels / Tile::chunk;
    // Weights that stay on chip are worth more than a second team.
    const int few = std::min(p.chunks, 2);
    for (const auto& [stages, count] : {std::pair{p.chunks, teams}, {p.chunks, 1}, {few, teams}, {few, 1}}) {
      p.weight_stages = stages, p.team_count = count;
      if (p.fits()) break;
    }
    return p;
  }
  bool fits() const {
    return tile.channels == chunks * Tile::chunk && tile.outputs % columns == 0 && shared_bytes() <= 227 << 10;
  }
  Grid grid(int multiprocessors) const {
    const int column_tiles = tile.outputs / columns;
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
    typename Tile::Sums sums{};
    Item item{t.block() + t.blocks() * team, 0, 2 * team, 0};
    typename Tile::WindowPart part;  // of the item after the next one, on its way while two are multiplied
    if (items > 0) read_window(item, own, part);
    fill_weights(t, item);
    if (items > 0) fill_window(t, item, own, part);
    if (items > 1) read_window(following(t, item), own, part);
    VIDEOONENET_ROLLED
    for (int number = 0; number < items; ++number) {
      if constexpr (prepared_weights) t.template wait_copies<0>();
      t.publish_shared();
      sync(t, team, number < together);
      t.begin_products();
      tile.multiply(t, item.window_stage * tile.window_bytes() + group * 64 * Tile::piece_bytes, weights_at(item),
                    item.chunk > 0, sums);
      t.commit_products();
      const Item next = following(t, item);
      // All threads have waited for their products before the barrier: nobody reads what is overwritten.
      if (number + 1 < together) fill_weights(t, next);
      if (number + 1 < items) fill_window(t, next, own, part);
      if (number + 2 < items) read_window(following(t, next), own, part);
      t.template wait_products<0>();
      if (item.chunk == chunks - 1)
        hand_over_sums<Epilogue::pairs, columns>(t, tile.raster, item.tile * Tile::rows + group * 64, 0,
                                                 t.block(1) * columns, sums, epilogue);
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

  VIDEOONENET_DEVICE void read_window(const Item& item, int own, typename Tile::WindowPart& part) const {
    tile.read_window(x, map, item.tile, item.chunk, own, part);
  }
  template <class Thread>
  VIDEOONENET_DEVICE void fill_window(const Thread& t, const Item& item, int own,
                                      typename Tile::WindowPart& part) const {
    tile.fill_window(t, item.window_stage * tile.window_bytes(), x, map, item.tile, item.chunk, own, part);
  }
  VIDEOONENET_DEVICE int weights_at(const Item& item) const {
    return windows_bytes() + item.weight_stage * Tile::weight_bytes;
  }
  /// Writes an item's weights to shared memory, by all threads of the block.
  template <class Thread>
  VIDEOONENET_DEVICE void fill_weights(const Thread& t, const Item& item) const {
    if constexpr (prepared_weights)
      tile.copy_weights(t, weights_at(item), prepared + (t.block(1) * chunks + item.chunk) * Tile::weight_pieces);
    else
      tile.template fill_weights<(Tile::weight_pieces + threads - 1) / threads>(
          t, weights_at(item), t.block(1) * columns, item.chunk, t.threads());
  }
};

/// Runs a convolution of x, or with `transposed` of a gradient by the transposed kernel, as products of warpgroups, if
/// the device has them and the sizes are those that they are made for: epilogue(pixel of all frames, channel, sums)
/// gets the sums, `Epilogue::pairs` pairs of channels at once. `weights` is needed where warpgroup_weights_size says
/// so. Returns whether it did.
template <bool transposed, Gpu Ex, class Epilogue>
bool launch_warpgroup_convolution(const Ex& ex, const Conv2dGeometry& g, const FrameMap& map, const float* x,
                                  const float* kernel, WarpgroupWeights& weights, const Epilogue& epilogue) {
  const Index channels = transposed ? g.out : g.in;
  if (!ex.warpgroup_products() || ex.precision == Precision::float32) return false;
  if (g.stride != 1 || (g.kernel != 3 && g.kernel != 5) || channels % 16 != 0) return false;
  if (!packs_fit<4>(x) || !epilogue.aligned()) return false;
  const auto launch = [&]<bool bfloat16, int width>() {
    using Product = WarpgroupConvolution<bfloat16, width, transposed, Epilogue>;
    auto product = Product::make(g, map, x, kernel, epilogue);
    if (!product.fits()) return false;
    if constexpr (Product::prepared_weights) product.prepared = prepare_weights(ex, product.tile, weights);
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
