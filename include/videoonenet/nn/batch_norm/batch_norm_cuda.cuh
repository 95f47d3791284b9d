// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of batch norm's running statistics.

#include "videoonenet/core/cuda/for_each.cuh"
#include "videoonenet/nn/normalization/normalization_cuda.cuh"

namespace videoonenet::cuda {

/// μ and σ from means and variances.
template <Gpu Ex, class T>
void batch_norm_moments(const Ex& ex, std::span<const T> mean, Input<T> variance, std::span<Moments> moments) {
  const T *pm = mean.data(), *pv = variance.data();
  Moments* to = moments.data();
  for_each(ex, std::ssize(moments), [=] VIDEOONENET_DEVICE(Index c) { to[c] = {double(pm[c]), sqrt(double(pv[c]))}; });
}

/// mean ← momentum · mean + (1 − momentum) μ, and the variance likewise with σ².
template <Gpu Ex, class T>
void batch_norm_update(const Ex& ex, double momentum, std::span<const Moments> moments, Output<T> mean,
                       Output<T> variance) {
  const Moments* batch = moments.data();
  T *pm = mean.data(), *pv = variance.data();
  for_each(ex, std::ssize(moments), [=] VIDEOONENET_DEVICE(Index c) {
    const double mu = batch[c].mean, sigma = batch[c].deviation;
    pm[c] = static_cast<T>(momentum * double(pm[c]) + (1 - momentum) * mu);
    pv[c] = static_cast<T>(momentum * double(pv[c]) + (1 - momentum) * (sigma * sigma));
  });
}

}  // namespace videoonenet::cuda
