// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Colorization: one weighted sum of the channels is measured.

#include <utility>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/operators/arguments.hpp"
#include "videoonenet/operators/channel_sum/channel_sum_cpu.hpp"

namespace videoonenet {

/// The luma weights 0.299, 0.587, 0.114 of red, green and blue; 1 for a video that is grey already.
/// Errors: InputError for other channel counts.  Source: SPEC §3 `colorization`.
template <class T>
Buffer<T> luma_weights(Index channels) {
  if (channels == 1) return {T(1)};
  if (channels == 3) return {T(0.299), T(0.587), T(0.114)};
  throw InputError(sentence("luma_weights: ", channels, " channels were given, expected 1 or 3"));
}

/// Sums the channels of every pixel with fixed weights.
///
/// Math: y[t,h,w] = Σ_f a_f x[t,h,w,f].  Adjoint: x[t,h,w,f] = a_f y[t,h,w].
/// Shapes: domain 1×T×H×W×F, range 1×T×H×W×1.
/// Errors: ShapeError unless there are F weights, InputError when one is not finite or all are zero.
/// Cost: one pass.  Source: SPEC §3 `colorization`.
template <class T>
class ChannelSum {
 public:
  using value_type = T;
  using structure_tag = structure::TightFrame;

  ChannelSum(const Shape& shape, Buffer<T> weights)
      : domain_((require_single_video(shape, "ChannelSum"), shape)), range_(shape), weights_(std::move(weights)) {
    require_size(weights_.size(), shape.f, "ChannelSum", "the list of weights (one a channel)");
    require_finite(weights_.span(), "ChannelSum", "the weights");
    for (T w : weights_) bound_ += w * w;
    if (!(bound_ > T(0))) throw InputError("ChannelSum: all weights are zero, expected at least one that is not");
    range_.f = 1;
  }

  Shape domain() const { return domain_; }
  Shape range() const { return range_; }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const T> x, std::span<T> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "ChannelSum::apply");
    channel_sum_apply(ex, weights_.on(ex), x, y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "ChannelSum::apply_adjoint");
    channel_sum_adjoint(ex, weights_.on(ex), y, x);
  }

  /// The weights a, one a channel.
  std::span<const T> weights() const { return weights_.span(); }
  /// AAᵀ = ‖a‖² I.
  T frame_bound() const { return bound_; }

 private:
  Shape domain_, range_;
  Mirrored<T> weights_;
  T bound_ = 0;
};

}  // namespace videoonenet
