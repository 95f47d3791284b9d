// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/core/channels_cuda.cuh"
#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/models/inverse_net.hpp"
#include "videoonenet/nn/activation/activation_cuda.cuh"
#include "videoonenet/nn/batch_norm/batch_norm_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_cuda.cuh"
#include "videoonenet/nn/conv_transpose2d/conv_transpose2d_cuda.cuh"
#include "videoonenet/nn/pixel_shuffle/pixel_shuffle_cuda.cuh"

namespace inverse_net_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

/// A layer on an emulated or a real device against the host, with the batch's statistics.
template <class L>
void check_on_device(const L& layer, const Shape& in) {
  const LayerResults expected = layer_results(Cpu{.products = cpu::Products::direct}, layer, in);
  const LayerResults got = layer_results(test_gpu(cuda::Precision::float32), layer, in);
  CHECK(relative_error(got.y, expected.y) < 1e-5);
  CHECK(relative_error(got.grad_x, expected.grad_x) < 1e-4);
  CHECK(relative_error(got.grad_parameters, expected.grad_parameters) < 1e-4);
}

}  // namespace

TEST_CASE("InverseNet and the denoiser's core on a device are the host's") {
  check_on_device(inverse_net_outputs<float>({.inversion = {.in = 2, .out = 1, .levels = 2, .filters = 2},
                                              .denoiser = {.channels = 1, .factor = 2, .filters = 2}}),
                  {.n = 2, .h = 8, .w = 4, .f = 2});
  check_on_device(pixel_shuffle_denoiser_core<float>({.channels = 1, .factor = 2, .filters = 2, .condition = 3}),
                  {.n = 2, .h = 3, .w = 4, .f = 4 + 3});
}

}  // namespace inverse_net_cuda_test
