// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Squared-error scores of a restored video: MSE, NMSE, PSNR.

#include <cmath>
#include <limits>

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet {

namespace detail {

/// Errors: ShapeError when the shapes differ or hold more than one video.
inline void require_scorable(const Shape& estimate, const Shape& truth, const char* where) {
  require_valid(truth, where);
  require_shape(estimate, truth, where, "the estimate");
  if (truth.n != 1)
    throw ShapeError(sentence(where, ": scores are per video; given a batch of ", Index(truth.n),
                              " videos, expected one (use View::sample)"));
}

}  // namespace detail

/// Mean squared error of one video.
///
/// Math: MSE = ‖x̂ − x‖² / n.  Shapes: one video each.  Errors: ShapeError.  Cost: one pass.  Source: SPEC §1.
template <Executor Ex, class T>
double mse(const Ex& ex, View<T> estimate, View<const std::remove_const_t<T>> truth) {
  detail::require_scorable(estimate.shape, truth.shape, "mse");
  return squared_distance(ex, truth.flat(), estimate.flat()) / double(truth.size());
}

/// Normalised squared error of one video.
///
/// Math: NMSE = ‖x̂ − x‖² / ‖x‖²; infinite when the truth is zero and the estimate is not, zero when both are.
/// Shapes: one video each.  Errors: ShapeError.  Cost: two passes.  Source: SPEC §1.
template <Executor Ex, class T>
double nmse(const Ex& ex, View<T> estimate, View<const std::remove_const_t<T>> truth) {
  detail::require_scorable(estimate.shape, truth.shape, "nmse");
  const double error = squared_distance(ex, truth.flat(), estimate.flat());
  return error == 0 ? 0 : error / squared_norm(ex, truth.flat());
}

/// Peak signal-to-noise ratio of one video whose values lie in [0, 1].
///
/// Math: PSNR = 10 log₁₀(1 / MSE) over all entries of the video; infinite when the videos are equal.
/// Shapes: one video each.  Units: dB.  Errors: ShapeError.  Cost: one pass.  Source: SPEC §1.
template <Executor Ex, class T>
double psnr(const Ex& ex, View<T> estimate, View<const std::remove_const_t<T>> truth) {
  const double error = mse(ex, estimate, truth);
  return error == 0 ? std::numeric_limits<double>::infinity() : -10 * std::log10(error);
}

}  // namespace videoonenet
