// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Temporal blur: full convolution over the frames.

#include <utility>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/operators/arguments.hpp"
#include "videoonenet/operators/temporal_blur/temporal_blur_cpu.hpp"
#include "videoonenet/operators/time_matrix.hpp"

namespace videoonenet {

/// Convolves every pixel and channel over time, zero before the first and after the last frame.
///
/// Math: y_s = Σ_k c_k x_{s−k}.  Adjoint: x_s = Σ_k c_k y_{s+k}.
/// Shapes: domain 1×T×H×W×F, range 1×(T+K−1)×H×W×F for K taps.
/// Errors: ShapeError when there is no tap, InputError when one is not finite.
/// Cost: 2K flops an entry, one pass.  Source: SPEC §3 `temporal_disk_blur`.
template <class T>
class TemporalBlur {
 public:
  using value_type = T;
  using structure_tag = structure::TimeOnly;

  TemporalBlur(const Shape& shape, Buffer<T> taps)
      : domain_((require_single_video(shape, "TemporalBlur"), shape)), range_(shape), taps_(std::move(taps)) {
    if (taps_.size() == 0) throw ShapeError("TemporalBlur: no taps were given, expected at least one");
    require_finite(taps_.span(), "TemporalBlur", "the taps");
    range_.t = shape.t + taps_.size() - 1;
  }

  Shape domain() const { return domain_; }
  Shape range() const { return range_; }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const T> x, std::span<T> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "TemporalBlur::apply");
    temporal_blur_apply(ex, domain_.t, domain_.frame_size(), taps_.on(ex), x, y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "TemporalBlur::apply_adjoint");
    temporal_blur_adjoint(ex, domain_.t, domain_.frame_size(), taps_.on(ex), y, x);
  }

  /// The taps c.
  std::span<const T> taps() const { return taps_.span(); }
  /// C[s, t] = c_{s−t}, (T+K−1) × T.
  TimeMatrix<T> time_matrix() const {
    TimeMatrix<T> c{range_.t, domain_.t, Buffer<T>(range_.t * domain_.t)};
    for (Index t = 0; t < c.cols; ++t)
      for (Index k = 0; k < taps_.size(); ++k) c.values[(t + k) * c.cols + t] = taps_[k];
    return c;
  }

 private:
  Shape domain_, range_;
  Mirrored<T> taps_;
};

}  // namespace videoonenet
