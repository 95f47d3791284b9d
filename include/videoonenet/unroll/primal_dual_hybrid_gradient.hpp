// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The primal-dual hybrid gradient method: any prior, any operator without a solve, and measurements with outliers.

#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "videoonenet/unroll/admm_iteration.hpp"
#include "videoonenet/unroll/data_term.hpp"
#include "videoonenet/unroll/first_order.hpp"

namespace videoonenet {

/// Residuals after one iteration, each a root mean square in the video's units; at a minimum both are zero.
struct PrimalDualResiduals {
  int iteration = 0;  ///< 1 after the first
  double primal = 0;  ///< τ RMS(g + Aᵀp), with a g of ∂φ(z)
  double dual = 0;    ///< √(τσ) RMS(r − Az), with an r of ∂f*(p): under the squared error y + p
  double step = 0;    ///< √(τσ)
};

/// What the iteration was and how it ended.
struct PrimalDualReport {
  std::vector<PrimalDualResiduals> history;  ///< one entry an iteration
  bool converged = false;                    ///< the tolerance was reached
  int iterations() const { return static_cast<int>(history.size()); }
};

/// Options of the primal-dual hybrid gradient method.
template <class T>
struct PrimalDualOptions {
  DataTerm data_term = DataTerm::squared_error;
  T step = T(0);          ///< a √(τσ) to keep, unless it is too long; zero: as long as it may be, found on the way
  T ratio = T(0);         ///< τ/σ; zero: σ of about 0.3 under the squared error, τ = σ/100 under the absolute one
  int iterations = 1000;  ///< at most this many
  T tolerance = T(1e-6);  ///< stop when both residuals fall below; 0 runs all iterations
  /// Called after each iteration with its residuals and the current z; returning false stops.
  std::function<bool(const PrimalDualResiduals&, View<const T>)> callback{};
};

namespace detail {

/// Planned memory of a run; images are kept beside what they are the images of.
template <class T, Executor Ex>
struct PrimalDualWorkspace {
  struct Iterate {
    View<T> z;
    std::span<T> image;  ///< A z
    std::span<T> p;
    View<T> gradient;  ///< Aᵀ p
  };

  PrimalDualWorkspace(const Ex& ex, const Shape& domain, Index range)
      : arena(ex, (6 * domain.size() + 5 * range) * static_cast<Index>(sizeof(T)) + 11 * static_cast<Index>(alignment)),
        now(take(domain, range)),
        next(take(domain, range)),
        point(arena.template take<T>(domain)),
        zero(arena.template take<T>(domain)),
        error(arena.template take<T>(range)) {
    fill(ex, T(0), now.p);
    fill(ex, T(0), now.gradient.flat());
    fill(ex, T(0), zero.flat());
  }

  Arena<Ex> arena;
  Iterate now, next;
  View<T> point;       ///< z − τAᵀp
  View<T> zero;        ///< the u of priors that take one
  std::span<T> error;  ///< A z̄ − y

