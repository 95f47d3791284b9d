// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Activation functions: what layers that end in one are given as a template argument.

#include "videoonenet/core/simd_math.hpp"

namespace videoonenet {

/// A function of one number and its derivative, both written once for numbers and for registers of them.
///
/// Math: `f.value(x)` is f(x), `f.derivative(x)` is f′(x), for every `simd::Value` V, in V. Options are members.
template <class F>
concept ActivationFunction = requires(const F& f, float x, simd::Vector<double> v) {
  { f.value(x) } -> std::same_as<float>;
  { f.derivative(x) } -> std::same_as<float>;
  { f.value(v) } -> std::same_as<simd::Vector<double>>;
  { f.derivative(v) } -> std::same_as<simd::Vector<double>>;
};

/// f(x) = x: no activation.
struct Linear {
  template <simd::Value V>
  constexpr V value(V x) const {
    return x;
  }
  template <simd::Value V>
  constexpr V derivative(V) const {
    return simd::constant<V>(1);
  }
};

/// f(x) = softplus(2x + 2)/2 − 1, f′(x) = sigmoid(2x + 2): a smooth ELU.
/// Source: the public codes of VON and DUA.
struct ScaledSoftplus {
  template <simd::Value V>
  constexpr V value(V x) const {
    using T = simd::Scalar<V>;
    return simd::softplus(x * T(2) + T(2)) * T(0.5) - T(1);
  }
  template <simd::Value V>
  constexpr V derivative(V x) const {
    using T = simd::Scalar<V>;
    return simd::sigmoid(x * T(2) + T(2));
  }
};

/// f(x) = x for x > 0, else α (eˣ − 1).
struct Elu {
  double alpha = 1;
  template <simd::Value V>
  constexpr V value(V x) const {
    using T = simd::Scalar<V>;
    return simd::select(x > T(0), x, simd::expm1(simd::min(simd::constant<V>(0), x)) * T(alpha));
  }
  template <simd::Value V>
  constexpr V derivative(V x) const {
    using T = simd::Scalar<V>;
    return simd::select(x > T(0), simd::constant<V>(1), simd::exp(simd::min(simd::constant<V>(0), x)) * T(alpha));
  }
};

/// f(x) = max(x, 0); f′(0) = 0.
struct Relu {
  template <simd::Value V>
  constexpr V value(V x) const {
    return simd::max(simd::constant<V>(0), x);
  }
  template <simd::Value V>
  constexpr V derivative(V x) const {
    return simd::select(x > simd::Scalar<V>(0), simd::constant<V>(1), simd::constant<V>(0));
  }
};

/// f(x) = x for x > 0, else slope · x; f′(0) = slope.
struct LeakyRelu {
  double slope = 0.2;
  template <simd::Value V>
  constexpr V value(V x) const {
    using T = simd::Scalar<V>;
    return simd::select(x > T(0), x, x * T(slope));
  }
  template <simd::Value V>
  constexpr V derivative(V x) const {
    return simd::select(x > simd::Scalar<V>(0), simd::constant<V>(1), simd::constant<V>(slope));
  }
};

/// f(x) = 1 / (1 + e⁻ˣ), f′ = f (1 − f).
struct Sigmoid {
  template <simd::Value V>
  constexpr V value(V x) const {
    return simd::sigmoid(x);
  }
  template <simd::Value V>
  constexpr V derivative(V x) const {
    return simd::sigmoid_derivative(x);
  }
};

/// f(x) = tanh x, f′ = 1 − f².
struct Tanh {
  template <simd::Value V>
  constexpr V value(V x) const {
    return simd::tanh(x);
  }
  template <simd::Value V>
  constexpr V derivative(V x) const {
    using T = simd::Scalar<V>;
    return simd::sigmoid_derivative(x * T(2)) * T(4);  // tanh x = 2 sigmoid(2x) − 1
  }
};

}  // namespace videoonenet
