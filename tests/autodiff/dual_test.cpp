// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/autodiff/dual.hpp"

#include <algorithm>

#include "support/catch.hpp"

namespace dual_test {

using namespace videoonenet;

namespace {

/// f′ by dual numbers against a central difference of f itself, at some points of [0.3, 2.1], by numbers and registers.
template <class F>
void require_derivative(F f) {
  using V = simd::Vector<double>;
  for (double x = 0.3; x < 2.1; x += 0.2) {
    const double h = 1e-5, value = f(Dual<double>::variable(x)).value;
    const double difference = (f(Dual<double>(x + h)).value - f(Dual<double>(x - h)).value) / (2 * h);
    const Dual<double> y = f(Dual<double>::variable(x));
    REQUIRE(y.derivative == Approx(difference).epsilon(1e-8).margin(1e-9));
    const Dual<V> lanes = f(Dual<V>::variable(simd::broadcast(x)));
    for (std::size_t k : {std::size_t(0), std::size_t(simd::lanes<double> - 1)}) {
      REQUIRE(lanes.value[k] == Approx(value).epsilon(1e-14));
      REQUIRE(lanes.derivative[k] == Approx(y.derivative).epsilon(1e-13));
    }
  }
}

}  // namespace

TEST_CASE("a polynomial and its derivative") {
  const auto t = Dual<float>::variable(3);
  const auto y = 2 * t * t - t + 5;
  REQUIRE((y.value == 20 && y.derivative == 11));
  const auto constant = Dual<float>(7);
  REQUIRE((constant.value == 7 && constant.derivative == 0));
}

TEST_CASE("derivatives of elementary functions agree with differences") {
  require_derivative([](auto t) { return (t * t + 1) / (2 - t / 4) - t; });
  require_derivative([](auto t) { return exp(-t * t) + expm1(t / 3); });
  require_derivative([](auto t) { return log(t) * sqrt(t + 1); });
  require_derivative([](auto t) { return sin(3 * t) / cos(t / 3); });
  require_derivative([](auto t) { return tanh(t) * sigmoid(-t) + softplus(2 * t); });
  require_derivative([](auto t) { return pow(t, 2.5) - abs(1 - t * 3); });
  require_derivative([](auto t) {
    auto sum = t;
    sum += t * t;
    sum -= 3;
    sum *= t;
    sum /= 1 + t;
    return +sum;
  });
}

TEST_CASE("a choice has the derivative of what is chosen, lane by lane") {
  const auto f = [](auto t) { return select(t > 1, t * t, 3 * t) + max(t, 1.05) + min(t, 1.05); };
  require_derivative(f);
  using V = simd::Vector<double>;
  V x{};
  for (std::size_t k = 0; k < std::size_t(simd::lanes<double>); ++k) x[k] = double(k % 2 ? 2 : -2);
  const auto y = f(Dual<V>::variable(x));
  for (std::size_t k = 0; k < std::size_t(simd::lanes<double>); ++k) REQUIRE(y.derivative[k] == (k % 2 ? 5 : 4));
}

}  // namespace dual_test
