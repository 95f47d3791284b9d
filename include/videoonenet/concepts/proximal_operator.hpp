// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The ProximalOperator concept: what stands for the prior, a classical proximal operator or a network.

#include <concepts>

#include "videoonenet/core/executor.hpp"

namespace videoonenet {

namespace detail {

template <class P>
concept HasPriorValueType = requires { typename P::value_type; } && std::floating_point<typename P::value_type>;

/// Per-call state, declared by `make_cache`.
template <class P, class Ex>
concept HasCache = requires(const P& p, const Ex& ex, const Shape& shape) { p.make_cache(ex, shape); };

template <class P, class Ex>
using CacheOf = std::remove_cvref_t<decltype(std::declval<const P&>().make_cache(std::declval<const Ex&>(), Shape{}))>;

template <class P, class Ex, class T = typename P::value_type>
concept AppliesToDifference =
    requires(const P& p, const Ex& ex, View<const T> v, T tau, View<T> x) { p.apply(ex, v, tau, x); };

template <class P, class Ex, class T = typename P::value_type>
concept AppliesToDifferenceWithCache = requires(const P& p, const Ex& ex, CacheOf<P, Ex>& cache, View<const T> v, T tau,
                                                View<T> x) { p.apply(ex, cache, v, tau, x); };

template <class P, class Ex, class T = typename P::value_type>
concept AppliesToPairWithCache = requires(const P& p, const Ex& ex, CacheOf<P, Ex>& cache, View<const T> z,
                                          View<const T> u, T tau, View<T> x) { p.apply(ex, cache, z, u, tau, x); };

}  // namespace detail

/// The prior of an inverse problem, as ADMM uses it.
///
/// Math: x = prox_{τφ}(v) = argmin_x τ φ(x) + ½‖x − v‖², with v = z − u and τ = 1/ρ (VON Alg. 1 and 2).
///
/// Requirements, for `const P& p`, an executor `ex`, views v and x of the same shape (N,T,H,W,F), and τ > 0:
///  1. `P::value_type` is float or double;
///  2. one of
///      - `p.apply(ex, v, tau, x)`,
///      - `p.apply(ex, cache, v, tau, x)` with `p.make_cache(ex, shape)`, when p needs memory between or within calls,
///      - `p.apply(ex, cache, z, u, tau, x)`, when p takes z and u themselves (VideoOneNet's concatenation, VON Alg.
///      3).
/// x may be the same memory as v. Hyperparameters live in p, state in the cache; `apply` allocates nothing.
template <class P, class Ex = Cpu>
concept ProximalOperator = detail::HasPriorValueType<P> &&
                           (detail::AppliesToDifference<P, Ex> || detail::AppliesToDifferenceWithCache<P, Ex> ||
                            detail::AppliesToPairWithCache<P, Ex>);

/// Refuses, in a sentence per requirement, a type that does not model ProximalOperator.
template <class P, class Ex = Cpu>
consteval bool require_proximal_operator() {
  static_assert(detail::HasPriorValueType<P>,
                "videoonenet: a ProximalOperator names its scalar type: `using value_type = float;` (or double). "
                "Read docs/concepts.md#proximal-operator");
  if constexpr (detail::HasPriorValueType<P>)
    static_assert(ProximalOperator<P, Ex>,
                  "videoonenet: a ProximalOperator maps v to x = prox(v): `void apply(const Ex& ex, View<const T> v, "
                  "T tau, View<T> x) const`, or the same with a cache made by `make_cache(ex, shape)` after ex. "
                  "Read docs/concepts.md#proximal-operator");
  return ProximalOperator<P, Ex>;
}

/// A prior with weights to train, such as NetworkPrior; `unroll` makes a differentiable network of it.
template <class P>
concept TrainablePrior = requires(const P& p) {
  typename P::value_type;
  typename P::Cache;
  { p.parameter_count() } -> std::convertible_to<std::ptrdiff_t>;
};

/// The cache of a proximal operator that keeps no state.
struct NoCache {};

/// Makes the per-call state of a proximal operator for batches of `shape`; `NoCache` when it keeps none.
template <class P, Executor Ex>
auto make_cache(const P& p, const Ex& ex, const Shape& shape) {
  if constexpr (detail::HasCache<P, Ex>)
    return p.make_cache(ex, shape);
  else
    return NoCache{};
}

/// Applies a proximal operator to v, with or without a cache.
template <class P, Executor Ex, class Cache, class T = typename P::value_type>
void apply_proximal(const P& p, const Ex& ex, Cache& cache, View<const std::type_identity_t<T>> v,
                    std::type_identity_t<T> tau, View<std::type_identity_t<T>> x) {
  require_shape(x.shape, v.shape, "apply_proximal", "x");
  if constexpr (std::is_same_v<Cache, NoCache>)
    p.apply(ex, v, tau, x);
  else
    p.apply(ex, cache, v, tau, x);
}

}  // namespace videoonenet
