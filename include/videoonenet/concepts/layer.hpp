// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The Layer concept: a differentiable map of video batches with parameters, forward and adjoint.

#include <concepts>

#include "videoonenet/core/memory.hpp"

namespace videoonenet {

namespace detail {

template <class L>
concept HasLayerValueType = requires { typename L::value_type; } && std::floating_point<typename L::value_type>;

template <class L>
concept HasOutputShape = requires(const L& l, const Shape& s) {
  { l.output_shape(s) } -> std::convertible_to<Shape>;
};

template <class L>
concept HasParameterCount = requires(const L& l) {
  { l.parameter_count() } -> std::convertible_to<Index>;
};

template <class L, class Ex>
concept HasLayerCache = requires(const L& l, Memory<Ex>& memory, const Shape& s) {
  typename L::Cache;
  { l.make_cache(memory, s) } -> std::same_as<typename L::Cache>;
};

template <class L, class Ex, class T = typename L::value_type>
concept HasForward = requires(const L& l, const Ex& ex, std::span<const T> parameters, View<const T> x, View<T> y,
                              typename L::Cache& cache) { l.forward(ex, parameters, x, y, cache); };

template <class L, class Ex, class T = typename L::value_type>
concept HasAdjoint = requires(const L& l, const Ex& ex, std::span<const T> parameters, const typename L::Cache& cache,
                              View<const T> grad_y, View<T> grad_x, std::span<T> grad_parameters) {
  l.adjoint(ex, parameters, cache, grad_y, grad_x, grad_parameters);
};

}  // namespace detail

/// A layer of a network: y = f(θ, x) and the adjoint of its derivative.
///
/// Requirements, for `const L& l` (options only, no weights), flat parameters θ and views x, y:
///  1. `L::value_type` is float or double;
///  2. `l.output_shape(shape of x)` is the shape of y;
///  3. `l.parameter_count()` entries of θ are l's;
///  4. `l.make_cache(memory, shape of x)` makes the `L::Cache`: views of what the adjoint needs, taken from
///     `memory.kept`, and of scratch, taken from `memory.scratch` inside an `Arena::Scope`;
///  5. `l.forward(ex, θ, x, y, cache)` writes y and fills the cache, which may point at x and y: both stay as they are
///     until the adjoint has been called;
///  6. `l.adjoint(ex, θ, cache, grad_y, grad_x, grad_θ)` adds (∂f/∂x)ᵀ grad_y to grad_x and (∂f/∂θ)ᵀ grad_y to grad_θ.
/// x and y do not overlap, nor do grad_x and grad_y; `ex` has no more threads than the memory's executor. Neither
/// forward nor adjoint allocates.
template <class L, class Ex = Cpu>
concept Layer = detail::HasLayerValueType<L> && detail::HasOutputShape<L> && detail::HasParameterCount<L> &&
                detail::HasLayerCache<L, Ex> && detail::HasForward<L, Ex> && detail::HasAdjoint<L, Ex>;

/// Refuses, in a sentence per requirement, a type that does not model Layer.
template <class L, class Ex = Cpu>
consteval bool require_layer() {
  static_assert(detail::HasLayerValueType<L>,
                "videoonenet: a Layer names its scalar type: `using value_type = float;` (or double). "
                "Read docs/concepts.md#layer");
  static_assert(detail::HasOutputShape<L>,
                "videoonenet: a Layer says what it returns: `Shape output_shape(const Shape& x) const`. "
                "Read docs/concepts.md#layer");
  static_assert(detail::HasParameterCount<L>,
                "videoonenet: a Layer says how many weights it has: `Index parameter_count() const`. "
                "Read docs/concepts.md#layer");
  static_assert(detail::HasLayerCache<L, Ex>,
                "videoonenet: a Layer has a nested type `Cache` and `Cache make_cache(Memory<Ex>& memory, const Shape& x) "
                "const`; what the adjoint needs lives there. Read docs/concepts.md#layer");
  if constexpr (detail::HasLayerValueType<L> && detail::HasLayerCache<L, Ex>) {
    static_assert(detail::HasForward<L, Ex>,
                  "videoonenet: a Layer computes: `void forward(const Ex& ex, std::span<const T> parameters, "
                  "View<const T> x, View<T> y, Cache& cache) const`. Read docs/concepts.md#layer");
    static_assert(
        detail::HasAdjoint<L, Ex>,
        "videoonenet: a Layer has an adjoint that accumulates: `void adjoint(const Ex& ex, std::span<const T> "
        "parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x, std::span<T> grad_parameters) "
        "const`. Read docs/concepts.md#layer");
  }
  return Layer<L, Ex>;
}

}  // namespace videoonenet
