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
  const struct {
    Index in_channels, in_offset, count, out_channels, out_offset, moved;
  } cases[] = {{5, 1, 3, 7, 2, 0},  {1, 0, 1, 1, 0, 0},  {8, 4, 4, 12, 8, 0}, {128, 64, 64, 64, 0, 0},
               {8, 4, 4, 12, 8, 1}, {8, 2, 4, 12, 8, 0}, {8, 4, 3, 12, 8, 0}, {65, 1, 64, 64, 0, 0}};
  for (const auto& c : cases) {
    CAPTURE(c.in_channels, c.in_offset, c.count, c.out_channels, c.out_offset, c.moved);
    Random random(1);
    constexpr Index pixels = 301;
    const auto from = random_values(random, pixels * c.in_channels + 1);
    auto to = random_values(random, pixels * c.out_channels + 1);
    const auto gpu_from = to_executor(gpu, from), gpu_to = to_executor(gpu, to);
    const auto move = [&](const auto& ex, std::span<const float> source, std::span<float> target) {
      source = source.subspan(static_cast<std::size_t>(c.moved)),
      target = target.subspan(static_cast<std::size_t>(c.moved));
      copy_channels(ex, pixels, source, c.in_channels, c.in_offset, c.count, target, c.out_channels, c.out_offset);
      add_channels(ex, pixels, source, c.in_channels, c.in_offset, c.count, target, c.out_channels, c.out_offset);
    };
    move(Cpu{}, from, to);
    move(gpu, gpu_from.span(), gpu_to.span());
    CHECK(from_executor(gpu, gpu_to) == to);
  }
}

}  // namespace channels_cuda_test
