// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Training a network to invert ρI + AAᵀ on noise alone: no videos are needed, only the operator.

#include <functional>

#include "videoonenet/concepts/layer.hpp"
#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/core/executor_buffer.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/train/optimizer/optimizer.hpp"
#include "videoonenet/train/schedule/schedule.hpp"

namespace videoonenet {

/// The loss of a network C that is to be (ρI + AAᵀ)⁻¹, on one draw of noise, with all memory planned.
///
/// Math: (‖ε − C B ε‖² + ‖ε − B C ε‖²)/d with B = ρI + AAᵀ and white noise ε of d entries: what C must satisfy on both
/// sides. Zero if and only if C inverts B on ε.
/// Adjoint: of both terms through C, once each; B is symmetric.
/// Shapes: ε has the operator's range, which the network maps to itself.
/// Cost: two passes through the network forward and back, three A and Aᵀ.  Source: SPEC §4 (INF).
template <class Net, class A, Executor Ex>
class NoiseInversion {
 public:
  using T = typename Net::value_type;

  /// `a` must outlive it.
  /// Errors: ShapeError when the network does not fit the operator's range; InputError when ρ is not positive.
  NoiseInversion(const Ex& ex, Net net, const A& a, T rho)
      : net_(std::move(net)),
        a_(&a),
        rho_(checked(rho)),
        range_(fitting(net_, a)),
        planned_(plan(ex, [&](auto& memory) { return net_.make_cache(memory, range_); })),
        image_(ex.template allocate<T>(range_.size())),
        answer_(ex.template allocate<T>(range_.size())),
        error_(ex.template allocate<T>(range_.size())),
        unused_(ex.template allocate<T>(range_.size())),
        video_(ex.template allocate<T>(Shape(a.domain()).size())) {}

  /// Returns the loss and adds its gradient by the weights to `gradient`.
  double operator()(const Ex& ex, std::span<const T> weights, std::span<const T> noise, std::span<T> gradient) {
    const T scale = T(-2) / T(range_.size());
    normal(ex, noise, image_.span());
    apply_net(ex, weights, image_.span());
    linear_combination(ex, T(1), noise, T(-1), answer_.span(), error_.span());
    const double left = squared_norm(ex, std::span<const T>(error_.span()));
    adjoint(ex, weights, scale, error_.span(), gradient);

    apply_net(ex, weights, noise);
    normal(ex, answer_.span(), image_.span());
    linear_combination(ex, T(1), noise, T(-1), image_.span(), error_.span());
    const double right = squared_norm(ex, std::span<const T>(error_.span()));
    normal(ex, error_.span(), image_.span());
    adjoint(ex, weights, scale, image_.span(), gradient);
    return (left + right) / double(range_.size());
  }

  const Net& net() const { return net_; }
  /// Bytes held between calls.
  Index bytes() const { return planned_.bytes() + (4 * range_.size() + Shape(a_->domain()).size()) * Index(sizeof(T)); }
  /// Shape of the noise.
  const Shape& range() const { return range_; }

 private:
  static T checked(T rho) {
    if (!(rho > T(0)) || !std::isfinite(rho))
      throw InputError(sentence("NoiseInversion: rho is ", rho, ", expected a positive number"));
    return rho;
  }
  static Shape fitting(const Net& net, const A& a) {
    require_shape(net.output_shape(a.range()), a.range(), "NoiseInversion", "the network's output");
    return a.range();
  }
  /// y = (ρI + AAᵀ) x.
  void normal(const Ex& ex, std::span<const T> x, std::span<T> y) {
    a_->apply_adjoint(ex, x, video_.span());
    a_->apply(ex, std::span<const T>(video_.span()), y);
    axpby(ex, rho_, x, T(1), y);
  }
  void apply_net(const Ex& ex, std::span<const T> weights, std::span<const T> x) {
    net_.forward(ex, weights, View<const T>{x.data(), range_}, View<T>{answer_.span().data(), range_}, planned_.cache);
  }
  /// Adds scale · (∂C/∂weights)ᵀ g, for the last call of the network; g is scaled in place.
  void adjoint(const Ex& ex, std::span<const T> weights, T scale, std::span<T> g, std::span<T> gradient) {
    axpby(ex, scale, g, T(0), g);
    fill(ex, T(0), unused_.span());
    net_.adjoint(ex, weights, std::as_const(planned_.cache), View<const T>{g.data(), range_},
                 View<T>{unused_.span().data(), range_}, gradient);
  }

