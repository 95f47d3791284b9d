// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Pictures of videos side by side, before they are drawn: a sheet of labelled rows of frames.

#include <algorithm>
#include <string>
#include <vector>

#include "videoonenet/core/tensor.hpp"

namespace program {

using namespace videoonenet;

/// Frames of one video with a caption above them.
struct Strip {
  std::string caption;
  Tensor<float> frames;
};

/// Strips of one size, a row below the other.
struct Sheet {
  /// The label stands above its strips.
  struct Row {
    std::string label;
    std::vector<Strip> strips;
  };

  Index height, width;  ///< of a frame
  Index target_height;  ///< frames are enlarged by a whole factor, or reduced, to about so many rows
  std::vector<Row> rows{};
};

/// At most `count` frames of a video, spread evenly from the first to the last.
inline Strip strip(std::string caption, View<const float> video, Index count) {
  const Shape s = video.shape;
  count = std::min<Index>(s.t, count);
  Tensor<float> frames({.t = count, .h = Index(s.h), .w = Index(s.w), .f = Index(s.f)});
  for (Index i = 0; i < count; ++i) {
    const Index t = count == 1 ? 0 : i * (s.t - 1) / (count - 1);
    std::copy_n(video.data + t * s.frame_size(), s.frame_size(), frames.data() + i * s.frame_size());
  }
  return {std::move(caption), std::move(frames)};
}

}  // namespace program
