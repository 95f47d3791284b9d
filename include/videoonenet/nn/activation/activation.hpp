// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A function of one number, applied to every entry.

#include "videoonenet/concepts/layer.hpp"
#include "videoonenet/nn/activation/activation_cpu.hpp"

namespace videoonenet {

/// y = f(x), entry by entry, for a shipped function (`Activation<float, Relu>{}`) or a user's own.
///
/// Math: yᵢ = f(xᵢ).  Adjoint: grad_x += f′(x) ⊙ grad_y.
/// Shapes: any, kept.  Cost: one pass, and two reads and a write for the adjoint; the cache points at x.
template <class T, ActivationFunction F>
struct Activation {
  using value_type = T;
  struct Cache {
    View<const T> x{};
  };

  F function{};

  Shape output_shape(const Shape& x) const { return x; }
  Index parameter_count() const { return 0; }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>&, const Shape&) const {
    return {};
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T>, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, x.shape, "Activation::forward", "y");
    cache.x = x;
    activation_forward(ex, function, x.flat(), y.flat());
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T>, const Cache& cache, View<const T> grad_y, View<T> grad_x, std::span<T>) const {
    require_shape(grad_y.shape, cache.x.shape, "Activation::adjoint", "grad_y");
    require_shape(grad_x.shape, cache.x.shape, "Activation::adjoint", "grad_x");
    activation_adjoint(ex, function, cache.x.flat(), grad_y.flat(), grad_x.flat());
  }
};

}  // namespace videoonenet
