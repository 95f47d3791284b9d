// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// K ADMM iterations as one differentiable network: forward, adjoint, tied or untied weights, any backward strategy.

#include <cmath>
#include <vector>

#include "videoonenet/autodiff/backward.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/unroll/network_start.hpp"
#include "videoonenet/unroll/unroll.hpp"

namespace videoonenet {

/// How the iterations of an unrolled network are set.
template <class T>
struct UnrolledOptions {
  T rho = T(0.3);          ///< penalty ρ
  T relaxation = T(1);     ///< over-relaxation α in (0, 2)
  bool tied = true;        ///< all iterations share their weights; otherwise each has its own (ODP)
  bool learn_rho = false;  ///< ρ of iteration i is rho·exp(θ_i) with θ_i trained from zero
  int iterations = 0;      ///< of `unroll<dynamic>`
};

/// The map y ↦ z⁽ᴷ⁾ of K iterations with trainable parts.
///
/// Math: z⁰, u⁰ by the data step, corrected by the start; then K times `admm_iteration` with the prior and the data
/// step's networks.
/// Adjoint: `admm_iteration_adjoint` K times, from the last iteration to the first; iterations that the backward
/// strategy did not remember are run again first.
/// Parameters: start.*, prior.*, data.*, log_rho; untied, prior.* and data.* come once an iteration with
/// `iteration.{i}.` in front.
/// Source: VON Alg. 2 and 3; untied weights and trained start: ODP.
template <int K, class Prior, class Data, class Start = FixedStart<typename Prior::value_type>>
class UnrolledNetwork {
 public:
  using value_type = typename Prior::value_type;
  using T = value_type;

  /// What forward and adjoint share; made for one shape and one backward strategy.
  struct Cache {
    struct Iteration {
      typename Prior::Cache prior{};
      typename Data::template Cache<T> data{};
    };
    Backward backward{};
    AdmmState<T> state{};
    AdmmGradient<T> gradient{};
    typename Start::Cache start{};
    std::vector<Iteration> iterations{};
    std::vector<std::array<View<T>, 2>> checkpoints{};  ///< z and u before every segment but the last
  };

  /// Errors: InputError for a penalty, a relaxation or a number of iterations out of range.
  UnrolledNetwork(Prior prior, Data data_step, Start start, const UnrolledOptions<T>& options)
      : prior_(std::move(prior)), data_(std::move(data_step)), start_(std::move(start)), options_(options) {
    detail::require_parameters(options.rho, options.relaxation, "unroll");
    if (iterations() < 1)
      throw InputError(sentence("unroll: ", iterations(), " iterations were asked for, expected one or more"));
  }

  int iterations() const {
    if constexpr (K == dynamic)
      return options_.iterations;
    else
      return K;
  }
  const Prior& prior() const { return prior_; }
  const Data& data_step() const { return data_; }
  const Start& start() const { return start_; }
  const UnrolledOptions<T>& options() const { return options_; }

  Index parameter_count() const {
    return start_.parameter_count() + copies() * block_size() + (options_.learn_rho ? iterations() : 0);
  }
  std::vector<Parameter> parameters() const {
    std::vector<Parameter> all;
    append_parameters(all, "start", start_.parameters());
    for (Index i = 0; i < copies(); ++i) {
      const std::string prefix = options_.tied ? "" : sentence("iteration.", i, ".");
      append_parameters(all, prefix + "prior", prior_.parameters());
      append_parameters(all, prefix + "data", data_.parameters());
    }
    if (options_.learn_rho) all.push_back({"log_rho", {iterations()}, Initial::zeros});
    return all;
  }

