// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Time-distributed convolution: every frame of every video with the same kernel.

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/core/streams.hpp"
#include "videoonenet/nn/conv2d/conv2d_cpu.hpp"

namespace videoonenet {

/// 'Same' convolution of each frame with k × k kernels from `in` to `out` channels.
///
/// Math: y[i, j, k] = b[k] + Σ_{r, s, c} K[r, s, c, k] · x[i·stride + r − before, j·stride + s − before, c], x zero
/// outside of the frame; stride 1 puts ⌊(kernel − 1)/2⌋ zeros before (Conv2dGeometry).
/// Adjoint: grad_x[p, c] += Σ K[r, s, c, k] grad_y[q, k] and grad_K[r, s, c, k] += Σ x[p, c] grad_y[q, k] over the
/// pixels p of x and q of y that meet at (r, s); grad_b[k] += Σ_q grad_y[q, k].
/// Shapes: (N, T, H, W, in) to (N, T, ⌈H/stride⌉, ⌈W/stride⌉, out); θ = K (kernel, kernel, in, out), then b (out).
/// Errors: ShapeError for other channels than `in`.
/// Cost: kernel²·in·out multiply-adds for every pixel of y, the adjoint twice that.  Source: SPEC §4.
template <class T>
struct Conv2d {
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
    require_convolution(in, out, kernel, stride, "Conv2d");
    require_valid(x, "Conv2d");
    if (x.f != in)
      throw ShapeError(
          sentence("Conv2d: the input (N,T,H,W,F) = ", x, " has ", Index(x.f), " channels, expected in = ", in));
    const Conv2dGeometry g = geometry(x);
    return {.n = x.n, .t = x.t, .h = g.out_h(), .w = g.out_w(), .f = out};
  }
  Index parameter_count() const { return kernel * kernel * in * out + (bias ? out : 0); }
  std::vector<Parameter> parameters() const {
    std::vector<Parameter> all{{"kernel", {kernel, kernel, in, out}, initial}};
    if (bias) all.push_back({"bias", {out}, Initial::zeros});
    return all;
  }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    const typename Arena<Ex>::Scope scope(memory.scratch);
    output_shape(x);
    return {.scratch = memory.scratch.template take<T>(conv2d_scratch_size<T>(memory.executor, geometry(x)))};
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "Conv2d::forward", "y");
    require_size(std::ssize(parameters), parameter_count(), "Conv2d::forward", "the parameter array");
    cache.x = x;
    conv2d_forward(ex, geometry(x.shape), x.flat(), parameters.first(kernel_size()), parameters.subspan(kernel_size()),
                   Accumulate::overwrite, y.flat(), cache.scratch);
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters, Accumulate accumulate = Accumulate::add) const {
    const Conv2dGeometry g = geometry(cache.x.shape);
    require_shape(grad_y.shape, output_shape(cache.x.shape), "Conv2d::adjoint", "grad_y");
    require_shape(grad_x.shape, cache.x.shape, "Conv2d::adjoint", "grad_x");
    const auto input = [&](const Ex& own) {
      conv2d_input_gradient(own, g, grad_y.flat(), parameters.first(kernel_size()), grad_x.flat(), cache.scratch,
                            accumulate);
    };
    overlap(ex, input, [&](const Ex& own) {
      conv2d_parameter_gradients(own, g, cache.x.flat(), grad_y.flat(), grad_parameters.first(kernel_size()),
                                 grad_parameters.subspan(kernel_size()), cache.scratch);
    });
  }

  /// The convolution of a batch of videos.
  Conv2dGeometry geometry(const Shape& x) const {
    return {.frames = x.n * x.t, .h = x.h, .w = x.w, .in = in, .out = out, .kernel = kernel, .stride = stride};
  }

 private:
  std::size_t kernel_size() const { return static_cast<std::size_t>(kernel * kernel * in * out); }
};

}  // namespace videoonenet
