// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/activation/activation_cuda.cuh"

#include "support/layer_on_gpu.cuh"
#include "videoonenet/nn/activation/activation.hpp"

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("device activations equal the host's") {
  const Shape shape{.n = 1, .t = 2, .h = 7, .w = 13, .f = 5};
  check_layer_on_gpu(Activation<float, ScaledSoftplus>{}, shape);
  check_layer_on_gpu(Activation<float, Elu>{}, shape);
  check_layer_on_gpu(Activation<float, Relu>{}, shape);
  check_layer_on_gpu(Activation<float, LeakyRelu>{}, shape);
  check_layer_on_gpu(Activation<float, Sigmoid>{}, shape);
  check_layer_on_gpu(Activation<float, Tanh>{}, shape);
}
