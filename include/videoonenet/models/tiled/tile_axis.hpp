// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// How one axis of a video is cut into overlapping tiles, and with which weights they are put together again.

#include <algorithm>

#include "videoonenet/core/shape.hpp"

namespace videoonenet {

/// What tiles are along one axis.
struct TileExtent {
  Index size = 0;   ///< entries of a tile; 0: the whole axis
  Index halo = 8;   ///< entries at a cut that are computed and thrown away, since the network saw a border there
  Index blend = 8;  ///< entries, halos aside, over which a tile fades into its neighbour

  /// Entries that neighbours share at least.
  Index overlap() const { return 2 * halo + blend; }
  bool operator==(const TileExtent&) const = default;
};

/// `count` tiles of `size` entries, spread evenly over an axis.
///
/// Math: tile i has at p the weight r_i(p) / Σ_j r_j(p); r_i rises linearly over `blend` entries, `halo` entries behind
/// a cut, and is 1 towards the ends of the axis. The weights of all tiles add up to 1 at every p.
struct TileAxis {
  Index extent = 1, size = 1, count = 1, halo = 0, blend = 0;

  /// Cuts an axis of `extent` entries into as few tiles as overlap enough.
  /// Errors: InputError when a tile is no larger than its overlaps.
  static TileAxis cut(Index extent, const TileExtent& tile, const char* axis) {
    if (tile.size < 0 || tile.halo < 0 || tile.blend < 0)
      throw InputError(sentence("Tiled: tiles of ", tile.size, " entries along ", axis, " with a halo of ", tile.halo,
                                " and a blend of ", tile.blend, " were asked for, expected none of them negative"));
    if (tile.size == 0 || tile.size >= extent) return {.extent = extent, .size = extent};
    const Index overlap = tile.overlap(), step = tile.size - overlap;
    if (step <= 0)
      throw InputError(sentence("Tiled: tiles of ", tile.size, " entries along ", axis, " overlap by ", overlap,
                                " (twice the halo, and the blend), expected larger tiles"));
    const Index count = (extent - overlap + step - 1) / step;
    return {.extent = extent, .size = tile.size, .count = count, .halo = tile.halo, .blend = tile.blend};
  }

  /// The first entry of tile i.
  VIDEOONENET_HOST_DEVICE Index begin(Index i) const { return count == 1 ? 0 : i * (extent - size) / (count - 1); }

  /// The weight of tile i at entry p of the axis.
  VIDEOONENET_HOST_DEVICE double weight(Index i, Index p) const {
    double sum = 0;
    for (Index j = 0; j < count; ++j) sum += ramp(j, p);
    return ramp(i, p) / sum;
  }

 private:
  VIDEOONENET_HOST_DEVICE double ramp(Index i, Index p) const {
    const Index first = begin(i), last = first + size - 1;
    if (p < first || p > last) return 0;
    const double left = i == 0 ? 1 : double(p - first - halo + 1) / double(blend + 1);
    const double right = i == count - 1 ? 1 : double(last - p - halo + 1) / double(blend + 1);
    const double least = left < right ? left : right;
    return least < 0 ? 0 : least > 1 ? 1 : least;
  }
};

}  // namespace videoonenet
