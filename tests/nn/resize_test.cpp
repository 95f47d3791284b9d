// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/resize/resize.hpp"

#include "nn/layer_checks.hpp"
#include "videoonenet/nn/resize/resize_reference.hpp"

namespace resize_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

TEMPLATE_TEST_CASE("nearest resizing of small frames", "", float, double) {
  using T = TestType;
  testing::LayerTrial up(NearestResize<T>{}, {.h = 1, .w = 2});
  up.x = {1, 2};
  up.forward();
  REQUIRE(up.output_shape() == Shape{.h = 2, .w = 4});
  REQUIRE(std::ranges::equal(up.y, std::array{1, 1, 2, 2, 1, 1, 2, 2}));
  up.grad_y = {1, 2, 3, 4, 5, 6, 7, 8};
  up.adjoint();
  REQUIRE(std::ranges::equal(up.grad_x, std::array{1 + 2 + 5 + 6, 3 + 4 + 7 + 8}));

  testing::LayerTrial down(NearestResize<T>{.direction = ResizeDirection::down}, {.h = 3, .w = 4});
  down.x = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  down.forward();
  REQUIRE(down.output_shape() == Shape{.h = 1, .w = 2});
  REQUIRE(std::ranges::equal(down.y, std::array{1, 3}));
  down.grad_y = {5, 6};
  down.adjoint();
  REQUIRE(std::ranges::equal(down.grad_x, std::array{5, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
}

TEMPLATE_TEST_CASE("nearest resizing agrees with its definition on odd extents", "", float, double) {
  using T = TestType;
  for (Index factor : {1, 2, 3}) {
    const Shape coarse{.n = 2, .t = 3, .h = 3, .w = 5, .f = 7};
    const Shape fine{.n = 2, .t = 3, .h = 3 * factor + (factor > 1), .w = 5 * factor + (factor > 2), .f = 7};
    const Shape up_fine{.n = 2, .t = 3, .h = 3 * factor, .w = 5 * factor, .f = 7};
    Random random(6);

    testing::LayerTrial up(NearestResize<T>{.factor = factor}, coarse, Cpu{.threads = 2});
    const ResizeGeometry g{6, coarse.h, coarse.w, up_fine.h, up_fine.w, 7, factor};
    up.draw(random), up.forward(), up.adjoint();
    Buffer<T> y(up.y.size()), grad_x(up.x.size());
    reference::resize_up(g, up.x.span(), y.span());
    reference::resize_up_adjoint(g, up.grad_y.span(), grad_x.span());
    REQUIRE(std::ranges::equal(up.y, y));
    REQUIRE(layer_checks::deviation(up.grad_x, grad_x) < 1e-6);

    testing::LayerTrial down(NearestResize<T>{.factor = factor, .direction = ResizeDirection::down}, fine);
    const ResizeGeometry h{6, coarse.h, coarse.w, fine.h, fine.w, 7, factor};
    down.draw(random), down.forward(), down.adjoint();
    Buffer<T> z(down.y.size()), grad_fine(down.x.size());
    reference::resize_down(h, down.x.span(), z.span());
    reference::resize_down_adjoint(h, down.grad_y.span(), grad_fine.span());
    REQUIRE(std::ranges::equal(down.y, z));
    REQUIRE(std::ranges::equal(down.grad_x, grad_fine));
  }
}

TEST_CASE("gradients of nearest resizing agree with differences, on any number of threads") {
  const Shape shape{.n = 2, .h = 5, .w = 4, .f = 2};
  layer_checks::require_gradient(NearestResize<double>{.factor = 3}, shape);
  layer_checks::require_gradient(NearestResize<double>{.direction = ResizeDirection::down}, shape);
  layer_checks::require_same_for_all_threads(NearestResize<float>{}, {.t = 3, .h = 70, .w = 60, .f = 3});
  REQUIRE_THROWS_WITH(
      (NearestResize<float>{.factor = 3, .direction = ResizeDirection::down}.output_shape({.h = 2, .w = 9})),
      ContainsSubstring("too small to be reduced by 3"));
}

}  // namespace resize_test
