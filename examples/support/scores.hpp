// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// How close a restored video is to the truth.

#include "videoonenet/core/executor.hpp"
#include "videoonenet/core/view.hpp"

namespace program {

struct Scores {
  double psnr = 0, ssim = 0, nmse = 0;
};

/// Errors: ShapeError for videos of different shapes.
Scores scores_of(const videoonenet::Cpu& ex, videoonenet::View<const float> restored,
                 videoonenet::View<const float> truth);

}  // namespace program
