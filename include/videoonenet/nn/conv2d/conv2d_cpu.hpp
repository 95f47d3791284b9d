// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the convolution of frames.
///
/// Results do not depend on the number of threads, nor a frame's on the other frames.

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/nn/conv2d/conv2d_convolve_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_kernel_gradient_cpu.hpp"

namespace videoonenet::cpu {

/// Entries of scratch that the kernels below need, each on its own, for at most ex.threads threads.
template <class T>
Index conv2d_scratch_size(const Executor& ex, const Conv2dGeometry& g) {
  using namespace convolution;
  const Index workers = std::max(ex.threads, 1);
  return std::max({Plan<T>(Padded::forward(g)).scratch_size(workers),
                   Plan<T>(Padded::input_gradient(g)).scratch_size(workers),
                   KernelGradient<T>(g).scratch_size(workers)});
}

/// y = K ∗ x + b, or y += K ∗ x + b; b may be empty.
template <class T>
void conv2d_forward(const Executor& ex, const Conv2dGeometry& g, Input<T> x, Input<T> kernel, Input<T> bias,
                    Accumulate accumulate, Output<T> y, Output<T> scratch) {
  using namespace convolution;
  Plan<T>(Padded::forward(g))
      .run(ex, g.frames, x.data(), Kernel<T>::forward(g, kernel.data()), bias, accumulate, y.data(), scratch.data());
}

/// grad_x += Kᵀ ∗ grad_y.
template <class T>
void conv2d_input_gradient(const Executor& ex, const Conv2dGeometry& g, Input<T> grad_y, Input<T> kernel,
                           Output<T> grad_x, Output<T> scratch) {
  using namespace convolution;
  Plan<T>(Padded::input_gradient(g))
      .run(ex, g.frames, grad_y.data(), Kernel<T>::input_gradient(g, kernel.data()), {}, Accumulate::add, grad_x.data(),
           scratch.data());
}

/// grad_kernel[r, s, c, k] += Σ x · grad_y over the pixels they meet at.
template <class T>
void conv2d_kernel_gradient(const Executor& ex, const Conv2dGeometry& g, Input<T> x, Input<T> grad_y,
                            Output<T> grad_kernel, Output<T> scratch) {
  convolution::KernelGradient<T>(g).run(ex, g.frames, x.data(), grad_y.data(), grad_kernel.data(), scratch.data());
}

/// grad_bias[k] += Σ grad_y[…, k], added in blocks of pixels so that rounding errors do not pile up.
template <class T>
void conv2d_bias_gradient(const Executor&, const Conv2dGeometry& g, Input<T> grad_y, Output<T> grad_bias) {
  // Several pixels side by side make a row long enough for registers, whatever the number of channels.
  constexpr Index columns = 128, block = 128;
  const Index pixels = g.frames * g.out_h() * g.out_w(), together = std::max<Index>(1, columns / g.out);
  const auto add = [&](const T* first, Index rows, Index row, Index width, T* to) {
    T sums[columns] = {};
    for (Index r = 0; r < rows; ++r)
      for (Index i = 0; i < width; ++i) sums[i] += first[r * row + i];
    for (Index i = 0; i < width; ++i) to[i % g.out] += sums[i];
  };
  for (Index p = 0; p < pixels; p += together * block) {
    const Index count = std::min(together * block, pixels - p), rows = count / together, rest = count % together;
    const T* first = grad_y.data() + p * g.out;
    for (Index k = 0; k < g.out; k += columns)
      add(first + k, rows, together * g.out, together > 1 ? together * g.out : std::min(columns, g.out - k),
          grad_bias.data() + k);
    if (rest > 0) add(first + rows * together * g.out, 1, 0, rest * g.out, grad_bias.data());
  }
}

}  // namespace videoonenet::cpu
