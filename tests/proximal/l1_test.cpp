// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/proximal/l1/l1.hpp"

#include <limits>

#include "support/catch.hpp"
#include "videoonenet/testing/check_proximal.hpp"

namespace l1_test {

using namespace videoonenet;

TEMPLATE_TEST_CASE("soft thresholding by hand", "", float, double) {
  using T = TestType;
  const L1<T> prior{.lambda = T(0.5)};
  const Shape shape{.w = 5};
  Tensor<T> v(shape, std::vector<T>{T(-3), T(-0.75), T(0), T(1), T(2.5)}), x(shape);
  prior.apply(Cpu{}, v.view(), T(2), x.view());
  const std::vector<T> expected{T(-2), T(0), T(0), T(0), T(1.5)};
  for (Index i = 0; i < x.size(); ++i) CHECK(x[i] == expected[static_cast<std::size_t>(i)]);
  CHECK(prior.value(Cpu{}, x.view()) == Approx(1.75));
}

TEMPLATE_TEST_CASE("soft thresholding is a proximal operator", "", float, double) {
  const auto report =
      testing::check_proximal(L1<TestType>{.lambda = TestType(0.4)}, {.n = 2, .t = 3, .h = 5, .w = 7, .f = 3});
  INFO(report);
  CHECK(report.passed);
}

TEMPLATE_TEST_CASE("soft thresholding passes NaN and infinity on", "", float, double) {
  using T = TestType;
  constexpr T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  Tensor<T> v(Shape{.w = 37});
  for (Index i = 0; i < v.size(); ++i) v[i] = i % 3 == 0 ? nan : i % 3 == 1 ? inf : -inf;
  L1<T>{.lambda = T(1)}.apply(Cpu{}, v.view(), T(1), v.view());
  for (Index i = 0; i < v.size(); ++i) {
    if (i % 3 == 0)
      REQUIRE(std::isnan(v[i]));
    else
      REQUIRE(v[i] == (i % 3 == 1 ? inf : -inf));
  }
}

TEST_CASE("soft thresholding refuses weights that are no weights") {
  Tensor<float> v(Shape{.w = 3});
  CHECK_THROWS_AS(L1<float>{.lambda = -1}.apply(Cpu{}, v.view(), 1.f, v.view()), InputError);
  CHECK_THROWS_AS(L1<float>{}.apply(Cpu{}, v.view(), -1.f, v.view()), InputError);
  CHECK_THROWS_AS(L1<float>{}.apply(Cpu{}, v.view(), std::numeric_limits<float>::quiet_NaN(), v.view()), InputError);
}

}  // namespace l1_test
