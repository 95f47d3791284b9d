// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Composition of operators whose types are known at compile time: A∘B.

#include <utility>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/operators/scratch_pool/scratch_pool.hpp"

namespace videoonenet {

/// One operator after another, e.g. subsampling after blurring; owns both.
///
/// Math: y = A (B x).  Adjoint: x = Bᵀ (Aᵀ y).
/// Shapes: domain of B to range of A; the range of B is the domain of A.  Errors: ShapeError otherwise.
/// Cost: both operators; one intermediate buffer per simultaneous call (see ScratchPool).
/// Source: SPEC §3, `A = S·H·L`.
template <class A, class B>
class Compose {
  static_assert(require_linear_operator<A>() && require_linear_operator<B>());
  static_assert(std::is_same_v<typename A::value_type, typename B::value_type>,
                "videoonenet: the operators of a composition share one scalar type: both float or both double. "
                "Read docs/concepts.md#linear-operator");

 public:
  using value_type = typename A::value_type;

  Compose(A a, B b) : outer_(std::move(a)), inner_(std::move(b)), scratch_(Shape(inner_.range()).size()) {
    if (!(Shape(outer_.domain()) == Shape(inner_.range())))
      throw ShapeError(sentence("Compose: the outer operator takes (N,T,H,W,F) = ", Shape(outer_.domain()),
                                ", but the inner operator returns ", Shape(inner_.range())));
  }

  Shape domain() const { return inner_.domain(); }
  Shape range() const { return outer_.range(); }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const value_type> x, std::span<value_type> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "Compose::apply");
    const auto between = scratch_.borrow(ex);
    inner_.apply(ex, x, between.span());
    outer_.apply(ex, between.span(), y);
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const value_type> y, std::span<value_type> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "Compose::apply_adjoint");
    const auto between = scratch_.borrow(ex);
    outer_.apply_adjoint(ex, y, between.span());
    inner_.apply_adjoint(ex, between.span(), x);
  }

  /// A, applied last.
  const A& outer() const { return outer_; }
  /// B, applied first.
  const B& inner() const { return inner_; }

 private:
  A outer_;
  B inner_;
  ScratchPool<value_type> scratch_;
};

/// The product of operators in the order of the formula: `compose(s, h, l)` is S·H·L, l applied first.
/// Errors: ShapeError when neighbours do not fit.
template <class A>
A compose(A a) {
  return a;
}
/// @overload
template <class A, class B, class... More>
auto compose(A a, B b, More... more) {
  auto inner = compose(std::move(b), std::move(more)...);
  return Compose<A, decltype(inner)>(std::move(a), std::move(inner));
}

}  // namespace videoonenet
