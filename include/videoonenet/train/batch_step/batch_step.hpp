// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A batch of factored problems on its way to a GPU.

#include <algorithm>
#include <span>
#include <vector>

#include "videoonenet/core/shape.hpp"
#include "videoonenet/datastep/problem_batch/factor_layout.hpp"

namespace videoonenet {

/// What a training step on a GPU takes from the host: for every video its truth, Aᵀy, pinv(A) y and the factor of its
/// data step, in arrays that are copied as they are.
template <class T>
struct HostBatch {
  Shape video;
  FactorBounds bounds;
  std::vector<T> truth, measurement;  ///< N videos; Aᵀy of all, then pinv(A) y of all
  std::vector<FactorLayout> layouts;
  std::vector<T> values;  ///< bounds.values a video

  /// Room for `batch.n` videos.
  HostBatch(const Shape& batch, const FactorBounds& limits)
      : video(batch),
        bounds(limits),
        truth(static_cast<std::size_t>(batch.size())),
        measurement(static_cast<std::size_t>(2 * batch.size())),
        layouts(static_cast<std::size_t>(Index(batch.n))),
        values(static_cast<std::size_t>(batch.n * limits.values)) {}

  /// Writes video number n.
  /// Errors: ShapeError when something does not fit.
  void put(Index n, std::span<const T> x, std::span<const T> aty, std::span<const T> start, const FactorLayout& layout,
           std::span<const T> factor) {
    const Index size = video.sample_size();
    for (const std::span<const T> part : {x, aty, start}) require_size(std::ssize(part), size, "HostBatch", "a video");
    require_size(std::ssize(factor), layout.value_count(), "HostBatch", "the factor");
    if (n < 0 || n >= video.n) throw ShapeError(sentence("HostBatch: video ", n, " of ", Index(video.n)));
    if (layout.value_count() > bounds.values || layout.rank > bounds.rank)
      throw ShapeError(sentence("HostBatch: a factor of rank ", layout.rank, " with ", layout.value_count(),
                                " numbers, expected at most ", bounds.rank, " and ", bounds.values));
    if (layout.entries() != size)
      throw ShapeError(sentence("HostBatch: a factor for ", layout.entries(), " entries, expected ", size));
    if (layout.mixes_steps && layout.steps * layout.channels > video.t * video.f)
      throw ShapeError(sentence("HostBatch: a factor that mixes ", layout.steps, " steps of ", layout.channels,
                                " channels, expected at most frames and channels of the video"));
    std::ranges::copy(x, truth.begin() + n * size);
    std::ranges::copy(aty, measurement.begin() + n * size);
    std::ranges::copy(start, measurement.begin() + video.size() + n * size);
    layouts[static_cast<std::size_t>(n)] = layout;
    std::ranges::copy(factor, values.begin() + n * bounds.values);
  }
};

}  // namespace videoonenet
