// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Loops shared by the device kernels of operators: a thread for every entry of a video.

#include "videoonenet/core/cuda/entry_positions.hpp"
#include "videoonenet/core/cuda/for_each.cuh"

namespace videoonenet::cuda {

/// Where an entry of a batch of videos lies; frames are counted over all videos.
struct VideoEntry {
  int frame, h, w, f;
};

namespace detail {

template <class Body>
struct ForEntries {
  EntryPositions positions;
  Divisor channels;
  Body body;

  VIDEOONENET_DEVICE void operator()(Index i) const {
    const EntryPosition at = positions(static_cast<int>(i));
    const int w = channels.divide(at.column);
    body(i, VideoEntry{at.n * positions.frames() + at.t, at.h, w, at.column - w * channels.value()});
  }
};

}  // namespace detail

/// Calls body(i, entry) for every position i of a batch of that shape and the entry that lies there, in any order.
/// Errors: ShapeError naming `where` when a kernel cannot index as many.
template <Gpu Ex, class Body>
void for_entries(const Ex& ex, const Shape& shape, const char* where, const Body& body) {
  const EntryPositions positions(shape, where);
  for_each(ex, positions.size(), detail::ForEntries<Body>{positions, Divisor(static_cast<int>(shape.f)), body});
}

}  // namespace videoonenet::cuda
