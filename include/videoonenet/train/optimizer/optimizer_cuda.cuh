// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Optimisers on a GPU: the gradient's norm, clipping and the update without a word to the host.

#include "videoonenet/core/cuda/reduce.cuh"
#include "videoonenet/core/view.hpp"

namespace videoonenet::cuda {

namespace detail {
template <class T>
struct SquareTerm {
  const T* x;
  VIDEOONENET_DEVICE void operator()(Index i, Sums<1>& sums) const { sums[0] += double(x[i]) * double(x[i]); }
};
}  // namespace detail

/// norm[0] = ‖gradient‖², on the device.
template <Gpu Ex, class T>
void squared_norm_on_device(const Ex& ex, std::span<const T> gradient, double* norm) {
  sum_on_device<1>(ex, std::ssize(gradient), detail::SquareTerm<T>{gradient.data()}, norm);
}

/// adam_update with the gradient scaled down to the norm `limit`, given its squared norm; `rate` and `squared_norm` lie
/// on the device, so that a captured graph takes new ones. Nothing is changed where the norm is not finite.
template <Gpu Ex, class T>
void clipped_adam_update(const Ex& ex, const double* rate, double beta1, double beta2, double epsilon, double limit,
                         const double* squared_norm, Input<T> gradient, Output<T> first, Output<T> second,
                         Output<T> parameters) {
  const T b1 = T(beta1), c1 = T(1 - beta1), b2 = T(beta2), c2 = T(1 - beta2), e = T(epsilon);
  const T* pg = gradient.data();
  T *m = first.data(), *v = second.data(), *p = parameters.data();
  for_each(ex, std::ssize(parameters), [=] VIDEOONENET_DEVICE(Index i) {
    const double norm = sqrt(*squared_norm);
    if (!(norm <= 1.7976931348623157e308)) return;  // NaN or infinite
    const T g = norm > limit ? T(limit / norm) * pg[i] : pg[i];
    m[i] = b1 * m[i] + c1 * g;
    v[i] = b2 * v[i] + c2 * g * g;
    p[i] -= T(*rate) * m[i] / (sqrt(v[i]) + e);
  });
}

}  // namespace videoonenet::cuda
