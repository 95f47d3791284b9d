// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Shows      a network on a GPU: the same layers with Cuda{} in the place of Cpu{}, and memory that moves explicitly.
// Builds on  07.
// Leaves out training steps on the device (docs/how-to-use-a-gpu.md).
#include <cmath>
#include <iostream>

#include "videoonenet/core/random.hpp"
#include "videoonenet/models/video_net.hpp"
#include "videoonenet/videoonenet.cuh"

using namespace videoonenet;

int main() {
  const auto net = bcrnn_video_net<float>({.in = 2, .out = 1, .filters = 16});
  const Shape in{.n = 2, .t = 5, .h = 14, .w = 14, .f = 2}, out = net.output_shape(in);
  Random random(1);
  Buffer<float> weights(net.parameter_count()), x(in.size()), y(out.size()), expected(out.size());
  random.fill_normal(weights.span(), 0.1);
  random.fill_normal(x.span());

  // 1. On the host.
  const Cpu host{.threads = 2};
  auto on_host = plan(
      host, [&](auto& memory) { return net.make_cache(memory, in); }, Purpose::inference);
  net.forward(host, weights.span(), View<const float>{x.data(), in}, View<float>{expected.data(), out}, on_host.cache);

  // 2. On the device, where there is one.
  try {
    // [gpu]
    const Cuda gpu;  // a stream on device 0; products in tf32
    const auto device_weights = gpu.allocate<float>(weights.size()), device_x = gpu.allocate<float>(x.size());
    const auto device_y = gpu.allocate<float>(y.size());
    gpu.upload(std::as_const(weights).span(), device_weights.span());
    gpu.upload(std::as_const(x).span(), device_x.span());
    auto on_gpu = plan(
        gpu, [&](auto& memory) { return net.make_cache(memory, in); }, Purpose::inference);
    net.forward(gpu, device_weights.span(), View<const float>{device_x.data(), in}, View<float>{device_y.data(), out},
                on_gpu.cache);
    gpu.download(std::span<const float>(device_y.span()), y.span());  // waits for what was launched
    // [/gpu]
  } catch (const Error& e) {
    std::cout << "skipped: " << e.what() << "\n";
    return 77;
  }

  // 3. The same numbers, but for the rounding of tf32.
  double difference = 0, norm = 0;
  for (Index i = 0; i < y.size(); ++i) {
    difference += std::pow(double(y[i]) - double(expected[i]), 2);
    norm += std::pow(double(expected[i]), 2);
  }
  std::cout << "relative difference " << std::sqrt(difference / norm) << "\n";
  return std::sqrt(difference / norm) < 2e-3 ? 0 : 1;
}
