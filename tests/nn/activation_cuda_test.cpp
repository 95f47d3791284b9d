// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/activation/activation_cuda.cuh"

#include "support/layer_on_gpu.cuh"
#include "videoonenet/nn/activation/activation.hpp"
#include "videoonenet/nn/pointwise/pointwise.hpp"

namespace activation_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

/// A user's own functions, which differ in what Dual offers.
struct Wave {
  double frequency = 1;
  VIDEOONENET_HOST_DEVICE auto operator()(auto t) const {
    return sin(frequency * t) * exp(-t * t / 2) + cos(t) / sqrt(t * t + 1);
  }
};
struct Bend {
  VIDEOONENET_HOST_DEVICE auto operator()(auto t) const {
    auto sum = select(t < 0, expm1(min(t, 0)), log(1 + max(t, 0)));
    sum += tanh(t) * sigmoid(2 * t) - softplus(-t);
    return sum + pow(abs(t) + 0.5, 1.5);
  }
};

}  // namespace

TEST_CASE("device activations equal the host's") {
  const Shape shape{.n = 1, .t = 2, .h = 7, .w = 13, .f = 5};
  check_layer_on_gpu(Activation<float, ScaledSoftplus>{}, shape);
  check_layer_on_gpu(Activation<float, Elu>{}, shape);
  check_layer_on_gpu(Activation<float, Relu>{}, shape);
  check_layer_on_gpu(Activation<float, LeakyRelu>{}, shape);
  check_layer_on_gpu(Activation<float, Sigmoid>{}, shape);
  check_layer_on_gpu(Activation<float, Tanh>{}, shape);
}

TEST_CASE("a function without a written derivative runs on a device, alone and inside of a layer") {
  const Shape shape{.n = 2, .t = 2, .h = 7, .w = 3, .f = 5};
  check_layer_on_gpu(pointwise<float>(Wave{.frequency = 1.7}), shape);
  check_layer_on_gpu(pointwise<float>(Bend{}), shape);
}

}  // namespace activation_cuda_test
