// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What training minimises: the mean squared or absolute difference of a restored video and its truth, or minus its
/// PSNR.

#include <cmath>
#include <concepts>
#include <numbers>

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/train/loss/loss_cpu.hpp"

namespace videoonenet {

/// A loss of a restored video z and its truth.
///
/// Requirements, for `const L& l`, views z and truth of one shape, a number `scale` and a view grad of that shape:
///  1. `l.value(ex, z, truth)` is the loss in double, finite for finite videos;
///  2. `l.gradient(ex, z, truth, scale, grad)` writes scale · ∂loss/∂z to grad.
template <class L, class T, class Ex = Cpu>
concept Loss = requires(const L& l, const Ex& ex, View<const T> video, T scale, View<T> grad) {
  { l.value(ex, video, video) } -> std::convertible_to<double>;
  l.gradient(ex, video, video, scale, grad);
};

/// The papers' loss.
///
/// Math: ‖z − x‖² / n over all n entries; over a batch, the mean of its videos' losses.  Adjoint: 2 (z − x) / n.
/// Shapes: z and x alike.  Errors: ShapeError.  Cost: one pass each.  Source: VON §5.
struct MeanSquaredError {
  template <Executor Ex, class T>
  double value(const Ex& ex, View<T> z, View<const std::remove_const_t<T>> truth) const {
    require_shape(z.shape, truth.shape, "MeanSquaredError", "the restored video");
    return squared_distance(ex, truth.flat(), z.flat()) / double(z.size());
  }
  template <Executor Ex, class T>
  void gradient(const Ex& ex, View<const std::type_identity_t<T>> z, View<const std::type_identity_t<T>> truth,
                std::type_identity_t<T> scale, View<T> grad_z) const {
    scaled_difference(ex, T(2) * scale / T(z.size()), z.flat(), truth.flat(), grad_z.flat());
  }
};

/// The ℓ1 loss, which forgives a few large differences.
///
/// Math: ‖z − x‖₁ / n over all n entries.  Adjoint: sign(z − x) / n, zero where they are equal.
/// Shapes: z and x alike.  Errors: ShapeError.  Cost: one pass each.
struct MeanAbsoluteError {
  template <Executor Ex, class T>
  double value(const Ex& ex, View<T> z, View<const std::remove_const_t<T>> truth) const {
    require_shape(z.shape, truth.shape, "MeanAbsoluteError", "the restored video");
    return absolute_distance(ex, truth.flat(), z.flat()) / double(z.size());
  }
  template <Executor Ex, class T>
  void gradient(const Ex& ex, View<const std::type_identity_t<T>> z, View<const std::type_identity_t<T>> truth,
                std::type_identity_t<T> scale, View<T> grad_z) const {
    scaled_sign_of_difference(ex, scale / T(z.size()), z.flat(), truth.flat(), grad_z.flat());
  }
};

/// Minus the PSNR: problems that are solved to 40 dB count as much as those solved to 20 dB, whose squared errors are a
/// hundred times as large.
///
/// Math: 10 log₁₀(‖z − x‖² / n + floor) of every video with n entries, and the mean over a batch.
/// Adjoint: (20 / ln 10) (z − x) / (‖z − x‖² + n·floor) for every video, divided by their number.
/// Shapes: z and x alike.  Units: dB.  Errors: ShapeError.  Cost: one pass for the value, two for the gradient.
struct NegativePsnr {
  double floor = 1e-6;  ///< squared error below which there is nothing to gain: 60 dB

  template <Executor Ex, class T>
  double value(const Ex& ex, View<T> z, View<const std::remove_const_t<T>> truth) const {
    require_shape(z.shape, truth.shape, "NegativePsnr", "the restored video");
    double sum = 0;
    for (Index n = 0; n < z.shape.n; ++n) sum += 10 * std::log10(mean_square(ex, z.sample(n), truth.sample(n)));
    return sum / double(z.shape.n);
  }
  template <Executor Ex, class T>
  void gradient(const Ex& ex, View<const std::type_identity_t<T>> z, View<const std::type_identity_t<T>> truth,
                std::type_identity_t<T> scale, View<T> grad_z) const {
    for (Index n = 0; n < z.shape.n; ++n) {
      const auto own = z.sample(n), x = truth.sample(n);
      const double factor = 20 / std::numbers::ln10 / (mean_square(ex, own, x) * double(z.size()));
      scaled_difference(ex, T(factor) * scale, own.flat(), x.flat(), grad_z.sample(n).flat());
    }
  }

 private:
  /// ‖z − x‖² / n + floor of one video.
  template <Executor Ex, class T>
  double mean_square(const Ex& ex, View<T> z, View<const std::remove_const_t<T>> truth) const {
    return squared_distance(ex, truth.flat(), z.flat()) / double(z.size()) + floor;
  }
};

}  // namespace videoonenet
