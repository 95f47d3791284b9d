// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A layer with a connection around it.

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/autodiff/running_statistics.hpp"
#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet {

/// Adds its input to what a layer makes of it: `Residual{layer}`.
///
/// Math: y = x + f(θ, x).  Adjoint: grad_x += grad_y + (∂f/∂x)ᵀ grad_y.
/// Shapes: the layer keeps its input's.  Errors: ShapeError when it does not.  Cost: the layer's and one pass; f(θ, x)
/// itself is kept for training, because the layer may need it.
template <class L>
struct Residual {
  static_assert(require_layer<L>());
  using value_type = typename L::value_type;
  using T = value_type;

  L layer;

  struct Cache {
    View<T> change{};  ///< f(θ, x)
    typename L::Cache layer{};
  };

  Shape output_shape(const Shape& x) const {
    const Shape y = layer.output_shape(x);
    if (!(y == x))
      throw ShapeError(sentence("Residual: the layer makes (N,T,H,W,F) = ", y, " of ", x, ", expected the same shape"));
    return x;
  }
  Index parameter_count() const { return layer.parameter_count(); }
  std::vector<Parameter> parameters() const { return parameters_of(layer); }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    const Shape shape = output_shape(x);
    Cache cache;
    if (memory.purpose == Purpose::training) cache.change = memory.kept.template take<T>(shape);
    const typename Arena<Ex>::Scope scope(memory.scratch);
    if (memory.purpose == Purpose::inference) cache.change = memory.scratch.template take<T>(shape);
    cache.layer = layer.make_cache(memory, x);
    return cache;
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, x.shape, "Residual::forward", "y");
    layer.forward(ex, parameters, x, cache.change, cache.layer);
    linear_combination(ex, T(1), x.flat(), T(1), cache.change.flat(), y.flat());
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters) const {
    axpby(ex, T(1), grad_y.flat(), T(1), grad_x.flat());
    layer.adjoint(ex, parameters, cache.layer, grad_y, grad_x, grad_parameters);
  }

  /// Lets the running statistics of the layer follow the last forward pass with `cache`.
  template <Executor Ex>
  void update_running_statistics(const Ex& ex, const Cache& cache, std::span<T> parameters) const {
    update_running_statistics_of(ex, layer, cache.layer, parameters);
  }
};

/// Deduces the layer: `Residual{layer}`.
template <class L>
Residual(L) -> Residual<L>;

}  // namespace videoonenet
