// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/on_executor.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/testing/emulated_gpu.hpp"

namespace on_executor_test {

using namespace videoonenet;

TEST_CASE("entries of the host are worked on by any executor") {
  const Buffer<float> x{1, 2, 3};
  const auto twice = [&](const auto& ex) {
    Buffer<float> y{7, 7, 7};
    on_executor(ex, x.span(), y.span(),
                [&](std::span<const float> in, std::span<float> out) { axpby(ex, 2.0f, in, 0.0f, out); });
    return y;
  };
  const cuda::EmulatedGpu gpu;
  for (const Buffer<float>& y : {twice(Cpu{}), twice(gpu)}) CHECK((y[0] == 2 && y[1] == 4 && y[2] == 6));
  CHECK(gpu.launches() == 1);
}

}  // namespace on_executor_test
