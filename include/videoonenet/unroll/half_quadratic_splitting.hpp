// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Half-quadratic splitting: ADMM without a dual variable, under a growing penalty.

#include <cmath>

#include "videoonenet/unroll/admm.hpp"

namespace videoonenet {

/// Options of half-quadratic splitting.
template <class T>
struct HalfQuadraticOptions {
  T first_rho = T(0.01);  ///< penalty ρ of the first iteration
  T last_rho = T(100);    ///< of the last, in equal ratios from the first
  int iterations = 30;
  /// Called after each iteration with its residuals and the current z; returning false stops.
  std::function<bool(const AdmmResiduals&, View<const T>)> callback{};
};

namespace detail {

template <class T>
void require_options(const HalfQuadraticOptions<T>& o) {
  require_parameters(o.first_rho, T(1), "half_quadratic_splitting");
  require_parameters(o.last_rho, T(1), "half_quadratic_splitting");
  if (o.iterations < 0)
    throw InputError(
        sentence("half_quadratic_splitting: ", o.iterations, " iterations were asked for, expected none or more"));
}

/// ρ of iteration i, from 0.
template <class T>
T penalty(const HalfQuadraticOptions<T>& o, int i) {
  if (o.iterations < 2) return o.last_rho;
  return o.first_rho * static_cast<T>(std::pow(double(o.last_rho / o.first_rho), i / double(o.iterations - 1)));
}

/// The body of `half_quadratic_splitting`, for parts that are known to fit together.
template <Executor Ex, class Prior, class Data, class A, class T>
AdmmReport run_half_quadratic(const Ex& ex, const Prior& prior, const Data& data_step, const A& a, std::span<const T> y,
                              View<T> result, const HalfQuadraticOptions<T>& options) {
  require_options(options);
  require_shape(result.shape, a.domain(), "half_quadratic_splitting", "the result");
  auto data = data_step.bind(ex, a, y);
  auto cache = make_cache(prior, ex, a.domain());
  AdmmWorkspace<T, Ex> work(ex, a.domain());
  AdmmState<T>& s = work.state;
  data.start(ex, s.z, s.u);
  copy(ex, s.z.flat(), work.previous_z.flat());
  AdmmReport report;
  report.history.reserve(static_cast<std::size_t>(options.iterations));
  for (int i = 0; i < options.iterations; ++i) {
    const T rho = penalty(options, i);
    fill(ex, T(0), s.u.flat());
    admm_iteration(ex, prior, cache, data, {.rho = rho}, s);
    const AdmmResiduals r = residuals_after(ex, i + 1, rho, s, work.previous_z, "half_quadratic_splitting");
    report.history.push_back(r);
    if (options.callback && !options.callback(r, s.z)) break;
  }
  copy(ex, s.z.flat(), result.flat());
  return report;
}

}  // namespace detail

/// Recovers a video from y = A vec(x*) + ξ by half-quadratic splitting and writes z to `result`.
///
/// Math: x = prox_{φ/ρ}(z), z = argmin_z ½‖y − A z‖² + ρ/2 ‖x − z‖², while ρ grows: an iteration of ADMM whose u is
/// zero. Under a ρ that stays it minimises ½‖y − Az‖² plus φ's Moreau envelope of parameter ρ. The usual plug-and-play
/// scheme for denoisers, whose strength then falls with τ = 1/ρ.
/// Shapes: y has a.range(), result a.domain().  Units: values in [0, 1].
/// Errors: ShapeError, InputError before any work; NumericalError when an iterate stops being finite.
/// Cost: that of ADMM's iterations; solvers that factor for a ρ do so in each.
/// Source: SPEC §2 (other splittings); Geman and Yang 1995.
template <Executor Ex, class Prior, class Data, class A, class T = detail::scalar_of<A>>
AdmmReport half_quadratic_splitting(const Ex& ex, const Prior& prior, const Data& data_step, const A& a,
                                    std::span<const std::type_identity_t<T>> y, View<std::type_identity_t<T>> result,
                                    const std::type_identity_t<HalfQuadraticOptions<T>>& options = {}) {
  if constexpr (detail::require_admm_parts<Prior, Data, A, Ex>())
    return detail::run_half_quadratic<Ex, Prior, Data, A, T>(ex, prior, data_step, a, y, result, options);
  else
    return {};
}

}  // namespace videoonenet