  /// Plans everything forward and adjoint need for batches of `video`; see `plan` in core/memory.hpp.
  /// Errors: ShapeError when the networks do not fit the video.
  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& video, const Backward& backward = {}) const {
    const bool training = memory.purpose == Purpose::training;
    Cache cache{.backward = backward, .state = AdmmState<T>::in(memory.kept, video)};
    const typename Arena<Ex>::Scope scope(memory.scratch);
    if (training) {
      cache.gradient = AdmmGradient<T>::in(memory.scratch, video);
      cache.checkpoints.resize(static_cast<std::size_t>(backward.segments(iterations()) - 1));
      for (auto& views : cache.checkpoints)
        for (View<T>& v : views) v = memory.kept.template take<T>(video);
    }
    cache.start = start_.make_cache(memory, video);
    const auto make = [&]() -> typename Cache::Iteration {
      return {prior_.make_cache(memory, video), data_.template make_cache<T>(memory, video, options_.learn_rho)};
    };
    if (training)
      for (int i = 0; i < backward.held(iterations()); ++i) cache.iterations.push_back(make());
    else  // in a stream each iteration carries recurrent states of its own
      cache.iterations = make_caches(memory, memory.hop > 0 ? iterations() : 1, make);
    return cache;
  }

  /// Prepares the data step for one problem; `a` and `y` must outlive the result.
  template <Executor Ex, class A>
  auto bind(const Ex& ex, const A& a, std::span<const T> y) const {
    return data_.bind(ex, a, y);
  }

  /// Writes z⁽ᴷ⁾ for the bound problem to `z`.
  /// Errors: ShapeError before any work.
  template <Executor Ex, class Bound>
  void forward(const Ex& ex, Input<T> parameters, Bound& bound, Cache& cache, View<T> z) const {
    require_shape(z.shape, cache.state.z.shape, "UnrolledNetwork::forward", "the result");
    start(ex, parameters, bound, cache);
    iterate(ex, parameters, bound, cache);
    copy(ex, cache.state.z.flat(), z.flat());
  }
  /// The first half of forward: z⁰ and u⁰, left in `state(cache)`.
  template <Executor Ex, class Bound>
  void start(const Ex& ex, Input<T> parameters, Bound& bound, Cache& cache) const {
    AdmmState<T>& s = cache.state;
    require_size(std::ssize(parameters), parameter_count(), "UnrolledNetwork::forward", "the list of parameters");
    require_shape(bound.shape(), s.z.shape, "UnrolledNetwork::forward", "the video the operator is for");
    bound.start(ex, s.z, s.u);
    start_.apply(ex, start_part(parameters), bound.adjoint_measurement(), s.z, cache.start);
  }
  /// The second half: the iterations, from whatever z and u `state(cache)` holds.
  template <Executor Ex, class Bound>
  void iterate(const Ex& ex, Input<T> parameters, Bound& bound, Cache& cache) const {
    AdmmState<T>& s = cache.state;
    const Backward& b = cache.backward;
    const int first = b.first(iterations()), held = std::ssize(cache.iterations);
    for (int i = 0; i < iterations(); ++i) {
      const int differentiated = i - first, segment = differentiated / held;
      if (differentiated >= 0 && differentiated % held == 0 && segment < std::ssize(cache.checkpoints))
        save(ex, s, cache.checkpoints[static_cast<std::size_t>(segment)]);
      const bool has_own = held == iterations();
      run_iteration(ex, parameters, i, bound, cache.iterations[slot(has_own ? i : differentiated, held)], s);
    }
  }
  /// The iterates that forward leaves.
  static AdmmState<T>& state(Cache& cache) { return cache.state; }

