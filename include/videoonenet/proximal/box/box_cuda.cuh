// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the box constraint.

#include "videoonenet/core/cuda/reduce.cuh"
#include "videoonenet/core/view.hpp"

namespace videoonenet::cuda {

namespace detail {

template <class T>
struct OutsideBoxTerm {
  T low, high;
  const T* x;
  VIDEOONENET_DEVICE void operator()(Index i, Sums<1>& sums) const { sums[0] += x[i] >= low && x[i] <= high ? 0 : 1; }
};

}  // namespace detail

/// x = min(max(v, low), high); NaN stays NaN, so that a diverged iteration is noticed.
template <Gpu Ex, class T>
void box_project(const Ex& ex, std::type_identity_t<T> low, std::type_identity_t<T> high, Input<T> v, Output<T> x) {
  const T* pv = v.data();
  T* px = x.data();
  for_each(ex, std::ssize(x), [=] VIDEOONENET_DEVICE(Index i) {
    const T raised = pv[i] < low ? low : pv[i];
    px[i] = high < raised ? high : raised;
  });
}

/// Number of entries outside [low, high], NaN among them.  Cost: it waits for the device.
template <Gpu Ex, class T>
double box_violations(const Ex& ex, T low, T high, Input<T> x) {
  return sum_to_host<1>(ex, std::ssize(x), detail::OutsideBoxTerm<T>{low, high, x.data()})[0];
}

}  // namespace videoonenet::cuda
