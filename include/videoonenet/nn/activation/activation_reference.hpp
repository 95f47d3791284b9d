// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// An activation function by its definition, with the standard library's elementary functions.

#include "videoonenet/core/view.hpp"

namespace videoonenet::reference {

/// y = f(x).
template <class T, class F>
void activation_forward(const F& f, Input<T> x, Output<T> y) {
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = f.value(x[i]);
}

/// grad_x += f′(x) ⊙ grad_y.
template <class T, class F>
void activation_adjoint(const F& f, Input<T> x, Input<T> grad_y, Output<T> grad_x) {
  for (std::size_t i = 0; i < grad_x.size(); ++i) grad_x[i] += f.derivative(x[i]) * grad_y[i];
}

}  // namespace videoonenet::reference
