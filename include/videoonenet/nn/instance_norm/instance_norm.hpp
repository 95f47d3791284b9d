// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Instance norm, with the activation that follows it in the same pass.

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/nn/normalization/normalization_cpu.hpp"

namespace videoonenet {

/// What instance norm takes mean and deviation over.
enum class InstanceNormPolicy {
  joint,    ///< over T, H, W and channels of a sample, s = σ + ε, scalar γ and β: the public VideoOneNet code's
  channel,  ///< over H and W of a frame and channel, s = √(σ² + ε), γ and β for every channel: Ulyanov et al.'s
};

/// y = f(γ (x − μ)/s + β): normalises each sample by its own mean μ and population deviation σ, then applies f.
///
/// Math and adjoint: Normalization. A sample whose entries are all equal has the output f(β) and the gradient 0 through
/// its deviation.
/// Shapes: any, kept; `channel` asks for `channels` of them. θ = γ, β: one each for `joint`, else `channels` each.
/// Errors: ShapeError for other channels than `channels`.
/// Cost: two passes forward, two back; the cache points at x and keeps μ and σ.  Source: SPEC §4.
template <class T, ActivationFunction F = Linear>
struct InstanceNorm {
  using value_type = T;
  struct Cache {
    View<const T> x{};
    std::span<Moments> moments{};
    std::span<double> scratch{};
  };

  InstanceNormPolicy policy = InstanceNormPolicy::joint;
  Index channels = 1;  ///< of x; any for `joint`
  double epsilon = 1e-3;
  F activation{};

  Shape output_shape(const Shape& x) const {
    require_valid(x, "InstanceNorm");
    if (policy == InstanceNormPolicy::channel && x.f != channels)
      throw ShapeError(sentence("InstanceNorm: the input (N,T,H,W,F) = ", x, " has ", Index(x.f),
                                " channels, expected channels = ", channels));
    return x;
  }
  Index parameter_count() const { return 2 * parameter_channels(); }
  std::vector<Parameter> parameters() const {
    return {{"gamma", {parameter_channels()}, Initial::ones}, {"beta", {parameter_channels()}, Initial::zeros}};
  }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    const typename Arena<Ex>::Scope scope(memory.scratch);
    const Normalization g = normalization(output_shape(x));
    return {.moments = memory.kept.template take<Moments>(g.groups * g.channels),
            .scratch = memory.scratch.template take<double>(normalization_scratch_size(memory.executor, g))};
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "InstanceNorm::forward", "y");
    require_size(std::ssize(parameters), parameter_count(), "InstanceNorm::forward", "the parameter array");
    const Normalization g = normalization(x.shape);
    const auto half = parameters.size() / 2;
    cache.x = x;
    normalization_moments(ex, g, x.flat(), cache.scratch, cache.moments);
    normalization_forward(ex, g, activation, x.flat(), parameters.first(half), parameters.subspan(half), cache.moments,
                          y.flat());
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters, Accumulate accumulate = Accumulate::add) const {
    require_shape(grad_y.shape, cache.x.shape, "InstanceNorm::adjoint", "grad_y");
    require_shape(grad_x.shape, cache.x.shape, "InstanceNorm::adjoint", "grad_x");
    require_size(std::ssize(grad_parameters), parameter_count(), "InstanceNorm::adjoint", "grad_parameters");
    const auto half = parameters.size() / 2;
    normalization_adjoint(ex, normalization(cache.x.shape), activation, cache.x.flat(), parameters.first(half),
                          parameters.subspan(half), cache.moments, grad_y.flat(), cache.scratch, grad_x.flat(),
                          grad_parameters.first(half), grad_parameters.subspan(half), accumulate);
  }

  /// Which entries of x are normalised together.
  Normalization normalization(const Shape& x) const {
    if (policy == InstanceNormPolicy::joint) return {.groups = x.n, .pixels = x.sample_size(), .epsilon = epsilon};
    return {.groups = x.n * x.t,
            .pixels = x.h * x.w,
            .channels = channels,
            .epsilon = epsilon,
            .placement = EpsilonPlacement::variance};
  }

 private:
  Index parameter_channels() const { return policy == InstanceNormPolicy::joint ? 1 : channels; }
};

}  // namespace videoonenet
