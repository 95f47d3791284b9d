// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// One of several operator types, chosen at run time.

#include <concepts>
#include <utility>
#include <variant>

#include "videoonenet/concepts/linear_operator.hpp"

namespace videoonenet {

/// Holds any one of the given operators; made from one implicitly.
///
/// Math and adjoint: those of the operator it holds.  Shapes: the same.
/// Cost: one jump per call; the data step still takes the exact solver of the operator inside.
template <class... As>
class OperatorVariant {
  static_assert(sizeof...(As) > 0, "videoonenet: an OperatorVariant lists at least one operator type");
  static_assert((require_linear_operator<As>() && ...));
  using First = std::variant_alternative_t<0, std::variant<As...>>;
  static_assert((std::is_same_v<typename First::value_type, typename As::value_type> && ...),
                "videoonenet: the alternatives of an OperatorVariant share one scalar type: all float or all double. "
                "Read docs/concepts.md#linear-operator");

 public:
  using value_type = typename First::value_type;
  using structure_tag = structure::Variant;

  template <class A>
    requires(std::same_as<A, As> || ...)
  OperatorVariant(A a) : variant_(std::move(a)) {}

  Shape domain() const {
    return std::visit([](const auto& a) -> Shape { return a.domain(); }, variant_);
  }
  Shape range() const {
    return std::visit([](const auto& a) -> Shape { return a.range(); }, variant_);
  }

  template <Executor Ex>
  void apply(const Ex& ex, std::span<const value_type> x, std::span<value_type> y) const;
  template <Executor Ex>
  void apply_adjoint(const Ex& ex, std::span<const value_type> y, std::span<value_type> x) const;

  /// The operator inside.
  const std::variant<As...>& variant() const { return variant_; }

 private:
  std::variant<As...> variant_;
};

// Not inside the class: only then does a program that compiles them once (core/config.hpp) not compile them again.
template <class... As>
template <Executor Ex>
void OperatorVariant<As...>::apply(const Ex& ex, std::span<const value_type> x, std::span<value_type> y) const {
  std::visit([&](const auto& a) { a.apply(ex, x, y); }, variant_);
}

template <class... As>
template <Executor Ex>
void OperatorVariant<As...>::apply_adjoint(const Ex& ex, std::span<const value_type> y, std::span<value_type> x) const {
  std::visit([&](const auto& a) { a.apply_adjoint(ex, y, x); }, variant_);
}

}  // namespace videoonenet
