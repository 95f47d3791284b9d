// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Classical ADMM with the interface of an unrolled network, for those who choose where it starts.

#include <utility>

#include "videoonenet/core/memory.hpp"
#include "videoonenet/unroll/admm.hpp"

namespace videoonenet {

/// `admm` in two halves, start and iterate, and with memory that is kept: what a Stream runs.
///
/// Math, errors and cost: those of `admm`. A prior that keeps something from call to call, such as total variation its
/// dual variable, goes on from there.
template <class Prior, class Data>
struct AdmmSolver {
  using value_type = detail::scalar_of<Prior>;
  using T = value_type;

  Prior prior;
  Data data_step;
  AdmmOptions<T> options{};

  template <class PriorCache>
  struct Cache {
    AdmmState<T> state{};
    View<T> previous_z{};
    PriorCache prior;
    AdmmReport report{};  ///< of the last call of iterate
  };

  /// There are no weights: pass none.
  Index parameter_count() const { return 0; }

  /// Memory of videos of one shape; the prior takes its own from the executor.
  template <Executor Ex>
  auto make_cache(Memory<Ex>& memory, const Shape& video) const {
    detail::require_options(options);
    Cache<decltype(videoonenet::make_cache(prior, memory.executor, video))> cache{
        .state = AdmmState<T>::in(memory.kept, video),
        .previous_z = memory.kept.template take<T>(video),
        .prior = videoonenet::make_cache(prior, memory.executor, video)};
    cache.report.history.reserve(static_cast<std::size_t>(options.iterations));
    return cache;
  }
  /// Prepares the data step for one problem; `a` and `y` must outlive the result.
  template <Executor Ex, class A>
  auto bind(const Ex& ex, const A& a, std::span<const T> y) const {
    static_assert(detail::require_admm_parts<Prior, Data, A, Ex>());
    return data_step.bind(ex, a, y);
  }
  /// z⁰ and u⁰, left in `state(cache)`.
  template <Executor Ex, class Bound, class C>
  void start(const Ex& ex, Input<T> /*parameters*/, Bound& bound, C& cache) const {
    bound.start(ex, cache.state.z, cache.state.u);
  }
  /// The iterations, from whatever z and u `state(cache)` holds.
  template <Executor Ex, class Bound, class C>
  void iterate(const Ex& ex, Input<T> /*parameters*/, Bound& bound, C& cache) const {
    cache.report.history.clear();
    cache.report.converged = false;
    detail::iterate_admm(ex, prior, cache.prior, bound, options, cache.state, cache.previous_z, cache.report);
  }
  template <class C>
  static AdmmState<T>& state(C& cache) {
    return cache.state;
  }
};

template <class Prior, class Data>
AdmmSolver(Prior, Data, AdmmOptions<detail::scalar_of<Prior>>) -> AdmmSolver<Prior, Data>;
template <class Prior, class Data>
AdmmSolver(Prior, Data) -> AdmmSolver<Prior, Data>;

}  // namespace videoonenet
