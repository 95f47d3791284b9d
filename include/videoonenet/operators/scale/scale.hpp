// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// An operator times a number.

#include <cmath>
#include <utility>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet {

/// s·B; keeps the structure of B, so that its data step stays exact.
///
/// Math: y = s (B x).  Adjoint: x = s (Bᵀ y).
/// Shapes: those of B.  Errors: InputError for a factor that is zero or not finite.  Cost: B and one pass.
template <class B>
class Scale {
  static_assert(require_linear_operator<B>());

 public:
  using value_type = typename B::value_type;
  using structure_tag = structure::Scaled;

  Scale(B inner, value_type factor) : inner_(std::move(inner)), factor_(factor) {
    if (!std::isfinite(factor) || factor == value_type(0))
      throw InputError(sentence("Scale: the factor is ", factor, ", expected a finite number other than zero"));
  }

  Shape domain() const { return inner_.domain(); }
  Shape range() const { return inner_.range(); }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const value_type> x, std::span<value_type> y) const {
    inner_.apply(ex, x, y);
    axpby(ex, factor_, y, value_type(0), y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const value_type> y, std::span<value_type> x) const {
    inner_.apply_adjoint(ex, y, x);
    axpby(ex, factor_, x, value_type(0), x);
  }

  /// B.
  const B& inner() const { return inner_; }
  /// s.
  value_type factor() const { return factor_; }

 private:
  B inner_;
  value_type factor_;
};

}  // namespace videoonenet
