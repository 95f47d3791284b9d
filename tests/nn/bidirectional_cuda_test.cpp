// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "support/layer_on_gpu.cuh"
#include "videoonenet/core/channels_cuda.cuh"
#include "videoonenet/core/streams_cuda.cuh"
#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/models/video_net.hpp"
#include "videoonenet/nn/conv_transpose2d/conv_transpose2d_cuda.cuh"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_cuda.cuh"
#include "videoonenet/nn/normalization/normalization_cuda.cuh"

namespace bidirectional_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("both directions of a recurrent layer on the device equal the host's") {
  check_layer_on_gpu(bidirectional(MinimalRnn<float>{.channels = 4}), Shape{.n = 2, .t = 2, .h = 3, .w = 4, .f = 4});
}

TEST_CASE("a whole net of the paper on the device equals the host's") {
  check_layer_on_gpu(bcrnn_video_net<float>({.in = 2, .out = 1, .filters = 4, .kernel_decoder = 5}),
                     Shape{.n = 2, .t = 2, .h = 5, .w = 4, .f = 2});
}

}  // namespace bidirectional_cuda_test
