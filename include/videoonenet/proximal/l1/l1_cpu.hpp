// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the ℓ1 norm.

#include <cmath>

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu {

namespace detail {

/// sign(v) max(|v| − threshold, 0); NaN stays NaN, so that a diverged iteration is noticed.
template <class T>
T soft_thresholded(T v, T threshold) {
  return v - std::min(std::max(v, -threshold), threshold);
}

}  // namespace detail

/// x = sign(v) max(|v| − threshold, 0).
template <class T>
void soft_threshold(const Executor& ex, std::type_identity_t<T> threshold, Input<T> v, Output<T> x) {
  const T* pv = v.data();
  T* px = x.data();
  detail::for_blocks(ex, std::ssize(x), [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) px[i] = detail::soft_thresholded(pv[i], threshold);
  });
}

/// ‖x‖₁.
template <class T>
double l1_norm(const Executor& ex, std::span<const T> x) {
  const T* px = x.data();
  return detail::blocked_sum(ex, std::ssize(x), [=](Index i) { return std::abs(double(px[i])); });
}

}  // namespace videoonenet::cpu