  /// Adds the gradient by the parameters to `grad_parameters`, for grad_z = ∂loss/∂z⁽ᴷ⁾ of the forward just run with
  /// the same bound problem and parameters; where wanted also the gradients by Aᵀy and z⁰, from which
  /// `bound.measurement_adjoint` makes the gradient by y.
  /// Errors: ShapeError before any work.
  template <Executor Ex, class Bound>
  void adjoint(const Ex& ex, Input<T> parameters, Bound& bound, Cache& cache, View<const T> grad_z,
               std::span<T> grad_parameters, const MeasurementGradient<T>& grad_measurement = {}) const {
    require_size(std::ssize(parameters), parameter_count(), "UnrolledNetwork::adjoint", "the list of parameters");
    require_size(std::ssize(grad_parameters), parameter_count(), "UnrolledNetwork::adjoint", "the list of gradients");
    require_shape(grad_z.shape, cache.state.z.shape, "UnrolledNetwork::adjoint", "the gradient by the result");
    AdmmGradient<T>& g = cache.gradient;
    copy(ex, grad_z.flat(), g.z.flat());
    fill(ex, T(0), g.u.flat());
    const Backward& b = cache.backward;
    const int first = b.first(iterations()), held = std::ssize(cache.iterations);
    for (int segment = b.segments(iterations()) - 1; segment >= 0; --segment) {
      const int begin = first + segment * held, end = std::min(begin + held, iterations());
      if (segment < std::ssize(cache.checkpoints)) {  // not the last one, whose caches forward has filled
        load(ex, cache.checkpoints[static_cast<std::size_t>(segment)], cache.state);
        for (int i = begin; i < end; ++i)
          run_iteration(ex, parameters, i, bound, cache.iterations[slot(i - first, held)], cache.state);
      }
      for (int i = end - 1; i >= begin; --i)
        run_iteration_adjoint(ex, parameters, i, bound, cache.iterations[slot(i - first, held)], g, grad_parameters,
                              grad_measurement);
    }
    if (first > 0) return;
    start_.adjoint(ex, start_part(parameters), cache.start, g.z, grad_measurement.aty, start_part(grad_parameters));
    if (!grad_measurement.start.empty()) axpby(ex, T(1), g.z.flat(), T(1), grad_measurement.start);
  }

  /// ρ of iteration i.
  T rho(Input<T> parameters, int i) const {
    return options_.learn_rho ? options_.rho * std::exp(rho_part(parameters)[static_cast<std::size_t>(i)])
                              : options_.rho;
  }

 private:
  using CacheIteration = typename Cache::Iteration;

  /// The prior with its weights and gradients, as `admm_iteration` and its adjoint call it.
  struct WeightedPart {
    const Prior& prior;
    std::span<const T> parameters;
    std::span<T> gradient{};
    template <Executor Ex>
    void apply(const Ex& ex, typename Prior::Cache& cache, View<const T> z, View<const T> u, T, View<T> x) const {
      prior.apply(ex, parameters, z, u, x, cache);
    }
    template <Executor Ex>
    void adjoint(const Ex& ex, const typename Prior::Cache& cache, View<const T> grad_x, View<T> grad_z,
                 View<T> grad_u) const {
      prior.adjoint(ex, parameters, cache, grad_x, grad_z, grad_u, gradient);
    }
  };
  /// The data step with its weights, gradients and cache.
  template <class Bound, class DataCache>
  struct WeightedDataStep {
    const Data& data;
    Bound& bound;
    DataCache& cache;
    std::span<const T> parameters;
    std::span<T> gradient{};
    MeasurementGradient<T> grad_measurement{};
    template <Executor Ex>
    void step(const Ex& ex, T rho, View<const T> x, View<T> z, View<T> u) {
      data.step(ex, parameters, bound, rho, x, z, u, cache);
    }
    template <Executor Ex>
    double step_adjoint(const Ex& ex, T rho, View<T> grad_x, View<T> grad_z, View<T> grad_u) {
      return data.step_adjoint(ex, parameters, bound, rho, cache, grad_x, grad_z, grad_u, gradient, grad_measurement);
    }
  };

  template <Executor Ex, class Bound>
  void run_iteration(const Ex& ex, Input<T> parameters, int i, Bound& bound, CacheIteration& cache,
                     AdmmState<T>& s) const {
    WeightedDataStep<Bound, typename Data::template Cache<T>> data{data_, bound, cache.data, data_part(parameters, i)};
    admm_iteration(ex, WeightedPart{prior_, prior_part(parameters, i)}, cache.prior, data,
                   {rho(parameters, i), options_.relaxation}, s);
  }
  template <Executor Ex, class Bound>
  void run_iteration_adjoint(const Ex& ex, Input<T> parameters, int i, Bound& bound, const CacheIteration& cache,
                             AdmmGradient<T>& g, std::span<T> grad_parameters,
                             const MeasurementGradient<T>& grad_measurement) const {
    WeightedDataStep<Bound, const typename Data::template Cache<T>> data{
        data_, bound, cache.data, data_part(parameters, i), data_part(grad_parameters, i), grad_measurement};
    const T rho_i = rho(parameters, i);
    admm_iteration_adjoint(ex, WeightedPart{prior_, prior_part(parameters, i), prior_part(grad_parameters, i)},
                           cache.prior, data, {rho_i, options_.relaxation}, g);
    if (options_.learn_rho) rho_part(grad_parameters)[static_cast<std::size_t>(i)] += rho_i * static_cast<T>(g.rho);
  }

