// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Structural similarity of a restored video.

#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/metrics/ssim_cpu.hpp"

namespace videoonenet {

/// Structural similarity of one video whose values lie in [0, 1].
///
/// Math: mean over frames, channels and the valid window positions of
///   (2 μₓμᵧ + C₁)(2 σₓᵧ + C₂) / ((μₓ² + μᵧ² + C₁)(σₓ² + σᵧ² + C₂)),
/// with moments under an 11×11 Gaussian window (σ = 1.5, sum 1), C₁ = 0.01², C₂ = 0.03². Along an axis shorter than 11
/// the window shrinks to the largest odd size that fits.
/// Shapes: one video each.  Errors: ShapeError.  Cost: 110 multiply-adds an entry.
/// Source: SPEC §1; Wang, Bovik, Sheikh, Simoncelli, IEEE Trans. Image Processing 13 (2004).
template <Executor Ex, class T>
double ssim(const Ex& ex, View<T> estimate, View<const std::remove_const_t<T>> truth) {
  using Scalar = std::remove_const_t<T>;
  detail::require_scorable(estimate.shape, truth.shape, "ssim");
  return structural_similarity<Scalar>(ex, truth.shape, estimate.flat(), truth.flat());
}

}  // namespace videoonenet
