// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of an activation function.

#include "videoonenet/core/cuda/for_each.cuh"
#include "videoonenet/core/view.hpp"
#include "videoonenet/nn/activation/functors.hpp"

namespace videoonenet::cuda {

/// y = f(x).
template <Gpu Ex, class T, class F>
void activation_forward(const Ex& ex, const F& f, Input<T> x, Output<T> y) {
  const T* px = x.data();
  T* py = y.data();
  for_each(ex, std::ssize(y), [=] VIDEOONENET_DEVICE(Index i) { py[i] = f.value(px[i]); });
}

/// grad_x += f′(x) ⊙ grad_y.
template <Gpu Ex, class T, class F>
void activation_adjoint(const Ex& ex, const F& f, Input<T> x, Input<T> grad_y, Output<T> grad_x) {
  const T *px = x.data(), *pgy = grad_y.data();
  T* pgx = grad_x.data();
  for_each(ex, std::ssize(grad_x), [=] VIDEOONENET_DEVICE(Index i) { pgx[i] += f.derivative(px[i]) * pgy[i]; });
}

}  // namespace videoonenet::cuda
