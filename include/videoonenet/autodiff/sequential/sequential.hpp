// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Layers one after the other, which is a layer again: reverse mode over a chain.

#include <algorithm>
#include <array>
#include <tuple>

#include "videoonenet/autodiff/adjoint.hpp"
#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/autodiff/running_statistics.hpp"
#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet {

/// A layer with the name its parameters carry inside a larger one.
template <class L>
struct Named {
  std::string name;
  L layer;
};

/// Names a layer: `named("conv", Conv2d<float>{...})`.
template <class L>
Named<L> named(std::string name, L layer) {
  return {std::move(name), std::move(layer)};
}

/// y = f_m(… f_2(f_1(x))).
///
/// Adjoint: grad_{i−1} = (∂f_i/∂x_{i−1})ᵀ grad_i, from the last layer to the first; each layer's parameters get theirs
/// on the way.
/// Shapes: each layer's output is the next one's input.  Errors: ShapeError of the layer that does not fit.
/// Cost: its layers', and a pass that zeroes the gradient before each layer whose adjoint only adds. For training all
/// activations are kept, for inference two of them.
template <class First, class... Rest>
class Sequential {
 public:
  using value_type = typename First::value_type;
  using T = value_type;
  static constexpr std::size_t count = 1 + sizeof...(Rest);
  static_assert((std::same_as<T, typename Rest::value_type> && ...),
                "videoonenet: the layers of a Sequential work in different scalar types (value_type)");

  struct Cache {
    std::array<View<T>, count> outputs{};  ///< of every layer but the last
    std::array<std::span<T>, 2> gradients{};
    std::tuple<typename First::Cache, typename Rest::Cache...> layers{};
  };

  explicit Sequential(Named<First> first, Named<Rest>... rest)
      : layers_(std::move(first.layer), std::move(rest.layer)...),
        names_{std::move(first.name), std::move(rest.name)...} {}

  /// The i-th layer.
  template <std::size_t I>
  const auto& layer() const {
    return std::get<I>(layers_);
  }

  Shape output_shape(const Shape& x) const {
    Shape shape = x;
    each([&](auto i) { shape = layer<i>().output_shape(shape); });
    return shape;
  }
  Index parameter_count() const {
    Index total = 0;
    each([&](auto i) { total += layer<i>().parameter_count(); });
    return total;
  }
  std::vector<Parameter> parameters() const {
    std::vector<Parameter> all;
    each([&](auto i) { append_parameters(all, names_[i], parameters_of(layer<i>())); });
    return all;
  }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    Cache cache;
    const typename Arena<Ex>::Scope scope(memory.scratch);
    std::array<Shape, count + 1> shapes;
    shapes[0] = x;
    each([&](auto i) { shapes[i + 1] = layer<i>().output_shape(shapes[i]); });
    Index largest = 0;
    for (std::size_t i = 1; i < count; ++i) largest = std::max(largest, shapes[i].size());
    if (memory.purpose == Purpose::training) {
      for (std::size_t i = 0; i + 1 < count; ++i) cache.outputs[i] = memory.kept.template take<T>(shapes[i + 1]);
      for (auto& g : cache.gradients) g = memory.scratch.template take<T>(count > 1 ? largest : 0);
    } else {
      std::array<std::span<T>, 2> two;
      for (auto& b : two) b = memory.scratch.template take<T>(count > 1 ? largest : 0);
      for (std::size_t i = 0; i + 1 < count; ++i) cache.outputs[i] = {two[i % 2].data(), shapes[i + 1]};
    }
    each([&](auto i) { std::get<i>(cache.layers) = layer<i>().make_cache(memory, shapes[i]); });
    return cache;
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    std::size_t offset = 0;
    each([&](auto i) {
      const auto size = static_cast<std::size_t>(layer<i>().parameter_count());
      View<T> output = y;
      if constexpr (i + 1 < count) output = cache.outputs[i];
      layer<i>().forward(ex, parameters.subspan(offset, size), x, output, std::get<i>(cache.layers));
      x = output;
      offset += size;
    });
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters, Accumulate accumulate = Accumulate::add) const {
    auto offset = static_cast<std::size_t>(parameter_count());
    each([&](auto from_last) {
      constexpr std::size_t i = count - 1 - from_last;
      const auto size = static_cast<std::size_t>(layer<i>().parameter_count());
      offset -= size;
      View<T> grad_input = grad_x;
      if constexpr (i > 0) grad_input = {cache.gradients[i % 2].data(), cache.outputs[i - 1].shape};
      adjoint_of(ex, layer<i>(), parameters.subspan(offset, size), std::get<i>(cache.layers), grad_y, grad_input,
                 grad_parameters.subspan(offset, size), i > 0 ? Accumulate::overwrite : accumulate);
      grad_y = grad_input;
    });
  }

  /// Lets the running statistics of its parts follow the last forward pass with `cache`.
  template <Executor Ex>
  void update_running_statistics(const Ex& ex, const Cache& cache, std::span<T> parameters) const {
    std::size_t offset = 0;
    each([&](auto i) {
      const auto size = static_cast<std::size_t>(layer<i>().parameter_count());
      update_running_statistics_of(ex, layer<i>(), std::get<i>(cache.layers), parameters.subspan(offset, size));
      offset += size;
    });
  }

 private:
  /// Calls body(integral constant i) for every layer in order.
  template <class Body>
  static constexpr void each(Body&& body) {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (body(std::integral_constant<std::size_t, I>{}), ...); }
    (std::make_index_sequence<count>{});
  }

  std::tuple<First, Rest...> layers_;
  std::array<std::string, count> names_;
};

/// Composes layers: `sequential(named("conv", conv), named("norm", norm))`. The first is applied first.
template <class... Ls>
Sequential<Ls...> sequential(Named<Ls>... layers) {
  static_assert((require_layer<Ls>() && ...));
  return Sequential<Ls...>(std::move(layers)...);
}

}  // namespace videoonenet
