// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/pixel_shuffle/pixel_shuffle.hpp"

#include "nn/layer_checks.hpp"
#include "videoonenet/nn/pixel_shuffle/pixel_shuffle_reference.hpp"

namespace pixel_shuffle_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

TEMPLATE_TEST_CASE("pixel shuffle of a small frame and back", "", float, double) {
  using T = TestType;
  testing::LayerTrial down(PixelShuffle<T>{}, {.h = 2, .w = 4});
  down.x = {1, 2, 3, 4, 5, 6, 7, 8};
  down.forward();
  REQUIRE(down.output_shape() == Shape{.h = 1, .w = 2, .f = 4});
  REQUIRE(std::ranges::equal(down.y, std::array{1, 2, 5, 6, 3, 4, 7, 8}));
  testing::LayerTrial up(PixelShuffle<T>{.direction = PixelShuffleDirection::to_space}, down.output_shape());
  up.x = down.y;
  up.forward();
  REQUIRE(std::ranges::equal(up.y, down.x));
  up.grad_y = down.x;
  up.grad_x[1] = 100;
  up.adjoint();
  REQUIRE(std::ranges::equal(up.grad_x, std::array{1, 102, 5, 6, 3, 4, 7, 8}));
}

TEMPLATE_TEST_CASE("pixel shuffle agrees with its definition on odd extents", "", float, double) {
  using T = TestType;
  for (Index factor : {1, 2, 3}) {
    const PixelShuffleGeometry g{6, 5, 3, 7, factor};
    const Shape fine{.n = 2, .t = 3, .h = 5 * factor, .w = 3 * factor, .f = 7};
    Random random(8);
    testing::LayerTrial down(PixelShuffle<T>{.factor = factor}, fine, Cpu{.threads = 2});
    down.draw(random), down.forward(), down.adjoint();
    Buffer<T> y(down.y.size()), grad_x(down.x.size());
    reference::pixel_shuffle_to_channels(g, down.x.span(), y.span());
    reference::pixel_shuffle_to_channels_adjoint(g, down.grad_y.span(), grad_x.span());
    REQUIRE(std::ranges::equal(down.y, y));
    REQUIRE(std::ranges::equal(down.grad_x, grad_x));

    testing::LayerTrial up(PixelShuffle<T>{.factor = factor, .direction = PixelShuffleDirection::to_space},
                           down.output_shape(), Cpu{.threads = 2});
    up.draw(random), up.forward(), up.adjoint();
    Buffer<T> z(up.y.size()), grad_z(up.x.size());
    reference::pixel_shuffle_to_space(g, up.x.span(), z.span());
    reference::pixel_shuffle_to_space_adjoint(g, up.grad_y.span(), grad_z.span());
    REQUIRE(std::ranges::equal(up.y, z));
    REQUIRE(std::ranges::equal(up.grad_x, grad_z));
  }
}

TEST_CASE("gradients of the pixel shuffle agree with differences, on any number of threads") {
  layer_checks::require_gradient(PixelShuffle<double>{}, {.n = 2, .h = 4, .w = 2, .f = 3});
  const PixelShuffle<double> up{.factor = 3, .direction = PixelShuffleDirection::to_space};
  layer_checks::require_gradient(up, {.t = 2, .h = 2, .w = 1, .f = 18});
  layer_checks::require_same_for_all_threads(PixelShuffle<float>{}, {.t = 3, .h = 80, .w = 100, .f = 3});
  REQUIRE_THROWS_WITH(PixelShuffle<float>{}.output_shape({.h = 3, .w = 4}),
                      ContainsSubstring("frames of 3x4 pixels, expected multiples of factor = 2"));
  REQUIRE_THROWS_WITH(up.output_shape({.h = 3, .w = 4, .f = 8}),
                      ContainsSubstring("expected a multiple of factor² = 9"));
}

}  // namespace pixel_shuffle_test
