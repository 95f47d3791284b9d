// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The DataStep concept: what stands for the measurement, least squares with dual ascent or a trained network after it.

#include <concepts>

#include "videoonenet/concepts/linear_operator.hpp"

namespace videoonenet {

namespace detail {

template <class D, class A, class Ex>
concept HasBind =
    requires(const D& d, const Ex& ex, const A& a, std::span<const typename A::value_type> y) { d.bind(ex, a, y); };

template <class D, class A, class Ex>
concept BindsTo = LinearOperator<A, Ex> && HasBind<D, A, Ex>;

template <class D, class A, class Ex>
using BoundTo = decltype(std::declval<const D&>().bind(std::declval<const Ex&>(), std::declval<const A&>(),
                                                       std::declval<std::span<const typename A::value_type>>()));

template <class B, class Ex, class T>
concept HasStart = requires(B& bound, const Ex& ex, View<T> z, View<T> u) { bound.start(ex, z, u); };

template <class B, class Ex, class T>
concept HasStep =
    requires(B& bound, const Ex& ex, T rho, View<const T> x, View<T> z, View<T> u) { bound.step(ex, rho, x, z, u); };

}  // namespace detail

/// The data step of ADMM for operators of type A.
///
/// Math: from x, z, u compute the next z and u; for plain ADMM z = (AᵀA + ρI)⁻¹(Aᵀy + ρ(x + u)), u ← u + x − z.
///
/// Requirements, for a policy object `const D& d`, an operator a and its measurement y:
///  1. `auto bound = d.bind(ex, a, y)` prepares everything that does not change over the iterations (factors, Aᵀy,
///     memory); a and y must outlive it;
///  2. `bound.start(ex, z, u)` writes z⁰ and u⁰;
///  3. `bound.step(ex, rho, x, z, u)` replaces z and u by their next values and allocates nothing.
template <class D, class A, class Ex = Cpu>
concept DataStep =
    detail::BindsTo<D, A, Ex> && detail::HasStart<detail::BoundTo<D, A, Ex>, Ex, typename A::value_type> &&
    detail::HasStep<detail::BoundTo<D, A, Ex>, Ex, typename A::value_type>;

/// Refuses, in a sentence per requirement, a type that does not model DataStep.
template <class D, class A, class Ex = Cpu>
consteval bool require_data_step() {
  if constexpr (require_linear_operator<A, Ex>()) {
    static_assert(detail::HasBind<D, A, Ex>,
                  "videoonenet: a DataStep is prepared for an operator and its measurement: `auto bind(const Ex& ex, "
                  "const A& a, std::span<const T> y) const`. Read docs/concepts.md#data-step");
  }
  if constexpr (detail::BindsTo<D, A, Ex>) {
    static_assert(
        detail::HasStart<detail::BoundTo<D, A, Ex>, Ex, typename A::value_type>,
        "videoonenet: a bound DataStep starts the iteration: `void start(const Ex& ex, View<T> z, View<T> u)` "
        "writes the first z and u. Read docs/concepts.md#data-step");
    static_assert(detail::HasStep<detail::BoundTo<D, A, Ex>, Ex, typename A::value_type>,
                  "videoonenet: a bound DataStep steps: `void step(const Ex& ex, T rho, View<const T> x, View<T> z, "
                  "View<T> u)` replaces z and u. Read docs/concepts.md#data-step");
  }
  return DataStep<D, A, Ex>;
}

}  // namespace videoonenet
