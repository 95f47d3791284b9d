// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Several measurements of one video as one operator: [A; B; …].

#include <array>
#include <tuple>
#include <utility>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/operators/scratch_pool/scratch_pool.hpp"

namespace videoonenet {

/// Operators with one domain, their measurements one after the other; owns them.
///
/// Math: y = [A₁x; A₂x; …].  Adjoint: x = A₁ᵀy₁ + A₂ᵀy₂ + ….
/// Shapes: the common domain to flat_shape(d₁ + d₂ + …).  Errors: ShapeError when the domains differ.
/// Cost: all operators, a pass each for the sum, and one buffer of the domain per simultaneous call (see ScratchPool).
template <class... As>
class Stack {
  static_assert(sizeof...(As) > 0, "videoonenet: a Stack holds at least one operator");
  static_assert((require_linear_operator<As>() && ...));
  using First = std::tuple_element_t<0, std::tuple<As...>>;
  static_assert((std::is_same_v<typename First::value_type, typename As::value_type> && ...),
                "videoonenet: the operators of a stack share one scalar type: all float or all double. "
                "Read docs/concepts.md#linear-operator");

 public:
  using value_type = typename First::value_type;

  explicit Stack(As... operators)
      : operators_(std::move(operators)...), scratch_(sizeof...(As) > 1 ? domain().size() : 0) {
    Index i = 0;
    for_each([&](const auto& a) {
      if (!(Shape(a.domain()) == domain()))
        throw ShapeError(sentence("Stack: operator ", i, " takes (N,T,H,W,F) = ", Shape(a.domain()),
                                  ", but operator 0 takes ", domain()));
      offsets_[static_cast<std::size_t>(i + 1)] = range_offset(i) + Shape(a.range()).size();
      ++i;
    });
  }

  Shape domain() const { return std::get<0>(operators_).domain(); }
  Shape range() const { return flat_shape(offsets_.back()); }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const value_type> x, std::span<value_type> y) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "Stack::apply");
    Index i = 0;
    for_each([&](const auto& a) { a.apply(ex, x, part(y, i++)); });
  }
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const value_type> y, std::span<value_type> x) const {
    require_operands(*this, std::ssize(x), std::ssize(y), "Stack::apply_adjoint");
    const auto loan = scratch_.borrow(ex);
    Index i = 0;
    for_each([&](const auto& a) {
      a.apply_adjoint(ex, part(y, i), i == 0 ? x : loan.span());
      if (i++ > 0) axpby(ex, value_type(1), loan.span(), value_type(1), x);
    });
  }

  /// Number of operators.
  static constexpr Index size() { return sizeof...(As); }
  /// The I-th operator.
  template <std::size_t I>
  const auto& get() const {
    return std::get<I>(operators_);
  }
  /// Where the measurement of the i-th operator begins.
  Index range_offset(Index i) const { return offsets_[static_cast<std::size_t>(i)]; }

 private:
  template <class Body>
  void for_each(Body&& body) const {
    std::apply([&](const As&... a) { (body(a), ...); }, operators_);
  }
  template <class T>
  std::span<T> part(std::span<T> y, Index i) const {
    return y.subspan(static_cast<std::size_t>(range_offset(i)),
                     static_cast<std::size_t>(range_offset(i + 1) - range_offset(i)));
  }

  std::tuple<As...> operators_;
  std::array<Index, sizeof...(As) + 1> offsets_{};
  ScratchPool<value_type> scratch_;
};

/// [A; B; …] of the given operators.
template <class... As>
Stack<As...> stack(As... operators) {
  return Stack<As...>(std::move(operators)...);
}

}  // namespace videoonenet
