// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Tiles for the memory there is.

#include "videoonenet/models/model.hpp"

namespace videoonenet {

namespace detail {

/// How a model's tiles overlap: the halo is as far as its convolutions look, and two frames further where they recur.
inline TileExtent tile_overlaps(const ModelOptions& o) {
  const Index encoder = o.kernel_encoder / 2;
  const bool recurs = o.prior_recurrent || o.data_net == DataNet::bcrnn;
  return {.halo = 3 * encoder + o.kernel_decoder / 2 + (recurs ? 2 * encoder : 0), .blend = 8};
}

/// `count` tiles over an axis, as small as they can be.
inline TileExtent tiles_over(Index extent, Index count, TileExtent tile) {
  tile.size = count == 1 ? 0 : (extent + (count - 1) * tile.overlap() + count - 1) / count;
  return tile;
}

}  // namespace detail

/// The tiles along h and w with which a model restores such videos in at most `bytes` bytes, of
/// Model::restoration_bytes, and computes the fewest pixels twice; the whole video where that fits.
/// Errors: InputError that says how many bytes the smallest tiles take.  Cost: as many plans as there are ways to cut.
template <class T, Executor Ex>
TileOptions fit_tiles(const Ex& ex, const ModelOptions& options, const Shape& video, Index bytes, Index hop = 0) {
  const TileExtent overlaps = detail::tile_overlaps(options);
  const auto cuts = [&](Index extent) {
    if (options.net == NetKind::autoencoder) return Index(1);  // which takes whole frames alone
    return std::max<Index>(1, (extent - overlaps.overlap()) / overlaps.overlap());
  };
  TileOptions best;
  Index least_pixels = 0, least_bytes = 0;
  for (Index h = 1; h <= cuts(video.h); ++h)
    for (Index w = 1; w <= cuts(video.w); ++w) {
      const TileOptions tiles{.h = detail::tiles_over(video.h, h, overlaps),
                              .w = detail::tiles_over(video.w, w, overlaps)};
      const auto axes = tiles.axes(video);
      const Index pixels = tiles.count(video) * axes[1].size * axes[2].size;
      if (least_pixels > 0 && pixels >= least_pixels) continue;
      const Index needed = Model<T>(options, {.tiles = tiles}).restoration_bytes(ex, video, hop);
      least_bytes = least_bytes == 0 ? needed : std::min(least_bytes, needed);
      if (needed <= bytes) best = tiles, least_pixels = pixels;
    }
  if (least_pixels == 0)
    throw InputError(sentence("the network needs at least ", (least_bytes + (1 << 20) - 1) >> 20,
                              " MiB for a video (N,T,H,W,F) = ", video, ", even by tiles, but ", bytes >> 20,
                              " are allowed"));
  return best;
}

}  // namespace videoonenet
