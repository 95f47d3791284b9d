// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/simd_math.hpp"

#include <algorithm>
#include <limits>

#include "support/catch.hpp"

namespace simd_math_test {

using namespace videoonenet;

namespace {

/// f of one number through a register.
template <class T, class F>
T lane(T x, F f) {
  return f(simd::broadcast(x))[0];
}

/// The largest error of f against `exact`, relative to it, over a fine grid of [low, high].
template <class T, class F, class G>
double largest_error(double low, double high, F f, G exact) {
  double worst = 0;
  constexpr Index steps = 20011, n = simd::lanes<T>;
  for (Index i = 0; i < steps; i += n) {
    simd::Vector<T> x{};
    for (Index k = 0; k < n; ++k)
      x[static_cast<std::size_t>(k)] = T(low + (high - low) * double(i + k) / double(steps));
    const simd::Vector<T> y = f(x);
    for (std::size_t k = 0; k < static_cast<std::size_t>(n); ++k) {
      const auto value = static_cast<double>(exact(static_cast<long double>(x[k])));
      if (value == 0 && y[k] == 0) continue;
      worst = std::max(worst, std::abs(double(y[k]) - value) / std::abs(value));
    }
  }
  return worst;
}

template <class T>
double tolerance() {
  return sizeof(T) == 4 ? 2.5e-7 : 1e-15;
}

}  // namespace

TEMPLATE_TEST_CASE("elementary functions of registers are accurate", "", float, double) {
  using T = TestType;
  using L = long double;
  const double far = sizeof(T) == 4 ? 86 : 700;
  const auto exp = [](auto x) { return simd::exp(x); };
  REQUIRE(largest_error<T>(-1, 1, exp, [](L x) { return std::exp(x); }) < tolerance<T>());
  REQUIRE(largest_error<T>(-far, far, exp, [](L x) { return std::exp(x); }) < tolerance<T>());
  const auto expm1 = [](auto x) { return simd::expm1(x); };
  REQUIRE(largest_error<T>(-1e-3, 1e-3, expm1, [](L x) { return std::expm1(x); }) < tolerance<T>());
  REQUIRE(largest_error<T>(-far, far, expm1, [](L x) { return std::expm1(x); }) < tolerance<T>());
  const auto softplus = [](auto x) { return simd::softplus(x); };
  REQUIRE(largest_error<T>(-far, far, softplus, [](L x) {
            return std::max(x, L(0)) + std::log1p(std::exp(-std::abs(x)));
          }) < tolerance<T>());
  const auto sigmoid = [](auto x) { return simd::sigmoid(x); };
  REQUIRE(largest_error<T>(-far, far, sigmoid, [](L x) { return 1 / (1 + std::exp(-x)); }) < tolerance<T>());
  const auto slope = [](auto x) { return simd::sigmoid_derivative(x); };
  REQUIRE(largest_error<T>(-far, far, slope, [](L x) {
            const L e = std::exp(-std::abs(x));
            return e / ((1 + e) * (1 + e));
          }) < 2 * tolerance<T>());
  const auto tanh = [](auto x) { return simd::tanh(x); };
  REQUIRE(largest_error<T>(-1e-2, 1e-2, tanh, [](L x) { return std::tanh(x); }) < tolerance<T>());
  REQUIRE(largest_error<T>(-20, 20, tanh, [](L x) { return std::tanh(x); }) < tolerance<T>());
}

TEMPLATE_TEST_CASE("elementary functions of registers hold at the ends of the range", "", float, double) {
  using T = TestType;
  const auto exp = [](auto x) { return simd::exp(x); };
  const auto softplus = [](auto x) { return simd::softplus(x); };
  const auto sigmoid = [](auto x) { return simd::sigmoid(x); };
  const auto tanh = [](auto x) { return simd::tanh(x); };
  const auto expm1 = [](auto x) { return simd::expm1(x); };
  constexpr T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  REQUIRE((lane(T(0), exp) == 1 && lane(T(-1e4), exp) == 0 && lane(T(1e4), exp) == infinity));
  REQUIRE((lane(infinity, exp) == infinity && lane(-infinity, exp) == 0));
  const T largest = std::log(std::numeric_limits<T>::max()) * (1 - std::numeric_limits<T>::epsilon());
  REQUIRE(lane(largest, exp) > std::numeric_limits<T>::max() / 2);
  REQUIRE(lane(largest, exp) < infinity);
  REQUIRE((lane(T(1e4), softplus) == T(1e4) && lane(T(-1e4), softplus) < T(1e-37)));
  REQUIRE(lane(T(-1e4), softplus) >= 0);
  REQUIRE((lane(T(1e4), sigmoid) == 1 && lane(T(-1e4), sigmoid) < T(1e-37)));
  REQUIRE((lane(T(1e4), tanh) == 1 && lane(T(-1e4), tanh) == -1 && lane(T(0), tanh) == 0));
  REQUIRE((lane(T(-1e4), expm1) == -1 && lane(T(1e4), expm1) == infinity && lane(T(0), expm1) == 0));
  for (T y : {lane(nan, exp), lane(nan, softplus), lane(nan, sigmoid), lane(nan, tanh), lane(nan, expm1)})
    REQUIRE(y != y);
}

TEMPLATE_TEST_CASE("plain numbers are computed by the standard library", "", float, double) {
  using T = TestType;
  REQUIRE(simd::exp(T(1.5)) == std::exp(T(1.5)));
  REQUIRE(simd::tanh(T(-0.5)) == std::tanh(T(-0.5)));
  REQUIRE(simd::softplus(T(0)) == Approx(std::log(2.0)));
  REQUIRE(simd::softplus(T(-1e4)) == 0);
  REQUIRE(simd::sigmoid(T(0)) == T(0.5));
  REQUIRE((simd::max(T(1), T(2)) == 2 && simd::min(T(1), T(2)) == 1 && simd::abs(T(-3)) == 3));
}

TEMPLATE_TEST_CASE("lanes are selected, compared and mapped one by one", "", float, double) {
  using T = TestType;
  using V = simd::Vector<T>;
  V x{};
  for (std::size_t i = 0; i < static_cast<std::size_t>(simd::lanes<T>); ++i) x[i] = T(i) - T(1);
  const V magnitude = simd::abs(x), positive = simd::max(V{}, x), negative = simd::min(V{}, x),
          chosen = simd::select(x < T(0), simd::constant<V>(7), x), cube = simd::map(x, [](T v) { return v * v * v; }),
          root = simd::sqrt(magnitude);
  for (std::size_t i = 0; i < static_cast<std::size_t>(simd::lanes<T>); ++i) {
    REQUIRE((magnitude[i] == std::abs(x[i]) && positive[i] + negative[i] == x[i] && positive[i] >= 0));
    REQUIRE(
        (chosen[i] == (x[i] < 0 ? 7 : x[i]) && cube[i] == x[i] * x[i] * x[i] && root[i] == std::sqrt(magnitude[i])));
  }
}

}  // namespace simd_math_test
