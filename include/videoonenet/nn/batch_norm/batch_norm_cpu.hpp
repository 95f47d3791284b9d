// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of batch norm's running statistics.

#include "videoonenet/nn/normalization/normalization_cpu.hpp"

namespace videoonenet::cpu {

/// μ and σ from means and variances.
template <class T>
void batch_norm_moments(const Executor&, std::span<const T> mean, Input<T> variance, std::span<Moments> moments) {
  for (std::size_t c = 0; c < moments.size(); ++c) moments[c] = {double(mean[c]), std::sqrt(double(variance[c]))};
}

/// mean ← momentum · mean + (1 − momentum) μ, and the variance likewise with σ².
template <class T>
void batch_norm_update(const Executor&, double momentum, std::span<const Moments> moments, Output<T> mean,
                       Output<T> variance) {
  const auto blend = [=](T& running, double batch) {
    running = static_cast<T>(momentum * double(running) + (1 - momentum) * batch);
  };
  for (std::size_t c = 0; c < moments.size(); ++c) {
    blend(mean[c], moments[c].mean);
    blend(variance[c], moments[c].deviation * moments[c].deviation);
  }
}

}  // namespace videoonenet::cpu
