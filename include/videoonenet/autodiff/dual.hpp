// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Dual numbers: a function written once in ordinary notation gives its value and its derivative.

#include "videoonenet/core/simd_math.hpp"

namespace videoonenet {

/// a + a′ε with ε² = 0, where V is a number or a register of them: f(x + ε) = f(x) + f′(x) ε.
///
/// Math: the chain rule at every operation. Plain numbers are constants. Elementary functions are found without a
/// namespace (`exp(t)`); comparisons compare values and choose with `select(t > 0, a, b)`, lane by lane.
/// Adjoint: of y = f(x) for one x, grad_x += f′(x) grad_y.
/// Cost: about twice that of the value; log, sin, cos and pow go lane by lane through the standard library.
template <simd::Value V>
class Dual {
 public:
  V value{};       ///< f(x)
  V derivative{};  ///< f′(x)

  Dual() = default;
  /// A constant.
  constexpr Dual(double constant) : value(simd::constant<V>(constant)), derivative(simd::constant<V>(0)) {}
  constexpr Dual(V v, V d) : value(v), derivative(d) {}
  /// The variable itself: derivative 1.
  static constexpr Dual variable(V x) { return {x, simd::constant<V>(1)}; }

  friend constexpr Dual operator+(const Dual& a) { return a; }
  friend constexpr Dual operator-(const Dual& a) { return {-a.value, -a.derivative}; }
  friend constexpr Dual operator+(const Dual& a, const Dual& b) {
    return {a.value + b.value, a.derivative + b.derivative};
  }
  friend constexpr Dual operator-(const Dual& a, const Dual& b) {
    return {a.value - b.value, a.derivative - b.derivative};
  }
  friend constexpr Dual operator*(const Dual& a, const Dual& b) {
    return {a.value * b.value, a.derivative * b.value + a.value * b.derivative};
  }
  friend constexpr Dual operator/(const Dual& a, const Dual& b) {
    const V quotient = a.value / b.value;
    return {quotient, (a.derivative - quotient * b.derivative) / b.value};
  }
  constexpr Dual& operator+=(const Dual& b) { return *this = *this + b; }
  constexpr Dual& operator-=(const Dual& b) { return *this = *this - b; }
  constexpr Dual& operator*=(const Dual& b) { return *this = *this * b; }
  constexpr Dual& operator/=(const Dual& b) { return *this = *this / b; }

  friend constexpr auto operator<(const Dual& a, const Dual& b) { return a.value < b.value; }
  friend constexpr auto operator>(const Dual& a, const Dual& b) { return a.value > b.value; }
  friend constexpr auto operator<=(const Dual& a, const Dual& b) { return a.value <= b.value; }
  friend constexpr auto operator>=(const Dual& a, const Dual& b) { return a.value >= b.value; }

  /// a where the comparison holds, else b, with the derivative of the one chosen. Both are computed: keep the one that
  /// is not chosen finite.
  template <class M>
  friend constexpr Dual select(const M& mask, const Dual& a, const Dual& b) {
    return {simd::select(mask, a.value, b.value), simd::select(mask, a.derivative, b.derivative)};
  }
  friend constexpr Dual max(const Dual& a, const Dual& b) { return select(a > b, a, b); }
  friend constexpr Dual min(const Dual& a, const Dual& b) { return select(a < b, a, b); }
  /// |x|, with derivative 1 at 0.
  friend constexpr Dual abs(const Dual& x) { return select(x < Dual(0), -x, x); }

  friend constexpr Dual exp(const Dual& x) {
    const V y = simd::exp(x.value);
    return {y, y * x.derivative};
  }
  friend constexpr Dual expm1(const Dual& x) { return {simd::expm1(x.value), simd::exp(x.value) * x.derivative}; }
  friend constexpr Dual log(const Dual& x) {
    return {simd::map(x.value, [](auto v) { return std::log(v); }), x.derivative / x.value};
  }
  friend constexpr Dual sqrt(const Dual& x) {
    const V y = simd::sqrt(x.value);
    return {y, x.derivative / (y + y)};
  }
  friend constexpr Dual sin(const Dual& x) { return {sine(x.value), cosine(x.value) * x.derivative}; }
  friend constexpr Dual cos(const Dual& x) { return {cosine(x.value), -sine(x.value) * x.derivative}; }
  friend constexpr Dual tanh(const Dual& x) {
    using S = simd::Scalar<V>;
    return {simd::tanh(x.value), simd::sigmoid_derivative(x.value * S(2)) * S(4) * x.derivative};
  }
  friend constexpr Dual sigmoid(const Dual& x) {
    return {simd::sigmoid(x.value), simd::sigmoid_derivative(x.value) * x.derivative};
  }
  friend constexpr Dual softplus(const Dual& x) {
    return {simd::softplus(x.value), simd::sigmoid(x.value) * x.derivative};
  }
  /// xᵖ for a constant p.
  friend constexpr Dual pow(const Dual& x, double p) {
    const auto power = [&](double q) {
      return simd::map(x.value, [q](auto v) { return static_cast<decltype(v)>(std::pow(v, q)); });
    };
    return {power(p), simd::constant<V>(p) * power(p - 1) * x.derivative};
  }

 private:
  static constexpr V sine(V x) {
    return simd::map(x, [](auto v) { return std::sin(v); });
  }
  static constexpr V cosine(V x) {
    return simd::map(x, [](auto v) { return std::cos(v); });
  }
};

}  // namespace videoonenet
