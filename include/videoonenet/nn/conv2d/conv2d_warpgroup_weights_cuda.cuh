// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Weights of wide kernels, which do not fit on chip, as products of warpgroups take them: every tile of a convolution
/// copies them from there, rounded and rearranged once.

#include "videoonenet/core/cuda/gpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_warpgroup_tile_cuda.cuh"

namespace videoonenet::cuda::convolution {

/// Room for the prepared weights of one kernel in one direction, and whether they are there.
struct WarpgroupWeights {
  std::span<float> room{};
  bool prepared = false;
};

/// Entries of that room; none where convolutions of this geometry bring weights as they are.
template <Gpu Ex>
Index warpgroup_weights_size(const Ex& ex, const Conv2dGeometry& g) {
  const bool wide = ex.warpgroup_products() && ex.precision != Precision::float32 && g.stride == 1 && g.kernel == 5 &&
                    g.in % 16 == 0 && g.out % 16 == 0;
  return wide ? g.kernel_size() : 0;
}

/// Prepares the pieces of all chunks of all tiles of columns: thread i prepares piece i.
template <class Tile>
struct PrepareWeights {
  static constexpr int threads = 256;
  Tile tile;
  Piece* to;
  int chunks, pieces;

  Grid grid() const { return {.blocks = {static_cast<int>(ceil_div(pieces, threads)), 1, 1}, .threads = threads}; }

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const int i = t.block() * threads + t.thread(), number = i / Tile::weight_pieces;
    if (i >= pieces) return;
    const typename Tile::Weight weight(i - number * Tile::weight_pieces);
    float v[Tile::piece];
    tile.read_weight(number / chunks * Tile::column_count, number % chunks * Tile::chunk, weight, v);
    to[number * Tile::weight_pieces + weight.packed_place()] = Tile::template make_piece<Thread>(v);
  }
};

/// Prepares them, unless they are.
/// Errors: ShapeError where there is no room.
template <class Tile, Gpu Ex>
const Piece* prepare_weights(const Ex& ex, const Tile& tile, WarpgroupWeights& weights) {
  const Index size = Index(Tile::taps) * tile.channels * tile.outputs;
  if (std::ssize(weights.room) < size || !packs_fit<4>(weights.room.data()))
    throw ShapeError(sentence("conv2d: ", std::ssize(weights.room), " entries of scratch were given, expected ", size));
  const auto to = reinterpret_cast<Piece*>(weights.room.data());
  if (!std::exchange(weights.prepared, true)) {
    const PrepareWeights<Tile> prepare{tile, to, tile.channels / Tile::chunk, as_int(size / Tile::piece, "conv2d")};
    ex.launch(prepare.grid(), prepare);
  }
  return to;
}

}  // namespace videoonenet::cuda::convolution
