// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/problem_batch/problem_batch_cuda.cuh"

#include "support/catch.hpp"
#include "support/mixed_problems.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/datastep/problem_batch/problem_batch.hpp"

namespace problem_batch_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("the device solves a batch of factored problems of every kind as the host does") {
  for (const Index channels : {1, 3}) {
    Shape video{.t = 3, .h = 6, .w = 7, .f = channels};
    const MixedProblems<float> mixed(video, 0.3f);
    video.n = mixed.count();
    const TestGpu gpu = test_gpu();
    Random random(3);
    const auto b = random_values(random, video.size());
    const auto layouts = to_executor(gpu, mixed.layouts());
    const auto values = to_executor(gpu, mixed.values()), gpu_b = to_executor(gpu, b);
    auto coefficients = gpu.allocate<float>(video.size()), z = gpu.allocate<float>(video.size());
    std::vector<float> expected(b.size()), scratch(b.size());
    solve_factored(Cpu{}, video, std::span<const FactorLayout>(mixed.layouts()), mixed.bounds(), mixed.values(), b,
                   std::span(scratch), std::span(expected));
    solve_factored(gpu, video, std::span<const FactorLayout>(layouts.span()), mixed.bounds(), values.span(),
                   gpu_b.span(), coefficients.span(), z.span());
    CHECK(relative_error(from_executor(gpu, z), expected) < 1e-5);
  }
}

}  // namespace problem_batch_cuda_test
