// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Optimisers on a GPU: the gradient's norm, clipping and the update without a word to the host.

#include <cmath>

#include "videoonenet/core/cuda/reduce.cuh"
#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/core/view.hpp"

namespace videoonenet::cuda {

namespace detail {
template <class T>
struct SquareTerm {
  const T* x;
  VIDEOONENET_DEVICE void operator()(Index i, Sums<1>& sums) const { sums[0] += double(x[i]) * double(x[i]); }
};

/// Adam for one entry after the other: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − rate m / (√v + ε).
template <class T>
struct AdamStep {
  T b1, c1, b2, c2, epsilon;
  T *m, *v, *parameters;

  AdamStep(double beta1, double beta2, double e, Output<T> first, Output<T> second, Output<T> p)
      : b1(T(beta1)),
        c1(T(1 - beta1)),
        b2(T(beta2)),
        c2(T(1 - beta2)),
        epsilon(T(e)),
        m(first.data()),
        v(second.data()),
        parameters(p.data()) {}

  VIDEOONENET_DEVICE void operator()(Index i, T rate, T g) const {
    m[i] = b1 * m[i] + c1 * g;
    v[i] = b2 * v[i] + c2 * g * g;
    parameters[i] -= rate * m[i] / (std::sqrt(v[i]) + epsilon);
  }
};

}  // namespace detail

/// One step of Adam on every entry.
template <Gpu Ex, class T>
void adam_update(const Ex& ex, double rate, double beta1, double beta2, double epsilon, Input<T> gradient,
                 Output<T> first, Output<T> second, Output<T> parameters) {
  const detail::AdamStep<T> step(beta1, beta2, epsilon, first, second, parameters);
  const T r = T(rate);
  const T* g = gradient.data();
  for_each(ex, std::ssize(parameters), [=] VIDEOONENET_DEVICE(Index i) { step(i, r, g[i]); });
}

/// y ← min(max(y, −limit), limit); NaN stays.
template <Gpu Ex, class T>
void clamp_entries(const Ex& ex, std::type_identity_t<T> limit, Output<T> y) {
  T* py = y.data();
  for_each(ex, std::ssize(y), [=] VIDEOONENET_DEVICE(Index i) {
    const T value = py[i];
    py[i] = value > limit ? limit : value < -limit ? -limit : value;
  });
}

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
  const detail::AdamStep<T> step(beta1, beta2, epsilon, first, second, parameters);
  const T* pg = gradient.data();
  for_each(ex, std::ssize(parameters), [=] VIDEOONENET_DEVICE(Index i) {
    const double norm = sqrt(*squared_norm);
    if (!(norm <= 1.7976931348623157e308)) return;  // NaN or infinite
    step(i, T(*rate), norm > limit ? T(limit / norm) * pg[i] : pg[i]);
  });
}

}  // namespace videoonenet::cuda
