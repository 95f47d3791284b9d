// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the ℓ1 norm.

#include "videoonenet/core/cuda/reduce.cuh"
#include "videoonenet/core/view.hpp"

namespace videoonenet::cuda {

namespace detail {

/// sign(v) max(|v| − threshold, 0); NaN stays NaN, so that a diverged iteration is noticed.
template <class T>
VIDEOONENET_DEVICE T soft_thresholded(T v, T threshold) {
  const T raised = v < -threshold ? -threshold : v;
  return v - (threshold < raised ? threshold : raised);
}

template <class T>
struct MagnitudeTerm {
  const T* x;
  VIDEOONENET_DEVICE void operator()(Index i, Sums<1>& sums) const {
    sums[0] += x[i] < T(0) ? -double(x[i]) : double(x[i]);
  }
};

}  // namespace detail

/// x = sign(v) max(|v| − threshold, 0).
template <Gpu Ex, class T>
void soft_threshold(const Ex& ex, std::type_identity_t<T> threshold, Input<T> v, Output<T> x) {
  const T* pv = v.data();
  T* px = x.data();
  for_each(ex, std::ssize(x), [=] VIDEOONENET_DEVICE(Index i) { px[i] = detail::soft_thresholded(pv[i], threshold); });
}

/// ‖x‖₁.  Cost: it waits for the device.
template <Gpu Ex, class T>
double l1_norm(const Ex& ex, std::span<const T> x) {
  return sum_to_host<1>(ex, std::ssize(x), detail::MagnitudeTerm<T>{x.data()})[0];
}

}  // namespace videoonenet::cuda
