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
  transform(ex, std::ssize(y), [=] VIDEOONENET_DEVICE(T xi) { return f.value(xi); }, y.data(), x.data());
}

/// grad_x += f′(x) ⊙ grad_y.
template <Gpu Ex, class T, class F>
void activation_adjoint(const Ex& ex, const F& f, Input<T> x, Input<T> grad_y, Output<T> grad_x) {
  transform(
      ex, std::ssize(grad_x), [=] VIDEOONENET_DEVICE(T sum, T xi, T gi) { return sum + f.derivative(xi) * gi; },
      grad_x.data(), grad_x.data(), x.data(), grad_y.data());
}

}  // namespace videoonenet::cuda
