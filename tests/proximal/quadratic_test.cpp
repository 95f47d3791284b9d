// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/proximal/quadratic/quadratic.hpp"

#include "support/catch.hpp"
#include "videoonenet/testing/check_proximal.hpp"

namespace quadratic_test {

using namespace videoonenet;

TEMPLATE_TEST_CASE("the quadratic prior averages with its centre", "", float, double) {
  using T = TestType;
  Tensor<T> v(Shape{.w = 2}, std::vector<T>{T(4), T(-2)}), x(v.shape());
  const Quadratic<T> centred{.lambda = T(1.5), .centre = Buffer<T>{T(0), T(2)}}, plain{.lambda = T(1.5)};
  centred.apply(Cpu{}, v.view(), T(2), x.view());  // (v + 3c) / 4
  CHECK(x[0] == T(1));
  CHECK(x[1] == T(1));
  CHECK(centred.value(Cpu{}, x.view()) == Approx(0.75 * 2));
  plain.apply(Cpu{}, v.view(), T(2), x.view());
  CHECK(x[0] == T(1));
  CHECK(x[1] == T(-0.5));
  CHECK(plain.value(Cpu{}, x.view()) == Approx(0.75 * 1.25));
}

TEMPLATE_TEST_CASE("the quadratic prior is a proximal operator", "", float, double) {
  using T = TestType;
  const Shape shape{.n = 2, .t = 5, .h = 13, .w = 11, .f = 3};
  Buffer<T> centre(shape.size());
  Random(2).fill_normal(centre.span());
  const Quadratic<T> centred{.lambda = T(0.7), .centre = centre};
  for (const Quadratic<T>& prior : {centred, Quadratic<T>{.lambda = T(0.7)}}) {
    const auto report = testing::check_proximal(prior, shape);
    INFO(report);
    CHECK(report.passed);
  }
}

TEST_CASE("the quadratic prior refuses bad weights and centres") {
  Tensor<float> v(Shape{.w = 2});
  CHECK_THROWS_AS(Quadratic<float>{.lambda = -1}.apply(Cpu{}, v.view(), 1.f, v.view()), InputError);
  const Quadratic<float> off{.centre = Buffer<float>(3)};
  CHECK_THROWS_AS(off.apply(Cpu{}, v.view(), 1.f, v.view()), ShapeError);
  CHECK_THROWS_AS(off.value(Cpu{}, v.view()), ShapeError);
}

}  // namespace quadratic_test
