// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the transposed convolution: those of the convolution, and the bias its output starts from.

#include "videoonenet/nn/conv2d/conv2d_cpu.hpp"

namespace videoonenet::cpu {

/// y[p, k] = b[k] for every pixel p; zero where b is empty.
template <class T>
void conv_transpose2d_bias(const Executor& ex, Index channels, Input<T> bias, Output<T> y) {
  if (bias.empty()) return fill(ex, T(0), y);
  const Index pixels = std::ssize(y) / channels;
  parallel_ranges(detail::for_size(ex, std::ssize(y)), pixels, [&](Index, Index begin, Index end) {
    for (Index p = begin; p < end; ++p) std::copy(bias.begin(), bias.end(), y.data() + p * channels);
  });
}

}  // namespace videoonenet::cpu
