// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Cutting a tile out of a video and adding it to one, on the host.

#include "videoonenet/models/tiled/tiled.hpp"

namespace videoonenet::cpu {

/// tile = the part of x that begins at `origin`.
template <class T>
void copy_tile(const Executor& ex, const Shape& whole, const Shape& tile, const TileOrigin& origin, Input<T> x,
               Output<T> y) {
  parallel_for(ex, tile.n * tile.t * tile.h, [&](Index row) {
    const Index h = row % tile.h, t = row / tile.h % tile.t, n = row / (tile.h * tile.t);
    const T* from = x.data() + whole.offset(n, origin.t + t, origin.h + h, origin.w, 0);
    std::copy(from, from + tile.w * tile.f, y.data() + tile.offset(n, t, h, 0, 0));
  });
}

/// y += the tile numbered `index` along `axes`, each entry times its weight.
template <class T>
void add_tile(const Executor& ex, const Shape& whole, const Shape& tile, const std::array<TileAxis, 3>& axes,
              const std::array<Index, 3>& index, Input<T> x, Output<T> y) {
  const TileOrigin origin{axes[0].begin(index[0]), axes[1].begin(index[1]), axes[2].begin(index[2])};
  parallel_for(ex, tile.n * tile.t * tile.h, [&](Index row) {
    const Index h = row % tile.h, t = row / tile.h % tile.t, n = row / (tile.h * tile.t);
    const double weight = axes[0].weight(index[0], origin.t + t) * axes[1].weight(index[1], origin.h + h);
    if (weight == 0) return;
    const T* from = x.data() + tile.offset(n, t, h, 0, 0);
    T* to = y.data() + whole.offset(n, origin.t + t, origin.h + h, origin.w, 0);
    for (Index w = 0; w < tile.w; ++w) {
      const T factor = static_cast<T>(weight * axes[2].weight(index[2], origin.w + w));
      for (Index f = 0; f < tile.f; ++f) to[w * tile.f + f] += factor * from[w * tile.f + f];
    }
  });
}

}  // namespace videoonenet::cpu
