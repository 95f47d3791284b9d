// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/channel_dense/channel_dense_cuda.cuh"

#include "support/layer_on_gpu.cuh"
#include "videoonenet/nn/channel_dense/channel_dense.hpp"

namespace channel_dense_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("a device channel-wise dense layer equals the host's") {
  // more and fewer frames, positions and channels than a thread or a block takes at a time
  for (const Shape& shape :
       {Shape{.n = 2, .t = 5, .h = 3, .w = 5, .f = 37}, Shape{.n = 1, .t = 1, .h = 1, .w = 1, .f = 1},
        Shape{.n = 17, .t = 1, .h = 1, .w = 3, .f = 64}, Shape{.n = 1, .t = 8, .h = 2, .w = 4, .f = 32},
        Shape{.n = 3, .t = 1, .h = 3, .w = 3, .f = 5}})
    for (const int multiprocessors : {4, 5}) {  // an odd number runs the threads in the other order
      CAPTURE(shape, multiprocessors);
      const ChannelDense<float> layer{.h = shape.h, .w = shape.w, .channels = shape.f};
      const LayerResults expected = layer_results(Cpu{}, layer, shape);
      const LayerResults got = layer_results(test_gpu(cuda::Precision::tf32, multiprocessors), layer, shape);
      CHECK(relative_error(got.y, expected.y) < 1e-6);
      CHECK(relative_error(got.grad_x, expected.grad_x) < 1e-6);
      CHECK(relative_error(got.grad_parameters, expected.grad_parameters) < 1e-6);
    }
}

TEST_CASE("on a device, too, what is not a number spoils what depends on it only") {
  const ChannelDenseGeometry g{.frames = 3, .positions = 6, .channels = 5};
  Random random(4);
  auto x = random_values(random, 90), grad_y = random_values(random, 90);
  x[30 + 2 * 5 + 3] = grad_y[60 + 4 * 5 + 1] = std::nanf("");
  const TestGpu gpu = test_gpu();
  const auto device_x = to_executor(gpu, x), device_grad_y = to_executor(gpu, grad_y);
  auto grad_kernel = gpu.allocate<float>(240);  // more than the kernel
  channel_dense_kernel_gradient(gpu, g, device_x.span(), device_grad_y.span(), grad_kernel.span().first(180));
  const auto gradient = from_executor(gpu, grad_kernel);
  for (std::size_t i = 0; i < 240; ++i) {
    const std::size_t p = i / 30, q = i / 5 % 6, c = i % 5;
    CHECK(std::isnan(gradient[i]) == (i < 180 && ((p == 2 && c == 3) || (q == 4 && c == 1))));
  }
}

TEST_CASE("a device channel-wise dense layer refuses a kernel with more entries than it can count") {
  const ChannelDenseGeometry g{.frames = 1, .positions = 1 << 12, .channels = 1 << 8};
  CHECK_THROWS_AS(channel_dense_forward(test_gpu(), g, {}, {}, std::span<float>()), ShapeError);
}

}  // namespace channel_dense_cuda_test
