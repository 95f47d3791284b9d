// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The layer that does nothing: a branch that skips, or an alternative without the layer.

#include "videoonenet/concepts/layer.hpp"
#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet {

/// Hands its input on.
///
/// Math: y = x.  Adjoint: grad_x += grad_y.  Shapes: any, kept.  Cost: one copy.
template <class T>
struct PassThrough {
  using value_type = T;
  struct Cache {};

  Shape output_shape(const Shape& x) const { return x; }
  Index parameter_count() const { return 0; }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>&, const Shape&) const {
    return {};
  }
  template <Executor Ex>
  void forward(const Ex& ex, Input<T>, View<const T> x, View<T> y, Cache&) const {
    require_shape(y.shape, x.shape, "PassThrough::forward", "y");
    copy(ex, x.flat(), y.flat());
  }
  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T>, const Cache&, View<const T> grad_y, View<T> grad_x, std::span<T>) const {
    require_shape(grad_x.shape, grad_y.shape, "PassThrough::adjoint", "grad_x");
    axpby(ex, T(1), grad_y.flat(), T(1), grad_x.flat());
  }
};

}  // namespace videoonenet
