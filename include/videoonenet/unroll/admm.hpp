// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Classical ADMM: the iteration until it has converged, with its residual history.

#include <cmath>
#include <functional>
#include <vector>

#include "videoonenet/unroll/admm_iteration.hpp"

namespace videoonenet {

/// Residuals after one iteration, each a root mean square over the entries of the batch.
struct AdmmResiduals {
  int iteration = 0;  ///< 1 after the first
  double primal = 0;  ///< RMS(x − z)
  double dual = 0;    ///< ρ RMS(z − previous z)
};

/// What the iteration was and how it ended.
struct AdmmReport {
  std::vector<AdmmResiduals> history;  ///< one entry an iteration
  bool converged = false;              ///< the tolerance was reached
  int iterations() const { return static_cast<int>(history.size()); }
};

/// Options of classical ADMM.
template <class T>
struct AdmmOptions {
  T rho = T(0.3);         ///< penalty ρ
  int iterations = 300;   ///< at most this many
  T tolerance = T(1e-6);  ///< stop when RMS(x − z) falls below; 0 runs all iterations
  T relaxation = T(1);    ///< over-relaxation α in (0, 2)
  /// Called after each iteration with its residuals and the current z; returning false stops.
  std::function<bool(const AdmmResiduals&, View<const T>)> callback{};
};

namespace detail {

template <class T>
void require_parameters(T rho, T relaxation, const char* where) {
  if (!(rho > T(0)) || !std::isfinite(rho))
    throw InputError(sentence(where, ": rho is ", rho, ", expected a positive number"));
  if (!(relaxation > T(0) && relaxation < T(2)))
    throw InputError(sentence(where, ": the relaxation is ", relaxation, ", expected a number between 0 and 2"));
}

/// Planned memory of an ADMM run: the state and one more batch for the previous z.
template <class T, Executor Ex>
struct AdmmWorkspace {
  explicit AdmmWorkspace(const Ex& ex, const Shape& shape)
      : arena(ex, 5 * (shape.size() * static_cast<Index>(sizeof(T)) + static_cast<Index>(alignment))),
        state(AdmmState<T>::in(arena, shape)),
        previous_z(arena.template take<T>(shape)) {}
  Arena<Ex> arena;
  AdmmState<T> state;
  View<T> previous_z;
};

template <class T>
void require_options(const AdmmOptions<T>& options) {
  require_parameters(options.rho, options.relaxation, "admm");
  if (options.iterations < 0)
    throw InputError(sentence("admm: ", options.iterations, " iterations were asked for, expected none or more"));
  if (!(options.tolerance >= T(0)))
    throw InputError(sentence("admm: the tolerance is ", options.tolerance, ", expected zero or a positive number"));
}

/// The residuals of the iteration just made; stores z as the previous one of the next.
/// Errors: NumericalError when they are not finite.
template <Executor Ex, class T>
AdmmResiduals residuals_after(const Ex& ex, int iteration, T rho, const AdmmState<T>& s, View<T> previous_z,
                              const char* where) {
  const auto squares = update_residuals(ex, s.x.flat(), s.z.flat(), previous_z.flat());
  const double size = double(s.z.size());
  const AdmmResiduals r{.iteration = iteration,
                        .primal = std::sqrt(squares.primal / size),
                        .dual = double(rho) * std::sqrt(squares.dual / size)};
  if (!std::isfinite(r.primal) || !std::isfinite(r.dual))
    throw NumericalError(sentence(where, ": the iterates are not finite after iteration ", r.iteration));
  return r;
}

/// Iterates from the z and u that s holds. The report, empty before, allocates nothing when it has room for all.
template <Executor Ex, class Prior, class Cache, class BoundDataStep, class T>
void iterate_admm(const Ex& ex, const Prior& prior, Cache& cache, BoundDataStep& data, const AdmmOptions<T>& options,
                  AdmmState<T>& s, View<T> previous_z, AdmmReport& report) {
  copy(ex, s.z.flat(), previous_z.flat());
  while (report.iterations() < options.iterations && !report.converged) {
    admm_iteration(ex, prior, cache, data, {options.rho, options.relaxation}, s);

    const AdmmResiduals r = residuals_after(ex, report.iterations() + 1, options.rho, s, previous_z, "admm");
    report.history.push_back(r);
    report.converged = r.primal < options.tolerance;
    if (options.callback && !options.callback(r, s.z)) break;
  }
}

/// The body of `admm`, for parts that are known to fit together.
template <Executor Ex, class Prior, class Data, class A, class T>
AdmmReport run_admm(const Ex& ex, const Prior& prior, const Data& data_step, const A& a, std::span<const T> y,
                    View<T> result, const AdmmOptions<T>& options) {
  require_options(options);
  const Shape shape = a.domain();
  require_shape(result.shape, shape, "admm", "the result");

  auto data = data_step.bind(ex, a, y);
  auto cache = make_cache(prior, ex, shape);
  AdmmWorkspace<T, Ex> work(ex, shape);
  data.start(ex, work.state.z, work.state.u);
  AdmmReport report;
  report.history.reserve(static_cast<std::size_t>(options.iterations));
  iterate_admm(ex, prior, cache, data, options, work.state, work.previous_z, report);
  copy(ex, work.state.z.flat(), result.flat());
  return report;
}

}  // namespace detail

/// Recovers a video from y = A vec(x*) + ξ by ADMM and writes z to `result`.
///
/// Math: VON Alg. 1 with the given prior and data step. `result` may be the memory y lies in.
/// Shapes: y has a.range(), result a.domain().  Units: values in [0, 1].
/// Errors: ShapeError, InputError before any work; NumericalError when an iterate stops being finite.
/// Cost: per iteration one proximal operator, one data step and five passes; no allocation.
template <Executor Ex, class Prior, class Data, class A, class T = detail::scalar_of<A>>
AdmmReport admm(const Ex& ex, const Prior& prior, const Data& data_step, const A& a,
                std::span<const std::type_identity_t<T>> y, View<std::type_identity_t<T>> result,
                const std::type_identity_t<AdmmOptions<T>>& options = {}) {
  if constexpr (detail::require_admm_parts<Prior, Data, A, Ex>())
    return detail::run_admm<Ex, Prior, Data, A, T>(ex, prior, data_step, a, y, result, options);
  else
    return {};
}

}  // namespace videoonenet