  template <Executor Ex>
  static void save(const Ex& ex, const AdmmState<T>& s, std::array<View<T>, 2>& checkpoint) {
    copy(ex, s.z.flat(), checkpoint[0].flat());
    copy(ex, s.u.flat(), checkpoint[1].flat());
  }
  template <Executor Ex>
  static void load(const Ex& ex, const std::array<View<T>, 2>& checkpoint, AdmmState<T>& s) {
    copy(ex, checkpoint[0].flat(), s.z.flat());
    copy(ex, checkpoint[1].flat(), s.u.flat());
  }
  /// The cache of a differentiated iteration; those before the first one (negative) need none of their own.
  static std::size_t slot(int differentiated, int held) {
    return static_cast<std::size_t>(std::max(0, differentiated) % held);
  }

  // Where the parts lie in the flat parameters: start, blocks of (prior, data), log ρ.
  Index copies() const { return options_.tied ? 1 : iterations(); }
  Index block_size() const { return prior_.parameter_count() + data_.parameter_count(); }
  Index block(int i) const { return start_.parameter_count() + (options_.tied ? 0 : i * block_size()); }
  template <class S>
  static std::span<S> part(std::span<S> all, Index begin, Index size) {
    return all.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(size));
  }
  template <class S>
  std::span<S> start_part(std::span<S> all) const {
    return part(all, 0, start_.parameter_count());
  }
  template <class S>
  std::span<S> prior_part(std::span<S> all, int i) const {
    return part(all, block(i), prior_.parameter_count());
  }
  template <class S>
  std::span<S> data_part(std::span<S> all, int i) const {
    return part(all, block(i) + prior_.parameter_count(), data_.parameter_count());
  }
  template <class S>
  std::span<S> rho_part(std::span<S> all) const {
    return part(all, start_.parameter_count() + copies() * block_size(), iterations());
  }

  Prior prior_;
  Data data_;
  Start start_;
  UnrolledOptions<T> options_;
};

namespace detail {

template <class D, class T>
concept TrainableDataStep = requires(const D& d, Memory<Cpu>& memory, const Shape& video) {
  typename D::template Cache<T>;
  { d.parameter_count() } -> std::convertible_to<Index>;
  { d.parameters() } -> std::convertible_to<std::vector<Parameter>>;
  { d.template make_cache<T>(memory, video, true) } -> std::same_as<typename D::template Cache<T>>;
};

}  // namespace detail

/// Unrolls K iterations of a trainable network:
/// `auto net = unroll<13>(NetworkPrior{p}, NetworkDataStep{q}, {.rho = 0.3f});`, or
/// `unroll<dynamic>(…, {.iterations = k})` when their number is known at run time only.
/// Errors: InputError for options out of range.
template <int K, TrainablePrior Prior, class Data, class Start = FixedStart<typename Prior::value_type>>
auto unroll(Prior prior, Data data_step, UnrolledOptions<typename Prior::value_type> options = {}, Start start = {}) {
  static_assert(K > 0 || K == dynamic,
                "videoonenet: unroll<K> needs at least one iteration. Read docs/concepts.md#unroll");
  static_assert(detail::TrainableDataStep<Data, typename Prior::value_type>,
                "videoonenet: a network with a trainable prior needs a data step with an adjoint, LeastSquares, "
                "NetworkDataStep or your own with `Cache<T>`, `make_cache`, `step`, `step_adjoint`, `parameter_count` "
                "and `parameters`. Read docs/concepts.md#unroll");
  return UnrolledNetwork<K, Prior, Data, Start>(std::move(prior), std::move(data_step), std::move(start), options);
}

}  // namespace videoonenet
