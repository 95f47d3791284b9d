// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The identity: the video itself is measured (denoising).

#include <algorithm>
#include <utility>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet {

/// Measures every entry.
///
/// Math: y = x.  Adjoint: x = y.
/// Shapes: domain = range = the videos, any N.  Errors: ShapeError.  Cost: one copy.
template <class T>
class Identity {
 public:
  using value_type = T;
  using structure_tag = structure::Diagonal;

  explicit Identity(const Shape& shape) : shape_((require_valid(shape, "Identity"), shape)) {
    Buffer<T> ones(shape.size());
    std::ranges::fill(ones, T(1));
    ones_ = std::move(ones);
  }

  Shape domain() const { return shape_; }
  Shape range() const { return shape_; }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const T> x, std::span<T> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "Identity::apply");
    copy(ex, x, y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const T> y, std::span<T> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "Identity::apply_adjoint");
    copy(ex, y, x);
  }

  /// AᵀA = I.
  std::span<const T> normal_diagonal() const { return ones_.span(); }
  /// The same in memory of the executor.
  template <Executor Ex>
  std::span<const T> normal_diagonal_on(const Ex& ex) const {
    return ones_.on(ex);
  }

 private:
  Shape shape_;
  Mirrored<T> ones_;
};

}  // namespace videoonenet
