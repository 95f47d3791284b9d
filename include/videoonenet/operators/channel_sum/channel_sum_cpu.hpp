// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the weighted channel sum.

#include "videoonenet/operators/loops_cpu.hpp"

namespace videoonenet::cpu {

/// y[p] = Σ_f weights[f] x[p, f].
template <class T>
void channel_sum_apply(const Executor& ex, Input<T> weights, Input<T> x, Output<T> y) {
  const T *px = x.data(), *pw = weights.data();
  T* py = y.data();
  detail::with_channels(std::ssize(weights), [&](auto channels) {
    detail::for_blocks(ex, std::ssize(y), [=](Index begin, Index end) {
      for (Index p = begin; p < end; ++p) {
        T sum = 0;
        for (Index f = 0; f < channels; ++f) sum += pw[f] * px[p * channels + f];
        py[p] = sum;
      }
    });
  });
}

/// x[p, f] = weights[f] y[p].
template <class T>
void channel_sum_adjoint(const Executor& ex, Input<T> weights, Input<T> y, Output<T> x) {
  const T *py = y.data(), *pw = weights.data();
  T* px = x.data();
  detail::with_channels(std::ssize(weights), [&](auto channels) {
    detail::for_blocks(ex, std::ssize(y), [=](Index begin, Index end) {
      for (Index p = begin; p < end; ++p)
        for (Index f = 0; f < channels; ++f) px[p * channels + f] = pw[f] * py[p];
    });
  });
}

}  // namespace videoonenet::cpu
