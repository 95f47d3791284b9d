// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Elementary functions of a whole register at a time, without a branch and without the mathematical library.
///
/// Every function takes a `simd::Vector<float|double>` or a plain float or double (`simd::Value`); a plain number is
/// computed by the standard library, so that code written once serves kernels, their references and devices.
/// Accuracy: about 2 units in the last place in float, 1e-15 relative in double; NaN stays NaN. Magnitudes below
/// 2⁻¹²⁵ (float) and 2⁻¹⁰²¹ (double) are not resolved.

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>

#include "videoonenet/core/simd.hpp"

namespace videoonenet::simd {

namespace detail {

template <class V>
struct Lane;
template <std::floating_point T>
struct Lane<T> {
  using scalar = T;
};
#if defined(__GNUC__)
template <>
struct Lane<Vector<float>> {
  using scalar = float;
  using integers = Integers<float>;
};
template <>
struct Lane<Vector<double>> {
  using scalar = double;
  using integers = Integers<double>;
};
#endif

}  // namespace detail

/// float, double, or a register of them.
template <class V>
concept Value = requires {
  typename detail::Lane<V>::scalar;
};

/// The type of one lane.
template <Value V>
using Scalar = typename detail::Lane<V>::scalar;

/// All lanes equal to `value`.
template <Value V>
  requires std::floating_point<V>
VIDEOONENET_HOST_DEVICE constexpr V constant(double value) {
  return static_cast<V>(value);
}
template <Value V>
  requires(!std::floating_point<V>)
V constant(double value) {
  return static_cast<Scalar<V>>(value) - V{};  // value − 0 is value, for every value
}

/// Lane by lane a where `mask` (a comparison of two V) holds, else b.
template <class M, Value V>
constexpr V select(M mask, V a, V b) {
  return mask ? a : b;
}

/// The larger; a NaN in b stays.
template <Value V>
constexpr V max(V a, V b) {
  return a > b ? a : b;
}

/// The smaller; a NaN in b stays.
template <Value V>
constexpr V min(V a, V b) {
  return a < b ? a : b;
}

/// f of every lane, one after the other: for functions that have no form for registers. (nvcc compiles what is
/// constexpr for devices, where registers have no lanes, so that only the form for numbers is.)
template <Value V, class F>
  requires std::floating_point<V>
constexpr V map(V x, F&& f) {
  return f(x);
}
template <Value V, class F>
  requires(!std::floating_point<V>)
V map(V x, F&& f) {
  for (std::size_t i = 0; i < sizeof(V) / sizeof(Scalar<V>); ++i) x[i] = f(x[i]);
  return x;
}

/// |x|.
template <Value V>
constexpr V abs(V x) {
  if constexpr (std::floating_point<V>) {
    return std::abs(x);
  } else {
    using I = typename detail::Lane<V>::integers;
    const auto sign = std::bit_cast<I>(constant<V>(-0.0));
    return std::bit_cast<V>(std::bit_cast<I>(x) & ~sign);
  }
}

/// √x.
template <Value V>
constexpr V sqrt(V x) {
  return map(x, [](auto lane) { return std::sqrt(lane); });  // compilers turn this loop into one instruction
}

namespace detail {

/// eˣ = 2ⁿ (1 + q), |x − n log 2| ≤ ½ log 2, as the pair (2ᵐ with m = n − 1, q), so that neither overflows.
template <class V>
struct HalfExp {
  V half_power, q;
};

/// x between the arguments where 2ⁿ⁻¹ is a normal number.
template <class V>
HalfExp<V> half_exp(V x) {
  using T = Scalar<V>;
  using I = typename Lane<V>::integers;
  constexpr bool single = sizeof(T) == 4;
  // Adding 1.5·2^(mantissa bits) rounds to an integer, which with the exponent's bias then lies in the lowest bits.
  constexpr T magic = single ? T(0x1.8p23 + 126) : T(0x1.8p52 + 1022);
  constexpr T log2_high = single ? T(0x1.62e4p-1) : T(0x1.62e42fefa0000p-1);
  constexpr T log2_low = single ? T(0x1.7f7d1cf79abcap-20) : T(0x1.cf79abc9e3b3ap-40);
  const V biased = x * T(1.4426950408889634) + magic;
  const V n = biased - magic;
  const V r = (x - n * log2_high) - n * log2_low;
  const V half_power = std::bit_cast<V>(std::bit_cast<I>(biased) << (single ? 23 : 52));
  V q;  // eʳ − 1 − r, over r²
  if constexpr (single) {
    // Minimax on |r| ≤ ½ log 2, relative error of eʳ 3e-9.
    q = r * T(1.3814596459269524e-3) + T(8.3687175065279e-3);
    q = q * r + T(4.166838899254799e-2);
    q = q * r + T(0.1666652113199234);
    q = q * r + T(0.4999999403953552);
  } else {
    q = constant<V>(0);
    double factorial = 6227020800;  // 13!
    for (int k = 13; k >= 2; factorial /= k, --k) q = q * r + T(1 / factorial);
  }
  return {half_power, q * (r * r) + r};
}

/// The arguments half_exp takes.
template <class V>
inline constexpr Scalar<V> lowest_exponent = sizeof(Scalar<V>) == 4 ? Scalar<V>(-86.6) : Scalar<V>(-707.7);
template <class V>
inline constexpr Scalar<V> highest_exponent = sizeof(Scalar<V>) == 4 ? Scalar<V>(88.72283)
                                                                     : Scalar<V>(709.7827128933840);

/// eˣ for x ≤ 0.
template <class V>
V exp_of_nonpositive(V x) {
  const auto [half_power, q] = half_exp(max(constant<V>(lowest_exponent<V>), x));
  const V power = half_power + half_power;
  return power * q + power;
}

/// log(1 + e) for 0 ≤ e ≤ 1.
template <class V>
V log_of_one_plus(V e) {
  using T = Scalar<V>;
  // 2 artanh s = 2s (1 + s²/3 + s⁴/5 + …), s = e / (2 + e) ≤ 1/3
  const V s = e / (e + T(2)), s2 = s * s;
  V series;
  if constexpr (sizeof(T) == 4) {
    // Minimax of 2 artanh(s)/s, relative error 4e-9.
    series = s2 * T(0.28178325295448303) + T(0.27960604429244995);
    series = series * s2 + T(0.40024909377098083);
    series = series * s2 + T(0.6666631698608398);
    series = series * s2 + T(2);
  } else {
    series = constant<V>(2.0 / 35);
    for (int k = 33; k >= 1; k -= 2) series = series * s2 + T(2.0 / k);
  }
  return s * series;
}

/// e^−|x|.
template <class V>
constexpr V decay(V x) {
  if constexpr (std::floating_point<V>)
    return std::exp(-std::abs(x));
  else
    return exp_of_nonpositive(-abs(x));
}

}  // namespace detail

/// eˣ; infinite where it overflows.
template <Value V>
constexpr V exp(V x) {
  if constexpr (std::floating_point<V>) {
    return std::exp(x);
  } else {
    const V low = constant<V>(detail::lowest_exponent<V>), high = constant<V>(detail::highest_exponent<V>);
    const auto [half_power, q] = detail::half_exp(min(high, max(low, x)));
    const V y = half_power * q + half_power;
    return select(x < low, constant<V>(0), select(x > high, constant<V>(HUGE_VAL), y + y));
  }
}

/// eˣ − 1, accurate around 0.
template <Value V>
constexpr V expm1(V x) {
  if constexpr (std::floating_point<V>) {
    return std::expm1(x);
  } else {
    const V low = constant<V>(detail::lowest_exponent<V>), high = constant<V>(detail::highest_exponent<V>);
    const auto [half_power, q] = detail::half_exp(min(high, max(low, x)));
    const V y = half_power * q + (half_power - Scalar<V>(0.5));
    return select(x > high, constant<V>(HUGE_VAL), y + y);
  }
}

/// log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|), which never overflows; its derivative is the sigmoid.
template <Value V>
constexpr V softplus(V x) {
  const V e = detail::decay(x);
  if constexpr (std::floating_point<V>)
    return max(V(0), x) + std::log1p(e);
  else
    return max(constant<V>(0), x) + detail::log_of_one_plus(e);
}

/// 1 / (1 + e⁻ˣ).
template <Value V>
constexpr V sigmoid(V x) {
  const V e = detail::decay(x);
  return select(x < Scalar<V>(0), e, constant<V>(1)) / (e + Scalar<V>(1));
}

/// The sigmoid's derivative, sigmoid(x) sigmoid(−x) = e^−|x| / (1 + e^−|x|)².
template <Value V>
constexpr V sigmoid_derivative(V x) {
  const V e = detail::decay(x), sum = e + Scalar<V>(1);
  return e / (sum * sum);
}

/// tanh x = −m / (2 + m) with m = e⁻²ˣ − 1, x ≥ 0; odd.
template <Value V>
constexpr V tanh(V x) {
  if constexpr (std::floating_point<V>) {
    return std::tanh(x);
  } else {
    const V low = constant<V>(detail::lowest_exponent<V>);
    const auto [half_power, q] = detail::half_exp(max(low, Scalar<V>(-2) * abs(x)));
    const V half = half_power * q + (half_power - Scalar<V>(0.5)), m = half + half;
    const V y = m / (m + Scalar<V>(2));
    return select(x < Scalar<V>(0), y, -y);
  }
}

}  // namespace videoonenet::simd
