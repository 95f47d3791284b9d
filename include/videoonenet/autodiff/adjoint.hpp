// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A layer's adjoint that adds to the gradient of its input or overwrites it, as its caller likes.

#include "videoonenet/concepts/layer.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/core/view.hpp"

namespace videoonenet {

/// A layer whose adjoint takes one argument more, which says whether it adds to grad_x, as others' do, or overwrites
/// it: that saves a pass that zeroes it before, and reading the zeros.
template <class L, class Ex = Cpu, class T = typename L::value_type>
concept OverwritesGradient =
    requires(const L& l, const Ex& ex, std::span<const T> parameters, const typename L::Cache& cache,
             View<const T> grad_y, View<T> grad_x, std::span<T> grad_parameters,
             Accumulate accumulate) { l.adjoint(ex, parameters, cache, grad_y, grad_x, grad_parameters, accumulate); };

/// grad_x = (∂f/∂x)ᵀ grad_y or grad_x += …, and grad_θ += (∂f/∂θ)ᵀ grad_y, of any layer.
/// Errors: those of the layer.
template <Executor Ex, class L>
void adjoint_of(const Ex& ex, const L& layer, Input<typename L::value_type> parameters, const typename L::Cache& cache,
                View<const typename L::value_type> grad_y, View<typename L::value_type> grad_x,
                std::span<typename L::value_type> grad_parameters, Accumulate accumulate) {
  if constexpr (OverwritesGradient<L, Ex>) {
    layer.adjoint(ex, parameters, cache, grad_y, grad_x, grad_parameters, accumulate);
  } else {
    if (accumulate == Accumulate::overwrite) fill(ex, typename L::value_type(0), grad_x.flat());
    layer.adjoint(ex, parameters, cache, grad_y, grad_x, grad_parameters);
  }
}

}  // namespace videoonenet
