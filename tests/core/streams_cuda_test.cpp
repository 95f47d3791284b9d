// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/streams_cuda.cuh"

#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/core/vector_ops_cuda.cuh"

namespace streams_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("two streams begin after what was launched before, and both are waited for") {
  for (const int multiprocessors : {4, 5}) {  // both orders of the emulation
    const TestGpu gpu = test_gpu(cuda::Precision::tf32, multiprocessors);
    CHECK(overlaps(gpu));
    constexpr Index size = 10000;
    const auto a = gpu.allocate<float>(size), b = gpu.allocate<float>(size), c = gpu.allocate<float>(size);
    for (int round = 0; round < 2; ++round) {  // the second one on the streams of the first
      fill(gpu, 1.0f, a.span());
      fill(gpu, 1.0f, b.span());
      fill(gpu, 1.0f, c.span());
      overlap(
          gpu, [&](const TestGpu& own) { axpby(own, 1.0f, std::span<const float>(a.span()), 1.0f, a.span()); },
          [&](const TestGpu& own) {  // which forks once more, while its own stream is one of two
            overlap(
                own,
                [&](const TestGpu& inner) { axpby(inner, 2.0f, std::span<const float>(b.span()), 1.0f, b.span()); },
                [&](const TestGpu& inner) { axpby(inner, 3.0f, std::span<const float>(c.span()), 1.0f, c.span()); });
            axpby(own, 1.0f, std::span<const float>(c.span()), 1.0f, b.span());
          });
      axpby(gpu, 1.0f, std::span<const float>(b.span()), 1.0f, a.span());
      CHECK(from_executor(gpu, a) == std::vector<float>(static_cast<std::size_t>(size), 2 + 3 + 4));
    }
  }
}

}  // namespace streams_cuda_test
