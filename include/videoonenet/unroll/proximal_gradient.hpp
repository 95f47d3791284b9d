// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The proximal gradient method, with and without FISTA's momentum: any prior, and any operator without a solve.

#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "videoonenet/unroll/admm_iteration.hpp"
#include "videoonenet/unroll/first_order.hpp"

namespace videoonenet {

/// What the proximal gradient method adds of the way it came.
enum class Momentum {
  none,   ///< ISTA: the objective never grows
  fista,  ///< Beck and Teboulle's, started again whenever it points uphill (O'Donoghue and Candès 2015)
};

/// One iteration of the proximal gradient method.
struct ProximalGradientChange {
  int iteration = 0;  ///< 1 after the first
  double change = 0;  ///< RMS(z − previous z)
  double step = 0;    ///< τ
};

/// What the iteration was and how it ended.
struct ProximalGradientReport {
  std::vector<ProximalGradientChange> history;  ///< one entry an iteration
  bool converged = false;                       ///< the tolerance was reached
  int iterations() const { return static_cast<int>(history.size()); }
};

/// Options of the proximal gradient method.
template <class T>
struct ProximalGradientOptions {
  T step = T(0);          ///< the τ it starts from; zero: 1/‖A‖², by power iterations
  int iterations = 1000;  ///< at most this many
  T tolerance = T(1e-6);  ///< stop when RMS(z − previous z) falls below; 0 runs all iterations
  Momentum momentum = Momentum::fista;
  /// Called after each iteration with the current z; returning false stops.
  std::function<bool(const ProximalGradientChange&, View<const T>)> callback{};
};

namespace detail {

/// Planned memory of a run; images of A are kept beside what they are the images of.
template <class T, Executor Ex>
struct ProximalGradientWorkspace {
  struct Iterate {
    View<T> z;
    std::span<T> image;  ///< A z
  };

  ProximalGradientWorkspace(const Ex& ex, const Shape& domain, Index range)
      : arena(ex, (6 * domain.size() + 4 * range) * static_cast<Index>(sizeof(T)) + 10 * static_cast<Index>(alignment)),
        now(take(domain, range)),
        next(take(domain, range)),
        ahead(take(domain, range)),
        gradient(arena.template take<T>(domain)),
        point(arena.template take<T>(domain)),
        zero(arena.template take<T>(domain)),
        residual(arena.template take<T>(range)) {
    fill(ex, T(0), zero.flat());
  }

  Arena<Ex> arena;
  Iterate now, next, ahead;  ///< z, the next z, and where the gradient is taken
  View<T> gradient, point;
  View<T> zero;  ///< the u of priors that take one
  std::span<T> residual;

