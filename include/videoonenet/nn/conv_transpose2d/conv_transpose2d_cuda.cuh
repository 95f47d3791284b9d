// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the transposed convolution: those of the convolution, and the bias its output starts from.

#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_cuda.cuh"

namespace videoonenet::cuda {

/// y[p, k] = b[k] for every pixel p; zero where b is empty.
template <Gpu Ex, class T>
void conv_transpose2d_bias(const Ex& ex, Index channels, Input<T> bias, Output<T> y) {
  if (bias.empty()) return fill(ex, T(0), y);
  const Divisor count(as_int(channels, "conv_transpose2d_bias"));
  const T* from = bias.data();
  T* to = y.data();
  for_each(ex, as_int(std::ssize(y), "conv_transpose2d_bias"),
           [=] VIDEOONENET_DEVICE(Index i) { to[i] = from[count.remainder(static_cast<int>(i))]; });
}

}  // namespace videoonenet::cuda
