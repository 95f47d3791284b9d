// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A user's function of one number as a layer, differentiated automatically.

#include <utility>

#include "videoonenet/autodiff/dual.hpp"
#include "videoonenet/nn/activation/activation.hpp"

namespace videoonenet {

/// An activation function made of a plain one, whose derivative dual numbers find.
///
/// `F` is called with one argument of a type that has arithmetic and elementary functions:
/// `[](auto t) { return t * sigmoid(t); }` (Dual lists them). For a GPU it is a type with a name, at namespace scope,
/// whose call is marked VIDEOONENET_HOST_DEVICE: a device cannot call what is not marked, nor a generic lambda.
template <class F>
struct Differentiated {
  F function{};

  template <simd::Value V>
  constexpr V value(V x) const {
    return Dual<V>(function(Dual<V>::variable(x))).value;
  }
  template <simd::Value V>
  constexpr V derivative(V x) const {
    return Dual<V>(function(Dual<V>::variable(x))).derivative;
  }
};

/// y = f(x), entry by entry, for a function without a written derivative.
///
/// Math: yᵢ = f(xᵢ).  Adjoint: grad_x += f′(x) ⊙ grad_y, f′ by dual numbers.
/// Cost: Activation's.
template <class T, class F>
using Pointwise = Activation<T, Differentiated<F>>;

/// Makes a layer of a function: `pointwise<float>([](auto t) { return t * sigmoid(t); })`.
template <class T, class F>
Pointwise<T, F> pointwise(F function) {
  return {.function = {std::move(function)}};
}

}  // namespace videoonenet
