// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Kernels of the losses on the host.

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu {

/// y = factor (a − b).
template <class T>
void scaled_difference(const Executor& ex, std::type_identity_t<T> factor, Input<T> a, Input<T> b, Output<T> y) {
  const T *pa = a.data(), *pb = b.data();
  T* py = y.data();
  detail::for_blocks(ex, std::ssize(y), [=](Index first, Index end) {
    for (Index i = first; i < end; ++i) py[i] = factor * (pa[i] - pb[i]);
  });
}

/// y = factor sign(a − b), where the sign of zero is zero.
template <class T>
void scaled_sign_of_difference(const Executor& ex, std::type_identity_t<T> factor, Input<T> a, Input<T> b,
                               Output<T> y) {
  const T *pa = a.data(), *pb = b.data();
  T* py = y.data();
  detail::for_blocks(ex, std::ssize(y), [=](Index first, Index end) {
    for (Index i = first; i < end; ++i) py[i] = factor * (T(pa[i] > pb[i]) - T(pa[i] < pb[i]));
  });
}

/// ‖x − y‖₁, accumulated in double.
template <class T>
double absolute_distance(const Executor& ex, std::span<const T> x, Input<T> y) {
  const T *px = x.data(), *py = y.data();
  return detail::blocked_sum(ex, std::ssize(x), [=](Index i) { return std::abs(double(px[i]) - double(py[i])); });
}

/// Σ softplus(x) − label x, accumulated in double; softplus(x) = max(x, 0) + log(1 + e^−|x|), which never overflows.
template <class T>
double logistic_loss(const Executor& ex, double label, std::span<const T> x) {
  const T* px = x.data();
  return detail::blocked_sum(ex, std::ssize(x), [=](Index i) {
    const double v = double(px[i]);
    return std::max(v, 0.0) + std::log1p(std::exp(-std::abs(v))) - label * v;
  });
}

/// y = factor (σ(x) − label).
template <class T>
void scaled_logistic_gradient(const Executor& ex, double factor, double label, Input<T> x, Output<T> y) {
  const T* px = x.data();
  T* py = y.data();
  detail::for_blocks(ex, std::ssize(y), [=](Index first, Index end) {
    for (Index i = first; i < end; ++i) py[i] = static_cast<T>(factor * (1 / (1 + std::exp(-double(px[i]))) - label));
  });
}

}  // namespace videoonenet::cpu
