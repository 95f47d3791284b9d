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
  constexpr Index channels = 64, pixels = 256;
  const Index total = g.frames * g.out_h() * g.out_w();
  for (Index k = 0; k < g.out; k += channels) {
    const Index count = std::min(channels, g.out - k);
    for (Index first = 0; first < total; first += pixels) {
      T sums[channels] = {};
      for (Index p = first; p < std::min(total, first + pixels); ++p)
        for (Index i = 0; i < count; ++i) sums[i] += grad_y.data()[p * g.out + k + i];
      for (Index i = 0; i < count; ++i) grad_bias.data()[k + i] += sums[i];
    }
  }
}

}  // namespace videoonenet::cpu
