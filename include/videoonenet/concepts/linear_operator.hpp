// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The LinearOperator concept: A and Aᵀ without a matrix.

#include <concepts>

#include "videoonenet/concepts/structure.hpp"
#include "videoonenet/core/executor.hpp"

namespace videoonenet {

namespace detail {

template <class A>
concept HasValueType = requires { typename A::value_type; } && std::floating_point<typename A::value_type>;

/// The scalar type of an operator or a prior; float where it names none, which is refused in a sentence of its own.
template <class P>
struct ScalarOf {
  using type = float;
};
template <class P>
  requires HasValueType<P>
struct ScalarOf<P> {
  using type = typename P::value_type;
};
template <class P>
using scalar_of = typename ScalarOf<P>::type;

template <class A>
concept HasDomain = requires(const A& a) {
  { a.domain() } -> std::convertible_to<Shape>;
};

template <class A>
concept HasRange = requires(const A& a) {
  { a.range() } -> std::convertible_to<Shape>;
};

template <class A, class Ex>
concept HasApply = requires(const A& a, const Ex& ex, std::span<const typename A::value_type> x,
                            std::span<typename A::value_type> y) { a.apply(ex, x, y); };

template <class A, class Ex>
concept HasApplyAdjoint = requires(const A& a, const Ex& ex, std::span<const typename A::value_type> y,
                                   std::span<typename A::value_type> x) { a.apply_adjoint(ex, y, x); };

}  // namespace detail

/// A linear map A between video batches.
///
/// Requirements, for `const A& a`, an executor `ex`, and flat row-major spans x of a.domain() and y of a.range():
///  1. `A::value_type` is float or double;
///  2. `a.domain()` and `a.range()` are shapes and never change; a flat measurement has range `flat_shape(d)`;
///  3. `a.apply(ex, x, y)` writes y = A x;
///  4. `a.apply_adjoint(ex, y, x)` writes x = Aᵀ y.
/// Outputs are overwritten and never alias inputs; calls are const, allocate nothing and may run at the same time.
/// Optional: a structure tag (`docs/concepts.md#structure-tags`).
template <class A, class Ex = Cpu>
concept LinearOperator = detail::HasValueType<A> && detail::HasDomain<A> && detail::HasRange<A> &&
                         detail::HasApply<A, Ex> && detail::HasApplyAdjoint<A, Ex>;

/// Refuses, in a sentence per requirement, a type that does not model LinearOperator.
template <class A, class Ex = Cpu>
consteval bool require_linear_operator() {
  static_assert(detail::HasValueType<A>,
                "videoonenet: a LinearOperator names its scalar type: `using value_type = float;` (or double). "
                "Read docs/concepts.md#linear-operator");
  static_assert(detail::HasDomain<A>,
                "videoonenet: a LinearOperator says which videos it takes: `Shape domain() const`. "
                "Read docs/concepts.md#linear-operator");
  static_assert(detail::HasRange<A>,
                "videoonenet: a LinearOperator says what it returns: `Shape range() const`, "
                "`flat_shape(d)` for an unstructured measurement. Read docs/concepts.md#linear-operator");
  if constexpr (detail::HasValueType<A>) {
    static_assert(detail::HasApply<A, Ex>,
                  "videoonenet: a LinearOperator measures: `void apply(const Ex& ex, std::span<const T> x, "
                  "std::span<T> y) const` writes y = A x. Read docs/concepts.md#linear-operator");
    static_assert(
        detail::HasApplyAdjoint<A, Ex>,
        "videoonenet: a LinearOperator has an adjoint: `void apply_adjoint(const Ex& ex, "
        "std::span<const T> y, std::span<T> x) const` writes x = A^T y; the data step and every gradient need "
        "it. Read docs/concepts.md#linear-operator");
  }
  return LinearOperator<A, Ex>;
}

/// Checks the sizes of x and y against an operator before it runs.
/// Errors: ShapeError naming `where`.
template <class A>
void require_operands(const A& a, Index x_size, Index y_size, const char* where) {
  require_size(x_size, Shape(a.domain()).size(), where, "x (an element of the domain)");
  require_size(y_size, Shape(a.range()).size(), where, "y (an element of the range)");
}

}  // namespace videoonenet
