// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the box constraint.

#include <algorithm>

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu {

/// x = min(max(v, low), high); NaN stays NaN, so that a diverged iteration is noticed.
template <class T>
void box_project(const Executor& ex, std::type_identity_t<T> low, std::type_identity_t<T> high, Input<T> v,
                 Output<T> x) {
  const T* pv = v.data();
  T* px = x.data();
  detail::for_blocks(ex, std::ssize(x), [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) px[i] = std::min(std::max(pv[i], low), high);
  });
}

/// Number of entries outside [low, high], NaN among them.
template <class T>
double box_violations(const Executor& ex, T low, T high, Input<T> x) {
  const T* px = x.data();
  return detail::blocked_sum(ex, std::ssize(x), [=](Index i) { return px[i] >= low && px[i] <= high ? 0.0 : 1.0; });
}

}  // namespace videoonenet::cpu
