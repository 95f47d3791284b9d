// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Inpainting: keep some entries of a video, zero the others.

#include <utility>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/operators/mask/mask_cpu.hpp"

namespace videoonenet {

/// Keeps the entries where the mask is one; the zero rows stay, so the measurement has the video's shape.
///
/// Math: y = m ⊙ x, m ∈ {0, 1}ⁿ.  Adjoint: x = m ⊙ y.
/// Shapes: domain = range = the video.  Errors: ShapeError, InputError for an entry other than 0 and 1.
/// Cost: one pass.  Source: SPEC §3 `pixel_inpaint`, `center_inpaint`, `scattered_inpaint`.
template <class T>
class Mask {
 public:
  using value_type = T;
  using structure_tag = structure::Diagonal;

  Mask(const Shape& shape, Buffer<T> mask) : shape_(shape), mask_(std::move(mask)) {
    require_valid(shape, "Mask");
    require_size(mask_.size(), shape.size(), "Mask", "the mask");
    for (T m : mask_)
      if (m != T(0) && m != T(1)) throw InputError(sentence("Mask: an entry is ", m, ", expected 0 or 1"));
  }

  Shape domain() const { return shape_; }
  Shape range() const { return shape_; }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const T> x, std::span<T> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "Mask::apply");
    mask_apply(ex, mask_.on(ex), x, y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "Mask::apply_adjoint");
    mask_apply(ex, mask_.on(ex), y, x);
  }

  /// The mask m.
  std::span<const T> mask() const { return mask_.span(); }
  /// AᵀA = diag(m²) = diag(m).
  std::span<const T> normal_diagonal() const { return mask_.span(); }
  /// The same in memory of the executor.
  template <Executor Ex>
  std::span<const T> normal_diagonal_on(const Ex& ex) const {
    return mask_.on(ex);
  }

 private:
  Shape shape_;
  Mirrored<T> mask_;
};

}  // namespace videoonenet
