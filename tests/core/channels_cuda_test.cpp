// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/channels_cuda.cuh"

#include "support/catch.hpp"
#include "support/test_gpu.cuh"

namespace channels_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("device channels are copied and added as on the host") {
  const TestGpu gpu = test_gpu();
  Random random(1);
  constexpr Index pixels = 301, in_channels = 5, out_channels = 7;
  const auto from = random_values(random, pixels * in_channels);
  auto to = random_values(random, pixels * out_channels);
  const auto gpu_from = to_executor(gpu, from), gpu_to = to_executor(gpu, to);
  copy_channels(Cpu{}, pixels, from, in_channels, 1, 3, std::span(to), out_channels, 2);
  add_channels(Cpu{}, pixels, from, in_channels, 4, 1, std::span(to), out_channels, 6);
  copy_channels(gpu, pixels, gpu_from.span(), in_channels, 1, 3, gpu_to.span(), out_channels, 2);
  add_channels(gpu, pixels, gpu_from.span(), in_channels, 4, 1, gpu_to.span(), out_channels, 6);
  CHECK(from_executor(gpu, gpu_to) == to);
}

}  // namespace channels_cuda_test
