// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/conv_transpose2d/conv_transpose2d_cuda.cuh"

#include "support/layer_on_gpu.cuh"
#include "videoonenet/nn/conv_transpose2d/conv_transpose2d.hpp"

namespace conv_transpose2d_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("device transposed convolutions equal the host's") {
  const Shape shape{.n = 2, .t = 1, .h = 5, .w = 4, .f = 4};
  SECTION("wide kernels to few channels") {
    check_layer_on_gpu(ConvTranspose2d<float>{.in = 4, .out = 2, .kernel = 7}, shape, {1, 64});
  }
  SECTION("without a bias") { check_layer_on_gpu(ConvTranspose2d<float>{.in = 4, .out = 1, .bias = false}, shape); }
  SECTION("stride two") {
    check_layer_on_gpu(ConvTranspose2d<float>{.in = 4, .out = 3, .kernel = 4, .stride = 2}, shape);
  }
  SECTION("odd channels") {
    check_layer_on_gpu(ConvTranspose2d<float>{.in = 3, .out = 2, .kernel = 3},
                       Shape{.n = 1, .t = 2, .h = 3, .w = 6, .f = 3});
  }
}

}  // namespace conv_transpose2d_cuda_test