 private:
  Iterate take(const Shape& domain, Index range) {
    return {arena.template take<T>(domain), arena.template take<T>(range)};
  }
};

/// About 1/‖A‖², by power iterations on AᵀA from z: rather too much, which the steps then take back.
template <Executor Ex, class A, class T>
T first_step(const Ex& ex, const A& a, ProximalGradientWorkspace<T, Ex>& w) {
  constexpr int power_iterations = 8;
  copy(ex, w.now.z.flat(), w.point.flat());
  double bound = 0;
  for (int i = 0; i < power_iterations; ++i) {
    const double norm = std::sqrt(squared_norm(ex, std::span<const T>(w.point.flat())));
    if (!(norm > 0)) break;
    axpby(ex, T(0), w.point.flat(), static_cast<T>(1 / norm), w.point.flat());
    a.apply(ex, w.point.flat(), w.residual);
    bound = squared_norm(ex, std::span<const T>(w.residual));
    a.apply_adjoint(ex, w.residual, w.point.flat());
  }
  return bound > 0 ? static_cast<T>(1 / bound) : T(1);
}

template <class T>
void require_options(const ProximalGradientOptions<T>& o) {
  require_positive_or_zero(o.step, "proximal_gradient", "step");
  require_limits(o.iterations, o.tolerance, "proximal_gradient");
}

/// The body of `proximal_gradient`, for parts that are known to fit together.
template <Executor Ex, class Prior, class A, class T>
ProximalGradientReport run_proximal_gradient(const Ex& ex, const Prior& prior, const A& a, std::span<const T> y,
                                             View<T> result, const ProximalGradientOptions<T>& options) {
  require_options(options);
  const Shape domain = a.domain(), range = a.range();
  require_shape(result.shape, domain, "proximal_gradient", "the result");
  require_size(std::ssize(y), range.size(), "proximal_gradient", "the measurement y");

  auto cache = make_cache(prior, ex, domain);
  ProximalGradientWorkspace<T, Ex> w(ex, domain, range.size());
  ProximalGradientReport report;
  report.history.reserve(static_cast<std::size_t>(options.iterations));
  a.apply_adjoint(ex, y, w.now.z.flat());
  T step = options.step > T(0) ? options.step : first_step(ex, a, w);
  a.apply(ex, w.now.z.flat(), w.now.image);
  copy(ex, w.now.z.flat(), w.ahead.z.flat());
  copy(ex, std::span<const T>(w.now.image), w.ahead.image);

  // next = prox_{τφ}(v − τ ∇f(v)), v = ahead
  const auto proximal_step = [&] {
    linear_combination(ex, T(1), w.ahead.z.flat(), -step, w.gradient.flat(), w.point.flat());
    apply_prior(prior, ex, cache, w.point, w.zero, step, w.next.z);
    a.apply(ex, w.next.z.flat(), w.next.image);
  };
  // Whether f(next) lies below the parabola of curvature 1/τ that touches f at v: ‖A(next − v)‖² ≤ ‖next − v‖²/τ, where
  // rounding lets one tell.
  const auto is_short = [&] {
    constexpr double unit = 100 * double(std::numeric_limits<T>::epsilon());
    const double moved = squared_distance(ex, std::span<const T>(w.next.z.flat()), w.ahead.z.flat());
    const double size = squared_norm(ex, std::span<const T>(w.next.z.flat()));
    const double seen = squared_distance(ex, std::span<const T>(w.next.image), w.ahead.image);
    return !(moved > unit * unit * size) || seen <= moved / double(step) * (1 + unit);
  };

  double t = 1;
  while (report.iterations() < options.iterations && !report.converged) {
    linear_combination(ex, T(1), w.ahead.image, T(-1), y, w.residual);
    a.apply_adjoint(ex, w.residual, w.gradient.flat());
    for (proximal_step(); !is_short(); proximal_step()) step *= T(0.8);

    const double squares = squared_distance(ex, std::span<const T>(w.next.z.flat()), w.now.z.flat());
    const ProximalGradientChange change{.iteration = report.iterations() + 1,
                                        .change = std::sqrt(squares / double(domain.size())),
                                        .step = double(step)};
    if (!std::isfinite(change.change))
      throw NumericalError(sentence("proximal_gradient: the iterate is not finite after iteration ", change.iteration));

    double beta = 0;
    if (options.momentum == Momentum::fista) {
      linear_combination(ex, T(1), w.ahead.z.flat(), T(-1), w.next.z.flat(), w.point.flat());
      linear_combination(ex, T(1), w.next.z.flat(), T(-1), w.now.z.flat(), w.gradient.flat());
      const bool uphill = dot(ex, std::span<const T>(w.point.flat()), w.gradient.flat()) > 0;
      const double grown = (1 + std::sqrt(1 + 4 * t * t)) / 2;
      beta = uphill ? 0 : (t - 1) / grown;
      t = uphill ? 1 : grown;
    }
    const T b = static_cast<T>(beta);
    linear_combination(ex, 1 + b, w.next.z.flat(), -b, w.now.z.flat(), w.ahead.z.flat());
    linear_combination(ex, 1 + b, w.next.image, -b, w.now.image, w.ahead.image);
    std::swap(w.now, w.next);

    report.history.push_back(change);
    report.converged = change.change < double(options.tolerance);
    if (options.callback && !options.callback(change, w.now.z)) break;
  }
  copy(ex, w.now.z.flat(), result.flat());
  return report;
}

}  // namespace detail

/// Recovers a video from y = A vec(x*) + ξ by steps down the gradient of ½‖y − Az‖², each followed by the prior's
/// proximal operator, and writes z to `result`.
///
/// Math: z ← prox_{τφ}(v − τ Aᵀ(Av − y)) with v = z, or with v = z + β(z − previous z), from z = Aᵀy on: for convex φ
/// to the minimum of ½‖y − Az‖² + φ(z), as ADMM; with a denoiser or network in the prior's place, plug-and-play. τ
/// shrinks whenever it turns out larger than the curvature along the step allows.
/// Shapes: y has a.range(), result a.domain().  Units: values in [0, 1].
/// Errors: ShapeError, InputError before any work; NumericalError when an iterate stops being finite.
/// Cost: per iteration one A, one Aᵀ, one proximal operator and some ten passes, no solve and no allocation.
/// Source: SPEC §2 (other splittings); Beck and Teboulle 2009; Meinhardt et al. 2017.
template <Executor Ex, class Prior, class A, class T = detail::scalar_of<A>>
ProximalGradientReport proximal_gradient(const Ex& ex, const Prior& prior, const A& a,
                                         std::span<const std::type_identity_t<T>> y,
                                         View<std::type_identity_t<T>> result,
                                         const std::type_identity_t<ProximalGradientOptions<T>>& options = {}) {
  if constexpr (detail::require_prior_and_operator<Prior, A, Ex>())
    return detail::run_proximal_gradient<Ex, Prior, A, T>(ex, prior, a, y, result, options);
  else
    return {};
}

}  // namespace videoonenet
