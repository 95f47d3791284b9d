// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Two layers side by side on the same input, whose outputs are added.

#include <array>
#include <tuple>

#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet {

/// y = f(θ, x) + g(ω, x): what `Residual` is where the connection around a layer changes the shape, too.
///
/// Adjoint: grad_x += (∂f/∂x)ᵀ grad_y + (∂g/∂x)ᵀ grad_y.
/// Shapes: both layers make the same.  Errors: ShapeError when they do not.
/// Cost: the layers' and one pass; both outputs are kept for training.
template <class First, class Second>
class Sum {
 public:
  using value_type = typename First::value_type;
  using T = value_type;
  static_assert(std::same_as<T, typename Second::value_type>,
                "videoonenet: the two layers of a Sum work in different scalar types (value_type)");

  struct Cache {
    std::array<View<T>, 2> outputs{};
    std::tuple<typename First::Cache, typename Second::Cache> layers{};
  };

  Sum(Named<First> first, Named<Second> second)
      : first_(std::move(first.layer)),
        second_(std::move(second.layer)),
        names_{std::move(first.name), std::move(second.name)} {}

  Shape output_shape(const Shape& x) const {
    const Shape y = first_.output_shape(x), other = second_.output_shape(x);
    if (!(y == other))
      throw ShapeError(
          sentence("Sum: the layers make (N,T,H,W,F) = ", y, " and ", other, " of ", x, ", expected the same shape"));
    return y;
  }
  Index parameter_count() const { return first_.parameter_count() + second_.parameter_count(); }
  std::vector<Parameter> parameters() const {
    std::vector<Parameter> all;
    append_parameters(all, names_[0], parameters_of(first_));
    append_parameters(all, names_[1], parameters_of(second_));
    return all;
  }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    const Shape shape = output_shape(x);
    const typename Arena<Ex>::Scope scope(memory.scratch);
    Cache cache;
    for (View<T>& output : cache.outputs)
      output = (memory.purpose == Purpose::training ? memory.kept : memory.scratch).template take<T>(shape);
    cache.layers = {first_.make_cache(memory, x), second_.make_cache(memory, x)};
    return cache;
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "Sum::forward", "y");
    const auto [own, other] = parts(parameters);
    first_.forward(ex, own, x, cache.outputs[0], std::get<0>(cache.layers));
    second_.forward(ex, other, x, cache.outputs[1], std::get<1>(cache.layers));
    linear_combination(ex, T(1), std::span<const T>(cache.outputs[0].flat()), T(1), cache.outputs[1].flat(), y.flat());
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters) const {
    const auto [own, other] = parts(parameters);
    const auto [grad_own, grad_other] = parts(grad_parameters);
    first_.adjoint(ex, own, std::get<0>(cache.layers), grad_y, grad_x, grad_own);
    second_.adjoint(ex, other, std::get<1>(cache.layers), grad_y, grad_x, grad_other);
  }

  /// Lets the running statistics of both layers follow the last forward pass with `cache`.
  template <Executor Ex>
  void update_running_statistics(const Ex& ex, const Cache& cache, std::span<T> parameters) const {
    const auto [own, other] = parts(parameters);
    update_running_statistics_of(ex, first_, std::get<0>(cache.layers), own);
    update_running_statistics_of(ex, second_, std::get<1>(cache.layers), other);
  }

 private:
  template <class Span>
  std::array<Span, 2> parts(const Span& parameters) const {
    const auto count = static_cast<std::size_t>(first_.parameter_count());
    return {parameters.first(count), parameters.subspan(count)};
  }

  First first_;
  Second second_;
  std::array<std::string, 2> names_;
};

/// Adds what two layers make: `sum(named("shortcut", narrow), named("inner", net))`.
template <class First, class Second>
Sum<First, Second> sum(Named<First> first, Named<Second> second) {
  static_assert(require_layer<First>() && require_layer<Second>());
  return {std::move(first), std::move(second)};
}

}  // namespace videoonenet
