// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The adjoint of an operator as an operator of its own.

#include <utility>

#include "videoonenet/concepts/linear_operator.hpp"

namespace videoonenet {

/// Aᵀ.
///
/// Math: y = Aᵀ x.  Adjoint: x = A y.
/// Shapes: domain and range of A exchanged.  Cost: that of A.
template <class A>
class Transpose {
  static_assert(require_linear_operator<A>());

 public:
  using value_type = typename A::value_type;

  explicit Transpose(A a) : inner_(std::move(a)) {}

  Shape domain() const { return inner_.range(); }
  Shape range() const { return inner_.domain(); }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const value_type> x, std::span<value_type> y) const {
    inner_.apply_adjoint(ex, x, y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const value_type> y, std::span<value_type> x) const {
    inner_.apply(ex, y, x);
  }

  /// A.
  const A& inner() const { return inner_; }

 private:
  A inner_;
};

/// Aᵀ; of a transpose, the operator it was made from.
template <class A>
Transpose<A> transpose(A a) {
  return Transpose<A>(std::move(a));
}
/// @overload
template <class A>
A transpose(const Transpose<A>& a) {
  return a.inner();
}

}  // namespace videoonenet
