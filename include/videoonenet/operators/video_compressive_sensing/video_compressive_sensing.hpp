// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Video compressive sensing: the first frame, and random projections of the frame differences.

#include <utility>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/operators/arguments.hpp"
#include "videoonenet/operators/video_compressive_sensing/video_compressive_sensing_cpu.hpp"

namespace videoonenet {

/// Keeps frame 0 and multiplies each frame difference, per channel, by one matrix Φ.
///
/// Math: y = [x_0; (Φ (x_{t+1} − x_t)[·, f])_{t<T−1}], rows after frame 0 in the order (t, m, f).
/// Adjoint: x_t = [t = 0] y_0 + Φᵀ(d_{t−1} − d_t) with d_t the measured difference, d_{−1} = d_{T−1} = 0.
/// Shapes: domain 1×T×H×W×F, range flat_shape(HWF + (T−1)·m·F); Φ is m × HW row-major.
/// Errors: ShapeError when Φ has another size, InputError when an entry is not finite.
/// Cost: 2·m·T·HWF flops.  Source: SPEC §3 `video_compressive_sensing`.
template <class T>
class VideoCompressiveSensing {
 public:
  using value_type = T;
  using structure_tag = structure::CompressedDifferences;

  VideoCompressiveSensing(const Shape& shape, Index measurements, Buffer<T> phi)
      : shape_((require_single_video(shape, "VideoCompressiveSensing"), shape)),
        measurements_(measurements),
        phi_(std::move(phi)) {
    require_valid(flat_shape(measurements), "VideoCompressiveSensing (measurements a difference)");
    require_size(phi_.size(), measurements * shape.h * shape.w, "VideoCompressiveSensing", "Phi (measurements x HW)");
    require_finite(phi_.span(), "VideoCompressiveSensing", "Phi");
  }

  Shape domain() const { return shape_; }
  Shape range() const { return flat_shape(shape_.frame_size() + (shape_.t - 1) * measurements_ * shape_.f); }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const T> x, std::span<T> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "VideoCompressiveSensing::apply");
    video_compressive_sensing_apply(ex, shape_, measurements_, phi_.on(ex), x, y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "VideoCompressiveSensing::apply_adjoint");
    video_compressive_sensing_adjoint(ex, shape_, measurements_, phi_.on(ex), y, x);
  }

  /// Φ, m × HW row-major.
  std::span<const T> sensing_matrix() const { return phi_.span(); }
  /// m, the measurements of one channel of one difference.
  Index measurements() const { return measurements_; }

 private:
  Shape shape_;
  Index measurements_;
  Mirrored<T> phi_;
};

}  // namespace videoonenet
