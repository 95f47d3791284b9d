// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// One ADMM iteration, written once for every prior, data step and executor.

#include "videoonenet/concepts/data_step.hpp"
#include "videoonenet/concepts/proximal_operator.hpp"
#include "videoonenet/core/arena.hpp"
#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet {

namespace detail {

/// Refuses, in sentences, parts that do not make an ADMM iteration together. Entry points compile their bodies only
/// when it returns true, so that nothing but these sentences is reported.
template <class Prior, class Data, class A, class Ex>
consteval bool require_admm_parts() {
  constexpr bool parts = require_linear_operator<A, Ex>() && require_proximal_operator<Prior, Ex>();
  if constexpr (parts) {
    constexpr bool same_scalar = std::same_as<typename A::value_type, typename Prior::value_type>;
    static_assert(
        same_scalar,
        "videoonenet: the operator and the prior work in different scalar types (value_type): make both float "
        "or both double. Read docs/concepts.md#proximal-operator");
    if constexpr (same_scalar) return require_data_step<Data, A, Ex>();
  }
  return false;
}

}  // namespace detail

/// The iterates of ADMM and the memory of one iteration.
template <class T>
struct AdmmState {
  View<T> x;        ///< output of the prior
  View<T> z;        ///< output of the data step
  View<T> u;        ///< scaled dual variable, u ← u + x − z
  View<T> scratch;  ///< z − u, then the over-relaxed x

  /// Takes the memory of a state from an arena.
  template <Executor Ex>
  static AdmmState in(Arena<Ex>& arena, const Shape& shape) {
    return {arena.template take<T>(shape), arena.template take<T>(shape), arena.template take<T>(shape),
            arena.template take<T>(shape)};
  }
};

/// Penalty and over-relaxation of one iteration.
template <class T>
struct AdmmParameters {
  T rho = T(0.3);       ///< penalty ρ > 0
  T relaxation = T(1);  ///< α in (0, 2): the data step sees αx + (1 − α)z; 1 is plain ADMM
};

/// Replaces (x, z, u) by their next values.
///
/// Math: x = prox_{φ/ρ}(z − u), or p(z, u) for a prior that takes the pair; then (z, u) = data step of x, z, u.
/// With over-relaxation (Boyd et al. 2011, §3.4.3) the data step is given αx + (1 − α)z.
/// Source: VON Alg. 1–3.
template <Executor Ex, class Prior, class Cache, class BoundDataStep, class T>
void admm_iteration(const Ex& ex, const Prior& prior, Cache& cache, BoundDataStep& data,
                    const AdmmParameters<std::type_identity_t<T>>& p, AdmmState<T>& s) {
  if constexpr (detail::AppliesToPairWithCache<Prior, Ex>) {
    prior.apply(ex, cache, s.z, s.u, 1 / p.rho, s.x);
  } else {
    linear_combination(ex, T(1), s.z.flat(), T(-1), s.u.flat(), s.scratch.flat());
    apply_proximal(prior, ex, cache, s.scratch, 1 / p.rho, s.x);
  }
  if (p.relaxation == T(1)) {
    data.step(ex, p.rho, s.x, s.z, s.u);
  } else {
    linear_combination(ex, p.relaxation, s.x.flat(), 1 - p.relaxation, s.z.flat(), s.scratch.flat());
    data.step(ex, p.rho, s.scratch, s.z, s.u);
  }
}

}  // namespace videoonenet
