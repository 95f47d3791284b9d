// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// One of several layer types, chosen at run time.

#include <concepts>
#include <utility>
#include <variant>

#include "videoonenet/autodiff/adjoint.hpp"
#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/autodiff/running_statistics.hpp"

namespace videoonenet {

/// Holds any one of the given layers; made from one implicitly.
///
/// Math and adjoint: those of the layer it holds, with its parameters and their names.  Shapes: the same.
/// Errors: those of the layer, and InputError when a cache was made while it held another type.
/// Cost: one jump per call.
template <class... Ls>
class Either {
  static_assert(sizeof...(Ls) > 0, "videoonenet: an Either lists at least one layer type");
  static_assert((require_layer<Ls>() && ...));
  using First = std::variant_alternative_t<0, std::variant<Ls...>>;
  static_assert((std::same_as<typename First::value_type, typename Ls::value_type> && ...),
                "videoonenet: the alternatives of an Either work in different scalar types (value_type)");

 public:
  using value_type = typename First::value_type;
  using T = value_type;
  using Cache = std::variant<typename Ls::Cache...>;

  template <class L>
  requires(std::same_as<L, Ls> || ...) Either(L layer) : variant_(std::move(layer)) {}

  /// The layer inside.
  const std::variant<Ls...>& variant() const { return variant_; }

  Shape output_shape(const Shape& x) const {
    return std::visit([&](const auto& l) -> Shape { return l.output_shape(x); }, variant_);
  }
  Index parameter_count() const {
    return std::visit([](const auto& l) -> Index { return l.parameter_count(); }, variant_);
  }
  std::vector<Parameter> parameters() const {
    return std::visit([](const auto& l) { return parameters_of(l); }, variant_);
  }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    Cache cache;
    chosen([&](auto i) { cache.template emplace<i>(std::get<i>(variant_).make_cache(memory, x)); });
    return cache;
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    require_own(cache);
    chosen([&](auto i) { std::get<i>(variant_).forward(ex, parameters, x, y, std::get<i>(cache)); });
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters, Accumulate accumulate = Accumulate::add) const {
    require_own(cache);
    chosen([&](auto i) {
      adjoint_of(ex, std::get<i>(variant_), parameters, std::get<i>(cache), grad_y, grad_x, grad_parameters,
                 accumulate);
    });
  }

  /// Lets the running statistics of the layer inside follow the last forward pass with `cache`.
  template <Executor Ex>
  void update_running_statistics(const Ex& ex, const Cache& cache, std::span<T> parameters) const {
    require_own(cache);
    chosen([&](auto i) { update_running_statistics_of(ex, std::get<i>(variant_), std::get<i>(cache), parameters); });
  }

 private:
  void require_own(const Cache& cache) const {
    if (cache.index() != variant_.index())
      throw InputError(sentence("Either: the cache was made for alternative ", cache.index(),
                                ", but the layer inside is alternative ", variant_.index()));
  }
  /// Calls body(integral constant i) for the alternative inside: types may repeat among the caches, so the index
  /// decides.
  template <class Body>
  void chosen(Body&& body) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      static_cast<void>(((variant_.index() == I && (body(std::integral_constant<std::size_t, I>{}), true)) || ...));
    }
    (std::index_sequence_for<Ls...>{});
  }

  std::variant<Ls...> variant_;
};

}  // namespace videoonenet