 private:
  Iterate take(const Shape& domain, Index range) {
    return {arena.template take<T>(domain), arena.template take<T>(range), arena.template take<T>(range),
            arena.template take<T>(domain)};
  }
};

template <class T>
void require_options(const PrimalDualOptions<T>& o) {
  constexpr const char* where = "primal_dual_hybrid_gradient";
  require_positive_or_zero(o.step, where, "step");
  require_positive_or_zero(o.ratio, where, "ratio");
  require_limits(o.iterations, o.tolerance, where);
}

/// Writes to z the multiple of Aᵀy whose image is closest to y, and A z to `image`. Returns ‖Aᵀy‖/‖AAᵀy‖, at least
/// 1/‖A‖, or 1 where there is nothing to measure by.
template <Executor Ex, class A, class T>
double start_from_adjoint(const Ex& ex, const A& a, std::span<const T> y, View<T> z, std::span<T> image) {
  a.apply_adjoint(ex, y, z.flat());
  a.apply(ex, z.flat(), image);
  const double factor = squared_norm(ex, std::span<const T>(z.flat())) / squared_norm(ex, std::span<const T>(image));
  if (!std::isfinite(factor)) return 1;
  axpby(ex, static_cast<T>(factor), z.flat(), T(0), z.flat());
  axpby(ex, static_cast<T>(factor), image, T(0), image);
  return std::sqrt(factor);
}

/// √(τ/σ). Where it is left open: under the squared error p becomes Az − y, and a σ of 0.3 serves A of any scale; under
/// the absolute error p goes as far as ±1, however small Az − y is, by steps that are longer than those of z.
template <class T>
double root_ratio(const PrimalDualOptions<T>& o, double step) {
  if (o.ratio > T(0)) return std::sqrt(double(o.ratio));
  return o.data_term == DataTerm::squared_error ? step * std::sqrt(10.) : 0.1;
}

/// The body of `primal_dual_hybrid_gradient`, for parts that are known to fit together.
template <Executor Ex, class Prior, class A, class T>
PrimalDualReport run_primal_dual(const Ex& ex, const Prior& prior, const A& a, std::span<const T> y, View<T> result,
                                 const PrimalDualOptions<T>& options) {
  require_options(options);
  const Shape domain = a.domain(), range = a.range();
  require_shape(result.shape, domain, "primal_dual_hybrid_gradient", "the result");
  require_size(std::ssize(y), range.size(), "primal_dual_hybrid_gradient", "the measurement y");

  auto cache = make_cache(prior, ex, domain);
  PrimalDualWorkspace<T, Ex> w(ex, domain, range.size());
  PrimalDualReport report;
  report.history.reserve(static_cast<std::size_t>(options.iterations));
  const double longest = start_from_adjoint(ex, a, y, w.now.z, w.now.image);
  const bool grows = options.step == T(0);
  double step = grows ? longest : double(options.step), theta = 1;
  const double root = root_ratio(options, step);  // τ = root · step, σ = step / root

  const auto extrapolated_step = [&] {
    const T t = static_cast<T>(theta);
    linear_combination(ex, 1 + t, w.next.image, -t, w.now.image, w.error);
    linear_combination(ex, T(1), w.error, T(-1), y, w.error);
    data_term_dual_step(ex, options.data_term, static_cast<T>(step / root), w.now.p, w.error, w.next.p);
    a.apply_adjoint(ex, w.next.p, w.next.gradient.flat());
  };
  // Whether √(τσ) ‖Aᵀ(p⁺ − p)‖ < ‖p⁺ − p‖, where rounding lets one tell. Where it does not, steps no longer grow:
  // rounding would grow with them.
  bool tells = true;
  const auto is_short = [&] {
    constexpr double unit = 100 * double(std::numeric_limits<T>::epsilon()), below_one = 0.99;
    const double moved = squared_distance(ex, std::span<const T>(w.next.p), w.now.p);
    const double size = squared_norm(ex, std::span<const T>(w.next.p));
    const double seen = squared_distance(ex, std::span<const T>(w.next.gradient.flat()), w.now.gradient.flat());
    tells = moved > unit * unit * size;
    return !tells || !(step * step * seen > below_one * moved * (1 + unit));
  };

  while (report.iterations() < options.iterations && !report.converged) {
    const double before = step;
    const T tau = static_cast<T>(root * step);
    linear_combination(ex, T(1), w.now.z.flat(), -tau, w.now.gradient.flat(), w.point.flat());
    apply_prior(prior, ex, cache, w.point, w.zero, tau, w.next.z);
    a.apply(ex, w.next.z.flat(), w.next.image);

    if (grows && tells) step *= 1 + 0.05 * (std::sqrt(1 + theta) - 1);  // Malitsky and Pock allow √(1 + θ)
    theta = step / before;
    for (extrapolated_step(); !is_short(); extrapolated_step()) {
      step *= 0.8;
      theta = step / before;
    }

    // The present iterate is no longer needed: it holds parts of the residuals.
    linear_combination(ex, T(1), w.next.z.flat(), -tau, w.next.gradient.flat(), w.now.z.flat());
    const double primal = squared_distance(ex, std::span<const T>(w.point.flat()), w.now.z.flat());
    const T t = static_cast<T>(theta), s = static_cast<T>(root / step);
    linear_combination(ex, s, w.now.p, -s, w.next.p, w.now.p);
    linear_combination(ex, t, w.now.image, -t, w.next.image, w.now.image);
    const double dual = squared_distance(ex, std::span<const T>(w.now.p), w.now.image);
    const PrimalDualResiduals r{.iteration = report.iterations() + 1,
                                .primal = std::sqrt(primal / double(domain.size())),
                                .dual = step * std::sqrt(dual / double(range.size())),
                                .step = step};
    if (!std::isfinite(r.primal) || !std::isfinite(r.dual))
      throw NumericalError(
          sentence("primal_dual_hybrid_gradient: the iterates are not finite after iteration ", r.iteration));
    std::swap(w.now, w.next);

    report.history.push_back(r);
    report.converged = r.primal < double(options.tolerance) && r.dual < double(options.tolerance);
    if (options.callback && !options.callback(r, w.now.z)) break;
  }
  copy(ex, w.now.z.flat(), result.flat());
  return report;
}

}  // namespace detail

/// Recovers a video from y = A vec(x*) + ξ by steps of z and of a dual variable p of the measurement's size in turn,
/// and writes z to `result`.
///
/// Math: z⁺ = prox_{τφ}(z − τAᵀp), p⁺ = prox_{σf*}(p + σA(z⁺ + θ(z⁺ − z))), from p = 0 and the multiple of Aᵀy whose
/// image is closest to y on: for convex φ to the minimum of f(Az) + φ(z), where f is the data term. Fixed steps are
/// safe while √(τσ)‖A‖ < 1, but power iterations bound ‖A‖ from below only. So each step is tried, and taken back until
/// √(τσ)‖Aᵀ(p⁺ − p)‖ < ‖p⁺ − p‖, all that the proof needs; θ is its ratio to the step before. Between times it grows.
/// A step of the user's does not: τ then settles, as the strength of a denoiser in the prior's place must.
/// Shapes: y has a.range(), result a.domain().  Units: values in [0, 1].
/// Errors: ShapeError, InputError before any work; NumericalError when an iterate stops being finite.
/// Cost: per iteration one A, one Aᵀ and another for a step taken back, one proximal operator and some fifteen passes,
/// no solve and no allocation.
/// Source: Chambolle and Pock 2011; Malitsky and Pock 2018, Algorithm 1.
template <Executor Ex, class Prior, class A, class T = detail::scalar_of<A>>
PrimalDualReport primal_dual_hybrid_gradient(const Ex& ex, const Prior& prior, const A& a,
                                             std::span<const std::type_identity_t<T>> y,
                                             View<std::type_identity_t<T>> result,
                                             const std::type_identity_t<PrimalDualOptions<T>>& options = {}) {
  if constexpr (detail::require_prior_and_operator<Prior, A, Ex>())
    return detail::run_primal_dual<Ex, Prior, A, T>(ex, prior, a, y, result, options);
  else
    return {};
}

}  // namespace videoonenet
