// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The fully connected layer of whole frames, as at the end of a discriminator.

#include "videoonenet/nn/conv2d/conv2d.hpp"

namespace videoonenet {

/// Every output of a frame depends on every entry of the frame.
///
/// Math: y[k] = b[k] + Σ_i K[i, k] x[i] over the h·w·in entries i of each frame, row-major: a 1 × 1 convolution of a
/// pixel that has them all as channels.
/// Adjoint: grad_x[i] += Σ_k K[i, k] grad_y[k]; grad_K[i, k] += Σ over frames of x[i] grad_y[k]; grad_b[k] += Σ grad_y.
/// Shapes: (N, T, h, w, in) to (N, T, 1, 1, out); θ = K (h·w·in, out), then b (out).
/// Errors: ShapeError for another frame size or other channels.
/// Cost: h·w·in·out multiply-adds for every frame, the adjoint twice that.
template <class T>
struct FrameDense {
  using value_type = T;
  using Cache = typename Conv2d<T>::Cache;

  Index h = 1, w = 1;
  Index in = 1, out = 1;
  Initial initial = Initial::glorot_uniform;  ///< of the kernel

  Shape output_shape(const Shape& x) const {
    require_valid(x, "FrameDense");
    if (x.h != h || x.w != w || x.f != in)
      throw ShapeError(sentence("FrameDense: the input (N,T,H,W,F) = ", x, " has frames of ", Index(x.h), "x",
                                Index(x.w), "x", Index(x.f), ", expected ", h, "x", w, "x", in));
    return {.n = x.n, .t = x.t, .h = 1, .w = 1, .f = out};
  }
  Index parameter_count() const { return convolution().parameter_count(); }
  std::vector<Parameter> parameters() const {
    return {{"kernel", {h * w * in, out}, initial}, {"bias", {out}, Initial::zeros}};
  }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    output_shape(x);
    return convolution().make_cache(memory, pixels(x));
  }
  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "FrameDense::forward", "y");
    convolution().forward(ex, parameters, View<const T>{x.data, pixels(x.shape)}, y, cache);
  }
  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters) const {
    output_shape(grad_x.shape);
    convolution().adjoint(ex, parameters, cache, grad_y, View<T>{grad_x.data, pixels(grad_x.shape)}, grad_parameters);
  }

 private:
  Conv2d<T> convolution() const { return {.in = h * w * in, .out = out, .kernel = 1}; }
  /// Each frame as one pixel.
  static Shape pixels(const Shape& x) { return {.n = x.n, .t = x.t, .h = 1, .w = 1, .f = x.frame_size()}; }
};

}  // namespace videoonenet
