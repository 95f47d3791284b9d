// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the ℓ1 norm.

#include <cmath>

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu {

/// x = sign(v) max(|v| − threshold, 0).
template <class T>
void soft_threshold(const Executor& ex, std::type_identity_t<T> threshold, Input<T> v, Output<T> x) {
  const T* pv = v.data();
  T* px = x.data();
  detail::for_blocks(ex, std::ssize(x), [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) px[i] = std::copysign(std::max(std::abs(pv[i]) - threshold, T(0)), pv[i]);
  });
}

/// ‖x‖₁.
template <class T>
double l1_norm(const Executor& ex, std::span<const T> x) {
  const T* px = x.data();
  return detail::blocked_sum(ex, std::ssize(x), [=](Index i) { return std::abs(double(px[i])); });
}

}  // namespace videoonenet::cpu
