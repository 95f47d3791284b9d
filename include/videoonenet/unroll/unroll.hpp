// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// unroll<K>: K iterations of ADMM as one function of the measurement, their number known at compile time.

#include <utility>

#include "videoonenet/unroll/admm.hpp"

namespace videoonenet {

/// K ADMM iterations from a prior and a data step: the map y ↦ z⁽ᴷ⁾.
///
/// Math: VON Alg. 1–3 with I = K, without early stopping; equal, bit for bit, to `admm` with K iterations.
template <int K, class Prior, class Data>
class Unrolled {
 public:
  using value_type = typename Prior::value_type;
  using T = value_type;

  Unrolled(Prior prior, Data data_step, AdmmParameters<T> parameters)
      : prior_(std::move(prior)), data_step_(std::move(data_step)), parameters_(parameters) {
    detail::require_parameters(parameters.rho, parameters.relaxation, "unroll");
  }

  static constexpr int iterations() { return K; }
  const Prior& prior() const { return prior_; }
  const Data& data_step() const { return data_step_; }
  const AdmmParameters<T>& parameters() const { return parameters_; }

  /// Writes z⁽ᴷ⁾ for the problem (a, y) to `result`, which may be the memory y lies in.
  /// Errors: ShapeError before any work.
  template <Executor Ex, class A>
  void operator()(const Ex& ex, const A& a, std::span<const T> y, View<T> result) const {
    if constexpr (detail::require_admm_parts<Prior, Data, A, Ex>()) run(ex, a, y, result);
  }

 private:
  template <Executor Ex, class A>
  void run(const Ex& ex, const A& a, std::span<const T> y, View<T> result) const {
    const Shape shape = a.domain();
    require_shape(result.shape, shape, "unroll", "the result");
    auto data = data_step_.bind(ex, a, y);
    auto cache = make_cache(prior_, ex, shape);
    detail::AdmmWorkspace<T, Ex> work(ex, shape);
    data.start(ex, work.state.z, work.state.u);
    [&]<int... I>(std::integer_sequence<int, I...>) {
      ((static_cast<void>(I), admm_iteration(ex, prior_, cache, data, parameters_, work.state)), ...);
    }(std::make_integer_sequence<int, K>{});
    copy(ex, work.state.z.flat(), result.flat());
  }

  Prior prior_;
  Data data_step_;
  AdmmParameters<T> parameters_;
};

namespace detail {

/// Stands for a network that was refused, so that its use is not reported as well.
struct Refused {
  template <class... Arguments>
  void operator()(Arguments&&...) const {}
};

}  // namespace detail

/// Unrolls K iterations: `auto net = unroll<13>(prior, LeastSquares{}, {.rho = 0.3f}); net(ex, a, y, z);`
template <int K, class Prior, class Data>
  requires(!TrainablePrior<Prior>)
auto unroll(Prior prior, Data data_step, AdmmParameters<detail::scalar_of<Prior>> parameters = {}) {
  static_assert(K > 0, "videoonenet: unroll<K> needs at least one iteration. Read docs/concepts.md#unroll");
  if constexpr (K > 0 && require_proximal_operator<Prior>())
    return Unrolled<K, Prior, Data>(std::move(prior), std::move(data_step), parameters);
  else
    return detail::Refused{};
}

}  // namespace videoonenet
