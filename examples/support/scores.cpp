// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Scores by the library's metrics.

#include "support/scores.hpp"

#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/metrics/ssim.hpp"

namespace program {

Scores scores_of(const videoonenet::Cpu& ex, videoonenet::View<const float> restored,
                 videoonenet::View<const float> truth) {
  return {.psnr = psnr(ex, restored, truth), .ssim = ssim(ex, restored, truth), .nmse = nmse(ex, restored, truth)};
}

}  // namespace program
