// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// One ADMM iteration and its adjoint, written once for every prior, data step and executor.

#include "videoonenet/concepts/data_step.hpp"
#include "videoonenet/concepts/proximal_operator.hpp"
#include "videoonenet/core/arena.hpp"
#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet {

namespace detail {

/// Refuses, in sentences, an operator and a prior that do not fit together. Entry points compile their bodies only when
/// it returns true, so that nothing but these sentences is reported.
template <class Prior, class A, class Ex>
consteval bool require_prior_and_operator() {
  if constexpr (require_linear_operator<A, Ex>() && require_proximal_operator<Prior, Ex>()) {
    constexpr bool same_scalar = std::same_as<typename A::value_type, typename Prior::value_type>;
    static_assert(
        same_scalar,
        "videoonenet: the operator and the prior work in different scalar types (value_type): make both float "
        "or both double. Read docs/concepts.md#proximal-operator");
    return same_scalar;
  }
  return false;
}

/// The same for the three parts of an ADMM iteration.
template <class Prior, class Data, class A, class Ex>
consteval bool require_admm_parts() {
  if constexpr (require_prior_and_operator<Prior, A, Ex>()) return require_data_step<Data, A, Ex>();
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
  if constexpr (requires { prior.apply(ex, cache, s.z, s.u, 1 / p.rho, s.x); }) {
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

/// Gradients of a loss by the iterates of ADMM, and the penalty's.
template <class T>
struct AdmmGradient {
  View<T> x, z, u;
  double rho = 0;

  /// Takes the memory of the gradients from an arena.
  template <Executor Ex>
  static AdmmGradient in(Arena<Ex>& arena, const Shape& shape) {
    return {arena.template take<T>(shape), arena.template take<T>(shape), arena.template take<T>(shape)};
  }
};

/// The adjoint of `admm_iteration`: turns g.z and g.u from gradients by the next z and u into gradients by the present
/// ones, and g.rho into the gradient by this iteration's ρ; parameters' gradients go where prior and data keep them.
///
/// Math: backwards through the three lines of the iteration: the data step's adjoint gives grad_x (of the over-relaxed
/// αx + (1 − α)z, which is split), the prior's adjoint then adds (∂x/∂z)ᵀ grad_x and (∂x/∂u)ᵀ grad_x. The prior's
/// dependence on τ = 1/ρ is not differentiated: networks have none.
template <Executor Ex, class Prior, class Cache, class BoundDataStep, class T>
void admm_iteration_adjoint(const Ex& ex, const Prior& prior, const Cache& cache, BoundDataStep& data,
                            const AdmmParameters<std::type_identity_t<T>>& p, AdmmGradient<T>& g) {
  fill(ex, T(0), g.x.flat());
  g.rho = data.step_adjoint(ex, p.rho, g.x, g.z, g.u);
  if (p.relaxation != T(1)) {
    axpby(ex, 1 - p.relaxation, g.x.flat(), T(1), g.z.flat());
    axpby(ex, p.relaxation, g.x.flat(), T(0), g.x.flat());
  }
  prior.adjoint(ex, cache, g.x, g.z, g.u);
}

}  // namespace videoonenet
