// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A network in place of the proximal operator.

#include "videoonenet/autodiff/adjoint.hpp"
#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/core/channels.hpp"
#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet {

/// What a prior network is shown.
enum class PriorInput {
  concatenation,  ///< [z, u], 2F channels (VideoOneNet, VON Alg. 3)
  difference,     ///< z − u, F channels (OneNet, VON Alg. 2)
};

/// The prior step by a network.
///
/// Math: x = p(θ, [z, u]) or x = p(θ, z − u); the residual variant is x = z − u + p(θ, ·).
/// Adjoint: the network's, split into the gradients by z and u.
/// Shapes: x, z, u are N×T×H×W×F; the network maps 2F or F channels to F and keeps T, H and W.
/// Errors: ShapeError when the network does not.  Cost: the network's and two passes.
/// Source: VON Alg. 2 and 3; VON names the residual variant as future work.
template <class Net>
struct NetworkPrior {
  using value_type = typename Net::value_type;
  using T = value_type;

  Net net;
  PriorInput input = PriorInput::concatenation;
  bool residual = false;

  struct Cache {
    View<T> input{}, output{}, grad_input{};  // the network's own, which ADMM does not overwrite before the adjoint
    typename Net::Cache net{};
  };

  Index parameter_count() const { return net.parameter_count(); }
  std::vector<Parameter> parameters() const { return parameters_of(net); }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& video) const {
    Shape shape = video;
    if (input == PriorInput::concatenation) shape.f = 2 * video.f;
    require_shape(net.output_shape(shape), video, "NetworkPrior", "the network's output");
    const bool training = memory.purpose == Purpose::training;
    const typename Arena<Ex>::Scope scope(memory.scratch);
    Arena<Ex>& own = training ? memory.kept : memory.scratch;
    Cache cache{.input = own.template take<T>(shape), .output = own.template take<T>(video)};
    if (training) cache.grad_input = memory.scratch.template take<T>(shape);
    cache.net = net.make_cache(memory, shape);
    return cache;
  }

  /// x = p(θ, z, u).
  template <Executor Ex>
  void apply(const Ex& ex, Input<T> parameters, View<const T> z, View<const T> u, View<T> x, Cache& cache) const {
    const Index pixels = z.size() / z.shape.f, f = z.shape.f;
    if (input == PriorInput::difference) {
      linear_combination(ex, T(1), z.flat(), T(-1), u.flat(), cache.input.flat());
    } else {
      put_channels(ex, pixels, {{z.flat(), 0, f}, {u.flat(), f, f}}, cache.input.flat(), 2 * f);
    }
    net.forward(ex, parameters, cache.input, cache.output, cache.net);
    copy(ex, cache.output.flat(), x.flat());
    if (residual) {
      axpby(ex, T(1), z.flat(), T(1), x.flat());
      axpby(ex, T(-1), u.flat(), T(1), x.flat());
    }
  }

  /// Adds (∂x/∂z)ᵀ grad_x to grad_z, and so for u and θ.
  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_x, View<T> grad_z,
               View<T> grad_u, std::span<T> grad_parameters) const {
    const Index pixels = grad_x.size() / grad_x.shape.f, f = grad_x.shape.f;
    adjoint_of(ex, net, parameters, cache.net, grad_x, cache.grad_input, grad_parameters, Accumulate::overwrite);
    if (input == PriorInput::difference) {
      axpby(ex, T(1), cache.grad_input.flat(), T(1), grad_z.flat());
      axpby(ex, T(-1), cache.grad_input.flat(), T(1), grad_u.flat());
    } else {
      take_channels<T>(ex, pixels, cache.grad_input.flat(), 2 * f, {{grad_z.flat(), 0, f}, {grad_u.flat(), f, f}},
                       Accumulate::add);
    }
    if (residual) {
      axpby(ex, T(1), grad_x.flat(), T(1), grad_z.flat());
      axpby(ex, T(-1), grad_x.flat(), T(1), grad_u.flat());
    }
  }
};

/// A trained prior network as a ProximalOperator, for `admm` and every other classical solver.
template <class Net>
class WeightedPrior {
 public:
  using value_type = typename Net::value_type;
  using T = value_type;

  /// Errors: ShapeError when there are not as many weights as the network has parameters. `weights` must outlive it.
  WeightedPrior(NetworkPrior<Net> prior, std::span<const T> weights) : prior_(std::move(prior)), weights_(weights) {
    require_size(std::ssize(weights), prior_.parameter_count(), "WeightedPrior", "the list of weights");
  }

  template <Executor Ex>
  auto make_cache(const Ex& ex, const Shape& video) const {
    return plan(
        ex, [&](auto& memory) { return prior_.make_cache(memory, video); }, Purpose::inference);
  }
  /// x = p(θ, z, u); the network does not ask for τ.
  template <Executor Ex>
  void apply(const Ex& ex, Planned<typename NetworkPrior<Net>::Cache, Ex>& planned, View<const T> z, View<const T> u,
             T /*tau*/, View<T> x) const {
    prior_.apply(ex, weights_, z, u, x, planned.cache);
  }

 private:
  NetworkPrior<Net> prior_;
  std::span<const T> weights_;
};

}  // namespace videoonenet
