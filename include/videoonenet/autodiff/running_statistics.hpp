// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The running statistics of batch norm, wherever it is inside of composed layers.

#include "videoonenet/concepts/layer.hpp"

namespace videoonenet {

/// A layer that has running statistics among its parameters, or may have them in its parts: batch norm, and the layers
/// that are composed of others.
template <class L, class Ex = Cpu, class T = typename L::value_type>
concept UpdatesRunningStatistics =
    requires(const L& l, const Ex& ex, const typename L::Cache& cache, std::span<T> parameters) {
      l.update_running_statistics(ex, cache, parameters);
    };

/// Moves the running statistics among a layer's parameters towards those of the batch that the last forward pass with
/// `cache` saw; other layers' parameters stay as they are. A training loop calls it once a batch.
/// Errors: those of the layer.
template <Executor Ex, class L>
void update_running_statistics_of(const Ex& ex, const L& layer, const typename L::Cache& cache,
                                  std::span<typename L::value_type> parameters) {
  if constexpr (UpdatesRunningStatistics<L, Ex>) layer.update_running_statistics(ex, cache, parameters);
}

}  // namespace videoonenet