  Net net_;
  const A* a_;
  T rho_;
  Shape range_;
  Planned<typename Net::Cache, Ex> planned_;
  ExecutorBuffer<T> image_, answer_, error_, unused_, video_;
};

namespace detail {

/// White noise in memory of the executor, by way of `drawn` on the host.
template <Executor Ex, class T>
void draw_noise(const Ex& ex, Random& random, Buffer<T>& drawn, std::span<T> noise) {
  random.fill_normal(drawn.span());
  if constexpr (DeviceExecutor<Ex>)
    ex.upload(std::as_const(drawn).span(), noise);
  else
    copy(ex, std::as_const(drawn).span(), noise);
}

}  // namespace detail

/// The loss of NoiseInversion on noise drawn by this seed: whether weights, in memory of the executor, belong to an
/// operator and a penalty.  Errors, cost: NoiseInversion's.
template <Executor Ex, class Net, class A>
double inversion_loss(const Ex& ex, const Net& net, std::span<const typename Net::value_type> weights, const A& a,
                      std::type_identity_t<typename Net::value_type> rho, std::uint64_t seed = 1) {
  using T = typename Net::value_type;
  require_size(std::ssize(weights), net.parameter_count(), "inversion_loss", "the list of weights");
  NoiseInversion<Net, A, Ex> inversion(ex, net, a, rho);
  Buffer<T> drawn(inversion.range().size());
  ExecutorBuffer<T> noise = ex.template allocate<T>(drawn.size());
  ExecutorBuffer<T> gradient = ex.template allocate<T>(std::ssize(weights));
  fill(ex, T(0), gradient.span());
  Random random(seed);
  detail::draw_noise(ex, random, drawn, noise.span());
  return inversion(ex, weights, std::span<const T>(noise.span()), gradient.span());
}

/// How a learned inverse is trained.
struct InverseTraining {
  int steps = 1000;
  Adam optimizer{.learning_rate = 1e-3, .beta1 = 0.9, .beta2 = 0.999};
  Schedule schedule{};     ///< of the learning rate; none: a cosine down to a twentieth over all steps
  std::uint64_t seed = 1;  ///< of the noise
  /// Called after each step, from 1, with its loss; returning false stops.
  std::function<bool(int step, double loss)> callback{};
};

/// Trains weights so that the network becomes (ρI + AAᵀ)⁻¹ on white noise, drawn anew for every step, and returns the
/// last loss: 2 for a network of zeros, 0 for the inverse.
///
/// Shapes: `weights` are the network's, in memory of the executor, drawn before (`initial_parameters`). An operator of
/// T frames is T draws of noise a step.
/// Errors: as NoiseInversion; InputError for options out of range; NumericalError when the loss stops being finite,
/// with the weights as they were before that step.
/// Cost: NoiseInversion's a step.  Source: SPEC §4 (INF); its schedule is not in the paper.
template <Executor Ex, class Net, class A>
double train_inverse(const Ex& ex, const Net& net, const A& a, std::type_identity_t<typename Net::value_type> rho,
                     std::span<typename Net::value_type> weights, const InverseTraining& options = {}) {
  static_assert(require_linear_operator<A, Ex>());
  static_assert(require_layer<Net, Ex>());
  using T = typename Net::value_type;
  options.optimizer.check();
  if (options.steps < 0)
    throw InputError(sentence("train_inverse: ", options.steps, " steps were asked for, expected none or more"));
  require_size(std::ssize(weights), net.parameter_count(), "train_inverse", "the list of weights");

  NoiseInversion<Net, A, Ex> inversion(ex, net, a, rho);
  Buffer<T> drawn(inversion.range().size());
  const auto count = static_cast<Index>(Adam::state_names.size()) * std::ssize(weights);
  ExecutorBuffer<T> noise = ex.template allocate<T>(drawn.size());
  ExecutorBuffer<T> gradient = ex.template allocate<T>(std::ssize(weights)), state = ex.template allocate<T>(count);
  fill(ex, T(0), state.span());
  const Schedule schedule = options.schedule ? options.schedule : CosineSchedule{.steps = options.steps, .last = 0.05};
  Random random(options.seed);
  double loss = 0;
  for (int step = 1; step <= options.steps; ++step) {
    detail::draw_noise(ex, random, drawn, noise.span());
    fill(ex, T(0), gradient.span());
    loss = inversion(ex, std::span<const T>(weights), noise.span(), gradient.span());
    if (!std::isfinite(loss)) throw NumericalError(sentence("train_inverse: the loss is ", loss, " in step ", step));
    options.optimizer.update(ex, step, schedule(step - 1), std::span<const T>(gradient.span()), state.span(), weights);
    if (options.callback && !options.callback(step, loss)) break;
  }
  return loss;
}

}  // namespace videoonenet
