// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The channel-wise fully connected layer at the bottleneck of the image networks.

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/nn/channel_dense/channel_dense_cpu.hpp"

namespace videoonenet {

/// Every position of a frame depends on every other one of the same channel: a matrix for each channel, no bias.
///
/// Math: y[q, c] = Σ_p K[p, q, c] x[p, c] for positions p, q = (row, column) of each frame.
/// Adjoint: grad_x[p, c] += Σ_q K[p, q, c] grad_y[q, c]; grad_K[p, q, c] += Σ over frames of x[p, c] grad_y[q, c].
/// Shapes: (N, T, h, w, channels), kept; θ = K (h·w, h·w, channels).
/// Errors: ShapeError for another frame size or other channels.
/// Cost: (h·w)²·channels multiply-adds for every frame, the adjoint twice that.  Source: SPEC §4 (DUA).
template <class T>
struct ChannelDense {
  using value_type = T;
  struct Cache {
    View<const T> x{};
  };

  Index h = 8, w = 8;
  Index channels = 1;

  Shape output_shape(const Shape& x) const {
    require_valid(x, "ChannelDense");
    if (x.h != h || x.w != w || x.f != channels)
      throw ShapeError(sentence("ChannelDense: the input (N,T,H,W,F) = ", x, " has frames of ", Index(x.h), "x",
                                Index(x.w), "x", Index(x.f), ", expected ", h, "x", w, "x", channels));
    return x;
  }
  Index parameter_count() const { return h * w * h * w * channels; }
  std::vector<Parameter> parameters() const { return {{"kernel", {h * w, h * w, channels}, Initial::small_normal}}; }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>&, const Shape& x) const {
    output_shape(x);
    return {};
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "ChannelDense::forward", "y");
    require_size(std::ssize(parameters), parameter_count(), "ChannelDense::forward", "the parameter array");
    cache.x = x;
    channel_dense_forward(ex, geometry(x.shape), x.flat(), parameters, y.flat());
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters) const {
    const ChannelDenseGeometry g = geometry(cache.x.shape);
    require_shape(grad_y.shape, cache.x.shape, "ChannelDense::adjoint", "grad_y");
    require_shape(grad_x.shape, cache.x.shape, "ChannelDense::adjoint", "grad_x");
    require_size(std::ssize(grad_parameters), parameter_count(), "ChannelDense::adjoint", "grad_parameters");
    channel_dense_input_gradient(ex, g, grad_y.flat(), parameters, grad_x.flat());
    channel_dense_kernel_gradient(ex, g, cache.x.flat(), grad_y.flat(), grad_parameters);
  }

 private:
  ChannelDenseGeometry geometry(const Shape& x) const { return {x.n * x.t, h * w, channels}; }
};

}  // namespace videoonenet
