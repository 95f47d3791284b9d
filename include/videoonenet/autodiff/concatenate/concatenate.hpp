// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Layers side by side on the same input, their outputs' channels one behind the other.

#include <algorithm>
#include <array>
#include <tuple>

#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/core/channels.hpp"

namespace videoonenet {

/// y = [f_1(x), …, f_m(x)] along the channels.
///
/// Adjoint: grad_y's channels go to the branch they came from, grad_x += Σ_i (∂f_i/∂x)ᵀ grad_i.
/// Shapes: the branches agree in all but the channels, which add up.  Errors: ShapeError when they do not.
/// Cost: the branches', and a pass over y; every branch's own output is kept for training.
template <class First, class... Rest>
class Concatenate {
 public:
  using value_type = typename First::value_type;
  using T = value_type;
  static constexpr std::size_t count = 1 + sizeof...(Rest);
  static_assert((std::same_as<T, typename Rest::value_type> && ...),
                "videoonenet: the branches of a Concatenate work in different scalar types (value_type)");

  struct Cache {
    std::array<View<T>, count> outputs{};
    std::span<T> gradient{};  ///< of one branch's output
    std::tuple<typename First::Cache, typename Rest::Cache...> branches{};
  };

  explicit Concatenate(Named<First> first, Named<Rest>... rest)
      : branches_(std::move(first.layer), std::move(rest.layer)...),
        names_{std::move(first.name), std::move(rest.name)...} {}

  /// The i-th branch.
  template <std::size_t I>
  const auto& branch() const {
    return std::get<I>(branches_);
  }

  Shape output_shape(const Shape& x) const {
    Shape all = branch<0>().output_shape(x);
    Index channels = 0;
    each([&](auto i) {
      Shape part = branch<i>().output_shape(x);
      channels += part.f;
      part.f = all.f;
      if (!(part == all))
        throw ShapeError(sentence("Concatenate: branch ", i + 1, " makes (N,T,H,W) = ", Index(part.n), "x",
                                  Index(part.t), "x", Index(part.h), "x", Index(part.w), ", expected ", Index(all.n),
                                  "x", Index(all.t), "x", Index(all.h), "x", Index(all.w), " as the first"));
    });
    all.f = channels;
    return all;
  }
  Index parameter_count() const {
    Index total = 0;
    each([&](auto i) { total += branch<i>().parameter_count(); });
    return total;
  }
  std::vector<Parameter> parameters() const {
    std::vector<Parameter> all;
    each([&](auto i) { append_parameters(all, names_[i], parameters_of(branch<i>())); });
    return all;
  }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    output_shape(x);
    Cache cache;
    const typename Arena<Ex>::Scope scope(memory.scratch);
    std::array<Shape, count> shapes;
    Index largest = 0;
    each([&](auto i) {
      shapes[i] = branch<i>().output_shape(x);
      largest = std::max(largest, shapes[i].size());
    });
    if (memory.purpose == Purpose::training) {
      each([&](auto i) { cache.outputs[i] = memory.kept.template take<T>(shapes[i]); });
      cache.gradient = memory.scratch.template take<T>(largest);
    } else {  // one after the other in the same place
      const std::span<T> output = memory.scratch.template take<T>(largest);
      each([&](auto i) { cache.outputs[i] = {output.data(), shapes[i]}; });
    }
    each([&](auto i) { std::get<i>(cache.branches) = branch<i>().make_cache(memory, x); });
    return cache;
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "Concatenate::forward", "y");
    const Index pixels = y.size() / y.shape.f;
    std::size_t parameter = 0;
    Index channel = 0;
    each([&](auto i) {
      const auto size = static_cast<std::size_t>(branch<i>().parameter_count());
      const View<T>& part = cache.outputs[i];
      branch<i>().forward(ex, parameters.subspan(parameter, size), x, part, std::get<i>(cache.branches));
      copy_channels(ex, pixels, part.flat(), part.shape.f, 0, part.shape.f, y.flat(), y.shape.f, channel);
      parameter += size;
      channel += part.shape.f;
    });
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters) const {
    const Index pixels = grad_y.size() / grad_y.shape.f;
    std::size_t parameter = 0;
    Index channel = 0;
    each([&](auto i) {
      const auto size = static_cast<std::size_t>(branch<i>().parameter_count());
      const View<T> part{cache.gradient.data(), cache.outputs[i].shape};
      copy_channels(ex, pixels, grad_y.flat(), grad_y.shape.f, channel, part.shape.f, part.flat(), part.shape.f, 0);
      branch<i>().adjoint(ex, parameters.subspan(parameter, size), std::get<i>(cache.branches), part, grad_x,
                          grad_parameters.subspan(parameter, size));
      parameter += size;
      channel += part.shape.f;
    });
  }

  /// Lets the running statistics of its parts follow the last forward pass with `cache`.
  template <Executor Ex>
  void update_running_statistics(const Ex& ex, const Cache& cache, std::span<T> parameters) const {
    std::size_t parameter = 0;
    each([&](auto i) {
      const auto size = static_cast<std::size_t>(branch<i>().parameter_count());
      update_running_statistics_of(ex, branch<i>(), std::get<i>(cache.branches), parameters.subspan(parameter, size));
      parameter += size;
    });
  }

 private:
  /// Calls body(integral constant i) for every branch in order.
  template <class Body>
  static constexpr void each(Body&& body) {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (body(std::integral_constant<std::size_t, I>{}), ...); }
    (std::make_index_sequence<count>{});
  }

  std::tuple<First, Rest...> branches_;
  std::array<std::string, count> names_;
};

/// Puts layers side by side: `concatenate(named("skip", PassThrough<float>{}), named("inner", net))`.
template <class... Ls>
Concatenate<Ls...> concatenate(Named<Ls>... branches) {
  static_assert((require_layer<Ls>() && ...));
  return Concatenate<Ls...>(std::move(branches)...);
}

}  // namespace videoonenet
