// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A layer with all that a call of it needs, in memory that shows what the layer leaves unwritten.

#include <algorithm>
#include <limits>
#include <utility>

#include "videoonenet/concepts/layer.hpp"
#include "videoonenet/core/random.hpp"

namespace videoonenet::testing {

/// One layer, its weights, input, output, gradients and cache.
///
/// What the layer is given to write is NaN before (y, kept memory, and scratch before each call), the gradients are
/// zero: they are added to. Inputs and weights are zero until the caller fills them.
/// Errors: ShapeError of the layer.
template <class L, Executor Ex = Cpu>
class LayerTrial {
 public:
  using T = typename L::value_type;

  LayerTrial(const L& layer, const Shape& shape, const Ex& ex = {}, Purpose purpose = Purpose::training)
      : LayerTrial(layer, shape, ex, counted(layer, shape, ex, purpose)) {}

  /// x, θ and grad_y become normal numbers; those of θ have the given standard deviation.
  void draw(Random& random, double parameter_deviation = 0.5) {
    random.fill_normal(x.span());
    random.fill_normal(parameters.span(), parameter_deviation);
    random.fill_normal(grad_y.span());
  }

  /// y = f(θ, x).
  void forward() {
    std::ranges::fill(y, not_a_number);
    poison(memory_.scratch, scratch_bytes_);
    layer_.forward(ex_, input(parameters), view(input(x), in_), view(y.span(), out_), cache_);
  }
  /// grad_x and grad_parameters get (∂f/∂x)ᵀ grad_y and (∂f/∂θ)ᵀ grad_y added; after a forward.
  void adjoint() {
    poison(memory_.scratch, scratch_bytes_);  // nothing may live there between the calls
    layer_.adjoint(ex_, input(parameters), std::as_const(cache_), view(input(grad_y), out_), view(grad_x.span(), in_),
                   grad_parameters.span());
  }

  const Shape& input_shape() const { return in_; }
  const Shape& output_shape() const { return out_; }

  Buffer<T> x, parameters, y, grad_y, grad_x, grad_parameters;

 private:
  static constexpr T not_a_number = std::numeric_limits<T>::quiet_NaN();

  LayerTrial(const L& layer, const Shape& shape, const Ex& ex, const Memory<Ex>& plan)
      : x(shape.size()),
        parameters(layer.parameter_count()),
        y(Shape(layer.output_shape(shape)).size()),
        grad_y(y.size()),
        grad_x(x.size()),
        grad_parameters(parameters.size()),
        layer_(layer),
        ex_(ex),
        in_(shape),
        out_(layer.output_shape(shape)),
        scratch_bytes_(plan.scratch.peak_bytes()),
        memory_(Memory<Ex>::allocate(plan)),
        cache_((poison(memory_.kept, plan.kept.peak_bytes()), layer.make_cache(memory_, shape))) {}

  static Memory<Ex> counted(const L& layer, const Shape& shape, const Ex& ex, Purpose purpose) {
    auto plan = Memory<Ex>::measuring(ex, purpose);
    static_cast<void>(layer.make_cache(plan, shape));
    return plan;
  }
  static void poison(Arena<Ex>& arena, Index bytes) {
    const typename Arena<Ex>::Scope scope(arena);
    const Index free_bytes = bytes - arena.used_bytes();
    if (free_bytes > 0)
      std::ranges::fill(arena.template take<T>(free_bytes / static_cast<Index>(sizeof(T))), not_a_number);
  }
  static std::span<const T> input(const Buffer<T>& values) { return values.span(); }

  L layer_;
  Ex ex_;
  Shape in_, out_;
  Index scratch_bytes_;
  Memory<Ex> memory_;
  typename L::Cache cache_;
};

}  // namespace videoonenet::testing
