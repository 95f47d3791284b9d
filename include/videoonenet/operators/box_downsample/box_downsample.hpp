// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Super resolution: the mean over disjoint boxes of pixels.

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/operators/arguments.hpp"
#include "videoonenet/operators/box_downsample/box_downsample_cpu.hpp"

namespace videoonenet {

/// Averages disjoint q×q boxes of every frame and channel; trailing rows and columns are not observed.
///
/// Math: y[t,i,j,f] = q⁻² Σ_{r,s<q} x[t, qi+r, qj+s, f].
/// Adjoint: x[t,h,w,f] = q⁻² y[t, ⌊h/q⌋, ⌊w/q⌋, f], zero outside.
/// Shapes: domain 1×T×H×W×F, range 1×T×⌊H/q⌋×⌊W/q⌋×F.
/// Errors: ShapeError, InputError for a factor below one or beyond the frame.
/// Cost: one pass.  Source: SPEC §3 `super_resolution`.
template <class T>
class BoxDownsample {
 public:
  using value_type = T;
  using structure_tag = structure::TightFrame;

  BoxDownsample(const Shape& shape, Index factor)
      : domain_((require_single_video(shape, "BoxDownsample"), shape)), range_(shape), factor_(factor) {
    if (factor < 1 || factor > shape.h || factor > shape.w)
      throw InputError(sentence("BoxDownsample: a factor of ", factor, " does not fit frames of ", Index(shape.h), "x",
                                Index(shape.w), ", expected between 1 and the smaller side"));
    range_.h = shape.h / factor;
    range_.w = shape.w / factor;
  }

  Shape domain() const { return domain_; }
  Shape range() const { return range_; }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const T> x, std::span<T> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "BoxDownsample::apply");
    box_downsample_apply(ex, domain_, range_, factor_, x, y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "BoxDownsample::apply_adjoint");
    box_downsample_adjoint(ex, domain_, range_, factor_, y, x);
  }

  /// Side q of a box.
  Index factor() const { return factor_; }
  /// AAᵀ = q⁻² I.
  T frame_bound() const { return T(1) / static_cast<T>(factor_ * factor_); }

 private:
  Shape domain_, range_;
  Index factor_;
};

}  // namespace videoonenet
