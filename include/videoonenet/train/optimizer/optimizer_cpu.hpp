// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Kernels of the optimisers and of clipping on the host.

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu {

/// One step of Adam on every entry: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − rate m / (√v + ε).
template <class T>
void adam_update(const Executor& ex, double rate, double beta1, double beta2, double epsilon, Input<T> gradient,
                 Output<T> first, Output<T> second, Output<T> parameters) {
  const T r = T(rate), b1 = T(beta1), c1 = T(1 - beta1), b2 = T(beta2), c2 = T(1 - beta2), e = T(epsilon);
  const T* g = gradient.data();
  T *m = first.data(), *v = second.data(), *p = parameters.data();
  detail::for_blocks(ex, std::ssize(parameters), [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      m[i] = b1 * m[i] + c1 * g[i];
      v[i] = b2 * v[i] + c2 * g[i] * g[i];
      p[i] -= r * m[i] / (std::sqrt(v[i]) + e);
    }
  });
}

/// y ← min(max(y, −limit), limit); NaN stays.
template <class T>
void clamp_entries(const Executor& ex, std::type_identity_t<T> limit, Output<T> y) {
  T* py = y.data();
  detail::for_blocks(ex, std::ssize(y), [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) py[i] = std::clamp(py[i], -limit, limit);
  });
}

}  // namespace videoonenet::cpu
