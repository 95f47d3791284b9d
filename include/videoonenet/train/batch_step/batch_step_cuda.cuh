// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A whole training step on a GPU: restoration of a batch, loss, gradient, clipping and Adam, launched or captured as
/// one graph.

#include <cmath>

#include "videoonenet/autodiff/backward.hpp"
#include "videoonenet/core/cuda/graph.cuh"
#include "videoonenet/core/memory.hpp"
#include "videoonenet/train/batch_step/device_batch_cuda.cuh"
#include "videoonenet/train/loss/loss_cuda.cuh"
#include "videoonenet/train/optimizer/optimizer.hpp"
#include "videoonenet/train/optimizer/optimizer_cuda.cuh"

namespace videoonenet {

/// How a BatchStep is made.
template <class LossType = MeanSquaredError>
struct BatchStepOptions {
  Backward backward{};
  Adam adam{};
  double clip_norm = 1;  ///< limit of the gradient's global norm
  LossType loss{};
  bool graph = true;  ///< capture the step once and replay it; otherwise every step is launched kernel by kernel
};

/// Training steps of a network on batches of one shape, all of it on a GPU.
///
/// Math: θ ← Adam(θ, clip(∂/∂θ (1/N) Σᵢ loss(zᵢ, xᵢ))), as Trainer makes them on the host.
/// The host copies a batch and the learning rate to the device and starts the step; nothing comes back until it asks. A
/// step whose gradient is not finite changes nothing and reports the norm.
/// Errors: InputError for a network that learns ρ (the factors are for one); those of its parts.
/// Cost: no allocation after construction; `bytes()` says what it holds.
template <class Network, cuda::Gpu Ex, class LossType = MeanSquaredError>
class BatchStep {
 public:
  using T = typename Network::value_type;

  /// `network` must outlive it. `batch.n` is the number of videos of every batch.
  BatchStep(const Ex& ex, const Network& network, const Shape& batch, const FactorBounds& bounds,
            const BatchStepOptions<LossType>& options = {})
      : ex_(ex),
        network_(network),
        options_(checked(options, network)),
        batch_(ex, batch, bounds, network.options().rho),
        parameters_(ex.template allocate<T>(network.parameter_count())),
        gradient_(ex.template allocate<T>(network.parameter_count())),
        moments_(ex.template allocate<T>(2 * network.parameter_count())),
        numbers_(ex.template allocate<double>(count_of_numbers)),
        bound_(network.bind(ex, batch_.problems(), batch_.measurement())),
        plan_(plan(ex, [&](auto& memory) { return Work(ex, network, memory, batch, options.backward); })) {}

  /// Bytes on the device for all steps, but for the few arrays of a batch's size that the data step holds.
  Index bytes() const {
    return plan_.bytes() + batch_.bytes() +
           (parameters_.size() + gradient_.size() + moments_.size()) * static_cast<Index>(sizeof(T));
  }

  /// Sets the weights, and Adam's two moments, one behind the other.
  void set(std::span<const T> parameters, std::span<const T> moments) {
    ex_.upload(parameters, parameters_.span());
    ex_.upload(moments, moments_.span());
  }
  /// Copies them back.
  void get(std::span<T> parameters, std::span<T> moments) const {
    ex_.download(std::span<const T>(parameters_.span()), parameters);
    ex_.download(std::span<const T>(moments_.span()), moments);
  }

  /// Makes update number `step` (from 1) with `factor` times the learning rate.
  void operator()(const HostBatch<T>& batch, Index step, double factor) {
    batch_.upload(batch);
    const double t = double(step);
    const std::array<double, 1> rate{factor * options_.adam.learning_rate *
                                     std::sqrt(1 - std::pow(options_.adam.beta2, t)) /
                                     (1 - std::pow(options_.adam.beta1, t))};
    ex_.upload(std::span<const double>(rate), numbers_.span().subspan(rate_at, 1));
    if (options_.graph)
      graph_.run(ex_, [&] { launch(); });
    else
      launch();
  }

  /// Loss of the last batch before its update, and the norm of its gradient.
  struct Report {
    double loss, gradient_norm;
  };
  /// Waits for the last step.
  Report report() const {
    std::array<double, count_of_numbers> numbers{};
    ex_.download(std::span<const double>(numbers_.span()), std::span<double>(numbers));
    return {numbers[loss_at], std::sqrt(numbers[norm_at])};
  }

  /// Restores a batch with the present weights; z gets as many entries as the batch has.
  void restore(const HostBatch<T>& batch, std::span<T> z) {
    batch_.upload(batch);
    launch_restoration();
    ex_.download(std::span<const T>(plan_.cache.z.flat()), z);
  }

  /// Launches the restoration of the batch that is on the device.
  void launch_restoration() {
    rebind();
    network_.forward(ex_, parameters_.span(), bound_, plan_.cache.network, plan_.cache.z);
  }
  /// Launches a step on the batch and with the rate that are on the device, kernel by kernel.
  void launch() {
    Work& w = plan_.cache;
    const Adam& adam = options_.adam;
    double* numbers = numbers_.data();
    const auto p = static_cast<std::size_t>(parameters_.size());
    rebind();
    network_.forward(ex_, parameters_.span(), bound_, w.network, w.z);
    loss_gradient(ex_, options_.loss, View<const T>(w.z), batch_.truth(), w.loss_scratch, numbers + loss_at, w.grad_z);
    fill(ex_, T(0), gradient_.span());
    network_.adjoint(ex_, parameters_.span(), bound_, w.network, w.grad_z, gradient_.span());
    squared_norm_on_device(ex_, std::span<const T>(gradient_.span()), numbers + norm_at);
    clipped_adam_update(ex_, numbers + rate_at, adam.beta1, adam.beta2, adam.epsilon, options_.clip_norm,
                        numbers + norm_at, gradient_.span(), moments_.span().first(p), moments_.span().last(p),
                        parameters_.span());
  }

 private:
  enum : std::size_t { rate_at, loss_at, norm_at, count_of_numbers };

  struct Work {
    View<T> z, grad_z;
    std::span<double> loss_scratch;
    typename Network::Cache network;

    template <class M>
    Work(const Ex& ex, const Network& net, M& memory, const Shape& batch, const Backward& backward)
        : z(memory.kept.template take<T>(batch)),
          grad_z(memory.kept.template take<T>(batch)),
          loss_scratch(memory.kept.template take<double>(loss_scratch_size(ex, batch))),
          network(net.make_cache(memory, batch, backward)) {}
  };

  static BatchStepOptions<LossType> checked(const BatchStepOptions<LossType>& options, const Network& network) {
    if (network.options().learn_rho)
      throw InputError("BatchStep: a learned rho needs factors for every value of it, which a batch does not have");
    options.adam.check();
    return options;
  }

  void rebind() { bound_.rebind(ex_, batch_.measurement()); }

  template <class U>
  using Device = decltype(std::declval<const Ex&>().template allocate<U>(0));

  Ex ex_;
  const Network& network_;
  BatchStepOptions<LossType> options_;
  DeviceBatch<T, Ex> batch_;
  Device<T> parameters_, gradient_, moments_;
  Device<double> numbers_;
  decltype(std::declval<const Network&>().bind(std::declval<const Ex&>(), std::declval<const ProblemBatch<T, Ex>&>(),
                                               std::declval<std::span<const T>>())) bound_;
  Planned<Work, Ex> plan_;
  cuda::Graph<Ex> graph_;
};

}  // namespace videoonenet
