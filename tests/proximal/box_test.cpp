// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/proximal/box/box.hpp"

#include "support/catch.hpp"
#include "videoonenet/testing/check_proximal.hpp"

namespace box_test {

using namespace videoonenet;

TEMPLATE_TEST_CASE("the projection clips to the range and keeps NaN", "", float, double) {
  using T = TestType;
  constexpr T inf = std::numeric_limits<T>::infinity();
  Tensor<T> v(Shape{.w = 6}, std::vector<T>{T(-1), T(0.25), T(3), inf, -inf, std::numeric_limits<T>::quiet_NaN()});
  const Box<T> prior{.low = T(-0.5), .high = T(2)};
  CHECK(prior.value(Cpu{}, v.view()) == std::numeric_limits<double>::infinity());
  prior.apply(Cpu{}, v.view(), T(1), v.view());
  const T expected[] = {T(-0.5), T(0.25), T(2), T(2), T(-0.5)};
  for (Index i = 0; i < 5; ++i) CHECK(v[i] == expected[i]);
  CHECK(std::isnan(v[5]));
  v[5] = T(0);
  CHECK(prior.value(Cpu{}, v.view()) == 0);
}

TEMPLATE_TEST_CASE("the projection is a proximal operator", "", float, double) {
  const auto report =
      testing::check_proximal(Box<TestType>{}, {.n = 2, .t = 5, .h = 13, .w = 11, .f = 3}, {.tau_has_effect = false});
  INFO(report);
  CHECK(report.passed);
}

TEMPLATE_TEST_CASE("the range may be open on one side", "", float, double) {
  using T = TestType;
  Tensor<T> v(Shape{.w = 2}, std::vector<T>{T(-5), T(1e6)});
  Box<T>{.low = T(0), .high = std::numeric_limits<T>::infinity()}.apply(Cpu{}, v.view(), T(1), v.view());
  CHECK(v[0] == T(0));
  CHECK(v[1] == T(1e6));
}

TEST_CASE("an empty range is refused") {
  Tensor<float> v(Shape{.w = 2});
  CHECK_THROWS_AS((Box<float>{.low = 1, .high = 0}.apply(Cpu{}, v.view(), 1.f, v.view())), InputError);
  CHECK_THROWS_AS((Box<float>{.low = std::numeric_limits<float>::quiet_NaN()}.value(Cpu{}, v.view())), InputError);
}

}  // namespace box_test
