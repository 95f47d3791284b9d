// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What the methods without a data step share: a prior without a scaled dual variable, and checks of options.

#include <cmath>

#include "videoonenet/concepts/proximal_operator.hpp"

namespace videoonenet::detail {

/// x = prox_{τφ}(v); `zero` is the u of priors that take one.
template <class P, Executor Ex, class Cache, class T = typename P::value_type>
void apply_prior(const P& p, const Ex& ex, Cache& cache, View<const std::type_identity_t<T>> v,
                 View<const std::type_identity_t<T>> zero, std::type_identity_t<T> tau,
                 View<std::type_identity_t<T>> x) {
  if constexpr (requires { p.apply(ex, cache, v, zero, tau, x); })
    p.apply(ex, cache, v, zero, tau, x);
  else
    apply_proximal(p, ex, cache, v, tau, x);
}

/// Refuses what is neither a positive number nor the zero that leaves it to the method.
template <class T>
void require_positive_or_zero(T value, const char* where, const char* what) {
  if (!(value >= T(0)) || !std::isfinite(value))
    throw InputError(sentence(where, ": the ", what, " is ", value, ", expected a positive number or zero"));
}

/// Refuses less than no iteration, and tolerances that say nothing.
template <class T>
void require_limits(int iterations, T tolerance, const char* where) {
  if (iterations < 0)
    throw InputError(sentence(where, ": ", iterations, " iterations were asked for, expected none or more"));
  if (!(tolerance >= T(0)))
    throw InputError(sentence(where, ": the tolerance is ", tolerance, ", expected zero or a positive number"));
}

}  // namespace videoonenet::detail
