// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Time-distributed transposed convolution: the adjoint of the convolution from its output to its input.

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/core/streams.hpp"
#include "videoonenet/nn/conv_transpose2d/conv_transpose2d_cpu.hpp"

namespace videoonenet {

/// Transposed 'same' convolution of each frame with k × k kernels from `in` to `out` channels: what Conv2d from `out`
/// to `in` channels does to a gradient, and a bias.
///
/// Math: y[p, k] = b[k] + Σ K[r, s, k, c] x[q, c] over the pixels q of x that meet p at (r, s), where the convolution
/// of a frame of y's size would read p for its output q.
/// Adjoint: grad_x = K ∗ grad_y, that convolution; grad_K[r, s, k, c] += Σ grad_y[p, k] x[q, c]; grad_b[k] += Σ grad_y.
/// Shapes: (N, T, H, W, in) to (N, T, H·stride, W·stride, out); θ = K (kernel, kernel, out, in), then b (out).
/// Errors: ShapeError for other channels than `in`.
/// Cost: kernel²·in·out multiply-adds for every pixel of x, the adjoint twice that.  Source: SPEC §4.
template <class T>
struct ConvTranspose2d {
  using value_type = T;

  Index in = 1, out = 1;
  Index kernel = 3;
  Index stride = 1;
  bool bias = true;
  Initial initial = Initial::glorot_uniform;  ///< of the kernel

  struct Cache {
    View<const T> x{};
    std::span<T> scratch{};
  };

  Shape output_shape(const Shape& x) const {
    require_convolution(in, out, kernel, stride, "ConvTranspose2d");
    require_valid(x, "ConvTranspose2d");
    if (x.f != in)
      throw ShapeError(sentence("ConvTranspose2d: the input (N,T,H,W,F) = ", x, " has ", Index(x.f),
                                " channels, expected in = ", in));
    return {.n = x.n, .t = x.t, .h = x.h * stride, .w = x.w * stride, .f = out};
  }
  Index parameter_count() const { return kernel * kernel * in * out + (bias ? out : 0); }
  std::vector<Parameter> parameters() const {
    std::vector<Parameter> all{{"kernel", {kernel, kernel, out, in}, initial}};
    if (bias) all.push_back({"bias", {out}, Initial::zeros});
    return all;
  }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    const typename Arena<Ex>::Scope scope(memory.scratch);
    output_shape(x);
    return {.scratch =
                memory.scratch.template take<T>(conv2d_scratch_size<T>(memory.executor, transposed_geometry(x)))};
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "ConvTranspose2d::forward", "y");
    require_size(std::ssize(parameters), parameter_count(), "ConvTranspose2d::forward", "the parameter array");
    cache.x = x;
    conv_transpose2d_bias(ex, out, parameters.subspan(kernel_size()), y.flat());
    conv2d_input_gradient(ex, transposed_geometry(x.shape), x.flat(), parameters.first(kernel_size()), y.flat(),
                          cache.scratch);
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters, Accumulate accumulate = Accumulate::add) const {
    const Conv2dGeometry g = transposed_geometry(cache.x.shape);
    require_shape(grad_y.shape, output_shape(cache.x.shape), "ConvTranspose2d::adjoint", "grad_y");
    require_shape(grad_x.shape, cache.x.shape, "ConvTranspose2d::adjoint", "grad_x");
    const Conv2dGeometry pixels{.frames = g.frames, .h = g.h, .w = g.w, .out = out, .kernel = 1};
    const auto input = [&](const Ex& own) {
      conv2d_forward(own, g, grad_y.flat(), parameters.first(kernel_size()), {}, accumulate, grad_x.flat(),
                     cache.scratch);
    };
    overlap(ex, input, [&](const Ex& own) {
      conv2d_kernel_gradient(own, g, grad_y.flat(), cache.x.flat(), grad_parameters.first(kernel_size()),
                             cache.scratch);
      if (bias) conv2d_bias_gradient(own, pixels, grad_y.flat(), grad_parameters.subspan(kernel_size()));
    });
  }

  /// The convolution whose adjoint this is, for a batch x of this layer's inputs.
  Conv2dGeometry transposed_geometry(const Shape& x) const {
    return {.frames = x.n * x.t,
            .h = x.h * stride,
            .w = x.w * stride,
            .in = out,
            .out = in,
            .kernel = kernel,
            .stride = stride};
  }

 private:
  std::size_t kernel_size() const { return static_cast<std::size_t>(kernel * kernel * in * out); }
};

}  // namespace videoonenet
