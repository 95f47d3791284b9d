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

TEST_CASE("device parts are put to their channels and taken from there as on the host") {
  const TestGpu gpu = test_gpu();
  constexpr Index pixels = 301, joint = 14;
  Random random(2);
  const auto wide = random_values(random, pixels * joint);
  std::vector<std::vector<float>> parts;  // of one channel and of two, more than a launch takes
  for (Index i = 0; i < 10; ++i) parts.push_back(random_values(random, pixels * (i < 6 ? 1 : 2)));
  const auto run = [&](const auto& ex) {
    auto of_wide = to_executor(ex, wide);
    std::vector<decltype(of_wide)> own;
    for (const auto& part : parts) own.push_back(to_executor(ex, part));
    const auto part = [&](std::size_t i, Index at) {
      return ChannelPart<const float>{own[i].span(), at, i < 6 ? 1 : 2};
    };
    put_channels(ex, pixels, {part(3, 0), {}, part(7, 12), part(0, 5)}, of_wide.span(), joint);
    put_channels(
        ex, pixels,
        {part(0, 1), part(1, 2), part(2, 3), part(3, 4), part(4, 6), part(5, 7), part(6, 8), part(8, 10), part(9, 12)},
        of_wide.span(), joint);
    take_channels<float>(ex, pixels, of_wide.span(), joint, {{own[0].span(), 9, 1}, {}, {own[6].span(), 2, 2}},
                         Accumulate::add);
    take_channels<float>(ex, pixels, of_wide.span(), joint, {{own[1].span(), 13, 1}, {own[7].span(), 0, 2}},
                         Accumulate::overwrite);
    std::vector<float> all = from_executor(ex, of_wide);
    for (const auto& values : own) std::ranges::copy(from_executor(ex, values), std::back_inserter(all));
    return all;
  };
  CHECK(run(gpu) == run(Cpu{}));
}

}  // namespace channels_cuda_test
