// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the weighted channel sum.

#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/cuda/for_each.cuh"

namespace videoonenet::cuda {

/// y[p] = Σ_f weights[f] x[p, f].
template <Gpu Ex, class T>
void channel_sum_apply(const Ex& ex, Input<T> weights, Input<T> x, Output<T> y) {
  const T *px = x.data(), *pw = weights.data();
  T* py = y.data();
  const Index channels = std::ssize(weights);
  for_each(ex, std::ssize(y), [=] VIDEOONENET_DEVICE(Index p) {
    T sum = 0;
    for (Index f = 0; f < channels; ++f) sum += pw[f] * px[p * channels + f];
    py[p] = sum;
  });
}

/// x[p, f] = weights[f] y[p].
template <Gpu Ex, class T>
void channel_sum_adjoint(const Ex& ex, Input<T> weights, Input<T> y, Output<T> x) {
  const T *py = y.data(), *pw = weights.data();
  T* px = x.data();
  const Index size = as_int(std::ssize(x), "ChannelSum");
  const Divisor channels(as_int(std::ssize(weights), "ChannelSum"));
  for_each(ex, size, [=] VIDEOONENET_DEVICE(Index i) {
    const int entry = static_cast<int>(i), p = channels.divide(entry);
    px[i] = pw[entry - p * channels.value()] * py[p];
  });
}

}  // namespace videoonenet::cuda
