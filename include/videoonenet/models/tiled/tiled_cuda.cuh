// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels that cut a video into tiles and blend them: a thread for every entry of a tile.

#include <array>

#include "videoonenet/core/cuda/entry_positions.hpp"
#include "videoonenet/core/cuda/for_each.cuh"
#include "videoonenet/core/view.hpp"
#include "videoonenet/models/tiled/tile_axis.hpp"
#include "videoonenet/models/tiled/tiled.hpp"

namespace videoonenet::cuda {

namespace detail {

/// Where the entries of a tile lie in the video.
struct TileEntries {
  EntryPositions positions;  ///< in the tile
  Shape whole;
  TileOrigin origin;

  struct Place {
    Index t, h, column;
    Index offset;
  };
  VIDEOONENET_DEVICE Place operator()(Index i) const {
    const EntryPosition at = positions(static_cast<int>(i));
    const Index t = origin.t + at.t, h = origin.h + at.h, column = origin.w * whole.f + at.column;
    return {t, h, column, whole.offset(at.n, t, h, 0, 0) + column};
  }
};

}  // namespace detail

/// y = the tile of x that begins at `origin`.
template <Gpu Ex, class T>
void copy_tile(const Ex& ex, const Shape& whole, const Shape& tile, const TileOrigin& origin, Input<T> x, Output<T> y) {
  const detail::TileEntries entries{EntryPositions(tile, "Tiled"), whole, origin};
  const T* px = x.data();
  T* py = y.data();
  for_each(ex, tile.size(), [=] VIDEOONENET_DEVICE(Index i) { py[i] = px[entries(i).offset]; });
}

/// Adds tile `index` of the axes, weighted where it fades into its neighbours, to the video y.
template <Gpu Ex, class T>
void add_tile(const Ex& ex, const Shape& whole, const Shape& tile, const std::array<TileAxis, 3>& axes,
              const std::array<Index, 3>& index, Input<T> x, Output<T> y) {
  const TileAxis t = axes[0], h = axes[1], w = axes[2];
  const Index it = index[0], ih = index[1], iw = index[2];
  const detail::TileEntries entries{
      EntryPositions(tile, "Tiled"), whole, {.t = t.begin(it), .h = h.begin(ih), .w = w.begin(iw)}};
  const T* px = x.data();
  T* py = y.data();
  for_each(ex, tile.size(), [=] VIDEOONENET_DEVICE(Index i) {
    const auto at = entries(i);
    const double weight = t.weight(it, at.t) * h.weight(ih, at.h);
    if (weight != 0) py[at.offset] += static_cast<T>(weight * w.weight(iw, at.column / entries.whole.f)) * px[i];
  });
}

}  // namespace videoonenet::cuda
