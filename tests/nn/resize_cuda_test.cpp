// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/resize/resize_cuda.cuh"

#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/nn/resize/resize.hpp"

namespace resize_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("device resizing moves and adds the entries that the host's does") {
  const Shape shape{.n = 2, .t = 3, .h = 7, .w = 11, .f = 3};
  for (const ResizeDirection direction : {ResizeDirection::up, ResizeDirection::down})
    for (const Index factor : {1, 2, 3}) {
      CAPTURE(static_cast<int>(direction), factor);
      const NearestResize<float> layer{.factor = factor, .direction = direction};
      const LayerResults expected = layer_results(Cpu{}, layer, shape), got = layer_results(test_gpu(), layer, shape);
      CHECK(got.y == expected.y);
      CHECK(got.grad_x == expected.grad_x);
    }
}

TEST_CASE("device resizing leaves fine pixels alone that belong to no coarse one") {
  const ResizeGeometry g{.frames = 2, .coarse_h = 2, .coarse_w = 3, .fine_h = 5, .fine_w = 7, .channels = 2};
  Random random(3);
  const auto coarse = random_values(random, 24);
  auto expected = random_values(random, 140);
  const TestGpu gpu = test_gpu();
  const auto device_coarse = to_executor(gpu, coarse), device_fine = to_executor(gpu, expected);
  resize_up(Cpu{}, g, std::span<const float>(coarse), std::span(expected));
  resize_up(gpu, g, std::span<const float>(device_coarse.span()), device_fine.span());
  CHECK(from_executor(gpu, device_fine) == expected);
}

TEST_CASE("device resizing refuses more entries than it can count") {
  const ResizeGeometry g{.frames = 1 << 20, .fine_h = 1 << 10, .fine_w = 1 << 10};
  CHECK_THROWS_AS(resize_down(test_gpu(), g, std::span<const float>(), std::span<float>()), ShapeError);
}

}  // namespace resize_cuda_test
