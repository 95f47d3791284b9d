// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Batch norm, with the activation that follows it in the same pass.

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/nn/batch_norm/batch_norm_cpu.hpp"

namespace videoonenet {

/// Which mean and variance batch norm uses.
enum class BatchNormStatistics {
  automatic,  ///< the batch's with a cache made for training, the running ones with a cache made for inference
  batch,      ///< always the batch's
  running,    ///< always the running ones, for training on with frozen statistics
};

/// y = f(γ (x − μ)/√(σ² + ε) + β) with μ and σ² of each channel over N, T, H and W.
///
/// A layer holds options only, so the running statistics are entries of θ: they travel with the weights into files and
/// copies. Their gradient is zero, so no optimiser moves them (but weight decay would); the training loop calls
/// `update_running_statistics` after a forward pass, on the one θ that it trains. With one sample per thread the batch
/// is that sample.
/// Math and adjoint: Normalization; running statistics are constants.
/// Shapes: any of `channels` channels, kept. θ = γ, β, running mean, running variance, `channels` each.
/// Errors: ShapeError for other channels than `channels`.
/// Cost: two passes forward and two back, one each with running statistics.  Source: INF and INV, Tables 2 and 3.
template <class T, ActivationFunction F = Linear>
struct BatchNorm {
  using value_type = T;
  struct Cache {
    View<const T> x{};
    std::span<Moments> moments{};
    std::span<double> scratch{};
    bool running = false;
  };

  Index channels = 1;
  double epsilon = 1e-3;
  double momentum = 0.99;  ///< share of the old running statistics that an update keeps
  BatchNormStatistics statistics = BatchNormStatistics::automatic;
  F activation{};

  Shape output_shape(const Shape& x) const {
    require_valid(x, "BatchNorm");
    if (x.f != channels)
      throw ShapeError(sentence("BatchNorm: the input (N,T,H,W,F) = ", x, " has ", Index(x.f),
                                " channels, expected channels = ", channels));
    return x;
  }
  Index parameter_count() const { return 4 * channels; }
  std::vector<Parameter> parameters() const {
    return {{"gamma", {channels}, Initial::ones},
            {"beta", {channels}, Initial::zeros},
            {"running_mean", {channels}, Initial::zeros},
            {"running_variance", {channels}, Initial::ones}};
  }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    const typename Arena<Ex>::Scope scope(memory.scratch);
    const Normalization g = normalization(output_shape(x), false);
    const bool inference = memory.purpose == Purpose::inference;
    return {.moments = memory.kept.template take<Moments>(channels),
            .scratch = memory.scratch.template take<double>(normalization_scratch_size(memory.executor, g)),
            .running =
                statistics == BatchNormStatistics::automatic ? inference : statistics == BatchNormStatistics::running};
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "BatchNorm::forward", "y");
    require_size(std::ssize(parameters), parameter_count(), "BatchNorm::forward", "the parameter array");
    const Normalization g = normalization(x.shape, cache.running);
    cache.x = x;
    if (cache.running)
      batch_norm_moments(ex, part(parameters, 2), part(parameters, 3), cache.moments);
    else
      normalization_moments(ex, g, x.flat(), cache.scratch, cache.moments);
    normalization_forward(ex, g, activation, x.flat(), part(parameters, 0), part(parameters, 1), cache.moments,
                          y.flat());
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters) const {
    require_shape(grad_y.shape, cache.x.shape, "BatchNorm::adjoint", "grad_y");
    require_shape(grad_x.shape, cache.x.shape, "BatchNorm::adjoint", "grad_x");
    require_size(std::ssize(grad_parameters), parameter_count(), "BatchNorm::adjoint", "grad_parameters");
    normalization_adjoint(ex, normalization(cache.x.shape, cache.running), activation, cache.x.flat(),
                          part(parameters, 0), part(parameters, 1), cache.moments, grad_y.flat(), cache.scratch,
                          grad_x.flat(), part(grad_parameters, 0), part(grad_parameters, 1));
  }

  /// Moves the running statistics in θ towards those of the batch that the last forward pass with `cache` saw.
  /// Errors: ShapeError for another θ.
  template <Executor Ex>
  void update_running_statistics(const Ex& ex, const Cache& cache, std::span<T> parameters) const {
    require_size(std::ssize(parameters), parameter_count(), "BatchNorm::update_running_statistics",
                 "the parameter array");
    if (cache.running) return;  // the batch's were not computed
    batch_norm_update(ex, momentum, cache.moments, part(parameters, 2), part(parameters, 3));
  }

 private:
  Normalization normalization(const Shape& x, bool running) const {
    return {.pixels = x.n * x.t * x.h * x.w,
            .channels = channels,
            .epsilon = epsilon,
            .placement = EpsilonPlacement::variance,
            .constant_moments = running};
  }
  /// The k-th array of θ.
  template <class U>
  std::span<U> part(std::span<U> parameters, Index k) const {
    return parameters.subspan(static_cast<std::size_t>(k * channels), static_cast<std::size_t>(channels));
  }
};

}  // namespace videoonenet
