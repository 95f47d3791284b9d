// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/minimal_rnn/minimal_rnn_cuda.cuh"

#include "support/layer_on_gpu.cuh"
#include "videoonenet/nn/minimal_rnn/minimal_rnn.hpp"

namespace minimal_rnn_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("the device recurrence equals the host's, in both forms and directions") {
  const Shape shape{.n = 2, .t = 3, .h = 3, .w = 5, .f = 4};
  const auto form = GENERATE(MinimalRnnForm::paper, MinimalRnnForm::chen);
  const auto direction = GENERATE(TimeDirection::forward, TimeDirection::backward);
  check_layer_on_gpu(MinimalRnn<float>{.channels = 4, .direction = direction, .form = form}, shape, {1, 64});
}

TEST_CASE("the device recurrence takes odd channels and a single frame") {
  check_layer_on_gpu(MinimalRnn<float>{.channels = 3, .kernel = 2}, Shape{.n = 1, .t = 2, .h = 4, .w = 3, .f = 3});
  check_layer_on_gpu(MinimalRnn<float>{.channels = 4}, Shape{.n = 2, .t = 1, .h = 4, .w = 3, .f = 4});
}

TEST_CASE("the gradients of a device recurrence have scratch of their own") {
  check_layer_on_gpu(MinimalRnn<float>{.channels = 4}, Shape{.n = 2, .t = 3, .h = 9, .w = 10, .f = 4});
}

TEST_CASE("the device recurrence goes on from a given state") {
  const TestGpu gpu = test_gpu(cuda::Precision::float32);
  const MinimalRnnScan s{.frame = {.h = 3, .w = 4, .in = 4, .out = 4}, .samples = 2, .steps = 2};
  Random random(9);
  const auto initial = random_values(random, 2 * s.size()), candidate = random_values(random, 4 * s.size()),
             kernel = random_values(random, s.frame.kernel_size(), 0.2);
  auto gates = random_values(random, 4 * s.size());
  std::vector<float> y(gates.size()), scratch(static_cast<std::size_t>(minimal_rnn_scratch_size<float>(Cpu{}, s)));
  auto gpu_gates = to_executor(gpu, gates), gpu_y = to_executor(gpu, y);
  auto gpu_scratch = gpu.allocate<float>(minimal_rnn_scratch_size<float>(gpu, s));
  const auto gpu_initial = to_executor(gpu, initial), gpu_candidate = to_executor(gpu, candidate),
             gpu_kernel = to_executor(gpu, kernel);
  minimal_rnn_scan(Cpu{}, s, initial, candidate, kernel, std::span(gates), std::span(y), std::span(scratch));
  minimal_rnn_scan(gpu, s, gpu_initial.span(), gpu_candidate.span(), gpu_kernel.span(), gpu_gates.span(), gpu_y.span(),
                   gpu_scratch.span());
  CHECK(relative_error(from_executor(gpu, gpu_y), y) < 1e-5);
  CHECK(relative_error(from_executor(gpu, gpu_gates), gates) < 1e-5);
}

}  // namespace minimal_rnn_cuda_test
