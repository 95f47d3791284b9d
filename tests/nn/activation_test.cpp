// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/activation/activation.hpp"

#include "nn/layer_checks.hpp"
#include "videoonenet/nn/activation/activation_reference.hpp"

namespace activation_test {

using namespace videoonenet;

namespace {

/// A user's own: f(x) = x².
struct Square {
  template <class V>
  V value(V x) const {
    return x * x;
  }
  template <class V>
  V derivative(V x) const {
    return x + x;
  }
};

template <class T, class F>
void require_reference(const F& f, Index size, double deviation) {
  Buffer<T> x(size), grad_y(size), y(size), grad_x(size), y_expected(size), grad_expected(size);
  Random random(3);
  random.fill_normal(x.span(), deviation);
  random.fill_normal(grad_y.span());
  random.fill_normal(grad_x.span());
  grad_expected = grad_x;
  activation_forward(Cpu{.threads = 2}, f, x.span(), y.span());
  activation_adjoint(Cpu{.threads = 2}, f, x.span(), grad_y.span(), grad_x.span());
  reference::activation_forward(f, x.span(), y_expected.span());
  reference::activation_adjoint(f, x.span(), grad_y.span(), grad_expected.span());
  const double tolerance = sizeof(T) == 4 ? 1e-6 : 1e-14;
  REQUIRE(layer_checks::deviation(y, y_expected) < tolerance);
  REQUIRE(layer_checks::deviation(grad_x, grad_expected) < tolerance);
}

}  // namespace

TEMPLATE_TEST_CASE("the scaled softplus has its golden values", "", float, double) {
  layer_checks::require_golden(Activation<TestType, ScaledSoftplus>{}, {.h = 3, .w = 50}, "activation", {});
}

TEMPLATE_TEST_CASE("activations have their textbook values", "", float, double) {
  using T = TestType;
  REQUIRE(Linear{}.value(T(-3)) == -3);
  REQUIRE(ScaledSoftplus{}.value(T(-1)) == Approx(std::log(2.0) / 2 - 1));
  REQUIRE(ScaledSoftplus{}.derivative(T(-1)) == T(0.5));
  REQUIRE(Elu{.alpha = 2}.value(T(-1)) == Approx(2 * (std::exp(-1.0) - 1)));
  REQUIRE((Elu{}.value(T(3)) == 3 && Elu{}.derivative(T(3)) == 1));
  REQUIRE((Relu{}.value(T(-2)) == 0 && Relu{}.value(T(2)) == 2 && Relu{}.derivative(T(0)) == 0));
  REQUIRE((LeakyRelu{.slope = 0.25}.value(T(-2)) == T(-0.5) && LeakyRelu{.slope = 0.25}.derivative(T(-2)) == T(0.25)));
  REQUIRE((Sigmoid{}.value(T(0)) == T(0.5) && Sigmoid{}.derivative(T(0)) == T(0.25)));
  REQUIRE((Tanh{}.value(T(0)) == 0 && Tanh{}.derivative(T(0)) == 1));
}

TEMPLATE_TEST_CASE("activations of registers agree with those of numbers, for every size", "", float, double) {
  for (Index size : {1, 7, 33, 70001})
    for (double deviation : {0.1, 2.0, 100.0}) {
      require_reference<TestType>(Linear{}, size, deviation);
      require_reference<TestType>(ScaledSoftplus{}, size, deviation);
      require_reference<TestType>(Elu{.alpha = 0.7}, size, deviation);
      require_reference<TestType>(Relu{}, size, deviation);
      require_reference<TestType>(LeakyRelu{}, size, deviation);
      require_reference<TestType>(Sigmoid{}, size, deviation);
      require_reference<TestType>(Tanh{}, size, deviation);
      require_reference<TestType>(Square{}, size, deviation);
    }
}

TEMPLATE_TEST_CASE("activations stay finite far from zero and keep NaN", "", float, double) {
  using T = TestType;
  const auto at = [](const auto& f, T x) {
    Buffer<T> in{x}, out(1);
    activation_forward(Cpu{}, f, in.span(), out.span());
    return out[0];
  };
  const auto slope_at = [](const auto& f, T x) {
    Buffer<T> in{x}, grad_y{1}, out(1);
    activation_adjoint(Cpu{}, f, in.span(), grad_y.span(), out.span());
    return out[0];
  };
  REQUIRE(at(ScaledSoftplus{}, T(1e4)) == T(1e4));
  REQUIRE(at(ScaledSoftplus{}, T(-1e4)) == -1);
  REQUIRE((slope_at(ScaledSoftplus{}, T(1e4)) == 1 && std::abs(slope_at(ScaledSoftplus{}, T(-1e4))) < T(1e-30)));
  REQUIRE((at(Elu{}, T(1e4)) == T(1e4) && at(Elu{}, T(-1e4)) == -1 && slope_at(Elu{}, T(-1e4)) == 0));
  REQUIRE((at(Tanh{}, T(-1e4)) == -1 && std::abs(slope_at(Tanh{}, T(1e4))) < T(1e-30)));
  const T nan = std::numeric_limits<T>::quiet_NaN();
  for (T y : {at(ScaledSoftplus{}, nan), at(Elu{}, nan), at(Relu{}, nan), at(LeakyRelu{}, nan), at(Sigmoid{}, nan),
              at(Tanh{}, nan)})
    REQUIRE(y != y);
}

TEST_CASE("gradients of activations agree with differences") {
  const Shape shape{.n = 2, .t = 2, .h = 3, .w = 3, .f = 2};
  layer_checks::require_gradient(Activation<double, Linear>{}, shape);
  layer_checks::require_gradient(Activation<double, ScaledSoftplus>{}, shape);
  layer_checks::require_gradient(Activation<double, Elu>{.function = {.alpha = 0.5}}, shape);
  layer_checks::require_gradient(Activation<double, Relu>{}, shape);
  layer_checks::require_gradient(Activation<double, LeakyRelu>{}, shape);
  layer_checks::require_gradient(Activation<double, Sigmoid>{}, shape);
  layer_checks::require_gradient(Activation<double, Tanh>{}, shape);
  layer_checks::require_gradient(Activation<double, Square>{}, shape);
  layer_checks::require_same_for_all_threads(Activation<float, ScaledSoftplus>{}, {.n = 3, .h = 130, .w = 200});
}

}  // namespace activation_test
