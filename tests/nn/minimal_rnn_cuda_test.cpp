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

namespace {

/// What a scan and its adjoint compute.
struct ScanResults {
  std::vector<float> gates, y, grad_candidate, grad_preactivation;
  int launches = 0;
};

/// Runs both with the same random numbers on any executor; the first state is zero unless it is to be `given`.
template <class Ex>
ScanResults scan_results(const Ex& ex, const MinimalRnnScan& s, bool given) {
  Random random(9);
  const Index size = s.samples * s.steps * s.size();
  const auto random_array = [&](Index entries, double deviation) {
    return to_executor(ex, random_values(random, entries, deviation));
  };
  const auto kernel = random_array(s.frame.kernel_size(), 0.5 / std::sqrt(double(s.frame.in)));
  const auto initial = random_array(given ? s.samples * s.size() : 0, 1);
  const auto candidate = random_array(size, 1), grad_y = random_array(size, 1);
  auto gates = random_array(size, 1), y = random_array(size, 1), grad_candidate = random_array(size, 1),
       grad_preactivation = random_array(size, 1);
  auto scratch = ex.template allocate<float>(minimal_rnn_scratch_size<float>(ex, s));
  const auto launches = [&] {
    if constexpr (requires { ex.launches(); }) return ex.launches();
    return 0;
  };
  const int before = launches();
  minimal_rnn_scan(ex, s, initial.span(), candidate.span(), kernel.span(), gates.span(), y.span(), scratch.span());
  const int after = launches();
  minimal_rnn_scan_adjoint(ex, s, candidate.span(), gates.span(), y.span(), kernel.span(), grad_y.span(),
                           grad_candidate.span(), grad_preactivation.span(), scratch.span());
  return {from_executor(ex, gates), from_executor(ex, y), from_executor(ex, grad_candidate),
          from_executor(ex, grad_preactivation), after - before};
}

double largest_error(const ScanResults& a, const ScanResults& b) {
  return std::max({relative_error(a.gates, b.gates), relative_error(a.y, b.y),
                   relative_error(a.grad_candidate, b.grad_candidate),
                   relative_error(a.grad_preactivation, b.grad_preactivation)});
}

/// Checks one kernel for all steps against the host, and against others in the same precision.
void check_scan_in_one_kernel(const MinimalRnnScan& s, bool given, std::initializer_list<cuda::Precision> precisions) {
  const ScanResults expected = scan_results(Cpu{}, s, given);
  for (const cuda::Precision precision : precisions) {
    const double budget = precision == cuda::Precision::tf32 ? 2e-3 : 2e-2;
    const ScanResults others = scan_results(test_gpu(precision, 1), s, given);
    CHECK(largest_error(others, expected) < budget);
    for (const int multiprocessors : {32, 33}) {  // both orders of the emulation
      const ScanResults got = scan_results(test_gpu(precision, multiprocessors), s, given);
      CHECK(largest_error(got, expected) < budget);
      CHECK(largest_error(got, others) < budget / 10);
      if (got.launches > 0) CHECK(got.launches == 1);
    }
  }
}

MinimalRnnScan scan_of(Index h, Index w, Index channels) {
  return {.frame = {.h = h, .w = w, .in = channels, .out = channels}, .steps = 2};
}

constexpr auto tf32 = cuda::Precision::tf32, bfloat16 = cuda::Precision::bfloat16;

}  // namespace

TEST_CASE("all steps of a device recurrence in one kernel equal the host's, in both forms and directions") {
  MinimalRnnScan s = scan_of(7, 11, 16);  // four blocks, whose pixels begin and end within rows
  s.samples = 2;
  s.steps = 3;
  s.form = GENERATE(MinimalRnnForm::paper, MinimalRnnForm::chen);
  s.direction = GENERATE(TimeDirection::forward, TimeDirection::backward);
  check_scan_in_one_kernel(s, s.form == MinimalRnnForm::paper, {tf32});
}

TEST_CASE("all steps of a device recurrence in one kernel take frames of any size") {
  check_scan_in_one_kernel(scan_of(3, 4, 16), false, {bfloat16});   // less than a tile
  check_scan_in_one_kernel(scan_of(25, 14, 16), true, {bfloat16});  // more than two tiles a block
  check_scan_in_one_kernel(scan_of(17, 1, 16), false, {tf32});      // a column, and a block of one pixel
  check_scan_in_one_kernel(scan_of(3, 6, 64), true, {tf32});
}

TEST_CASE("steps of a device recurrence of many channels are products of warpgroups, and equal the host's") {
  MinimalRnnScan s = scan_of(9, 8, 64);
  s.samples = s.steps = 3;
  s.form = GENERATE(MinimalRnnForm::paper, MinimalRnnForm::chen);
  // Emulated, more multiprocessors than there are videos for, and too few for clusters; a real one has none of these.
  const int multiprocessors = on_real_gpu ? 1 : 14;
  for (const bool given : {true, false}) {
    const ScanResults expected = scan_results(Cpu{}, s, given);
    for (const auto precision : {tf32, bfloat16}) {
      const ScanResults got = scan_results(test_gpu(precision, multiprocessors), s, given);
      CHECK(largest_error(got, expected) < (precision == tf32 ? 2e-3 : 2e-2));
      if (got.launches > 0) CHECK(got.launches == s.steps);
    }
  }
}

TEST_CASE("a device recurrence of many videos and channels takes one kernel, and equals the host's") {
  const auto check = [](const MinimalRnnScan& s, bool given, std::initializer_list<int> multiprocessors) {
    const ScanResults expected = scan_results(Cpu{}, s, given);
    for (const auto precision : {tf32, bfloat16})
      for (const int count : multiprocessors) {
        CAPTURE(static_cast<int>(precision), count);
        const ScanResults got = scan_results(test_gpu(precision, count), s, given);
        CHECK(largest_error(got, expected) < (precision == tf32 ? 2e-3 : 2e-2));
        if (got.launches > 0) CHECK(got.launches == 1);
      }
  };
  MinimalRnnScan s = scan_of(5, 6, 64);
  s.samples = on_real_gpu ? 400 : 3;
  s.steps = 3;
  SECTION("teams with one video, two and none") {
    s.form = GENERATE(MinimalRnnForm::paper, MinimalRnnForm::chen);
    s.direction = s.form == MinimalRnnForm::paper ? TimeDirection::forward : TimeDirection::backward;
    for (const bool given : {true, false}) check(s, given, {s.form == MinimalRnnForm::paper ? 1 : 2});
  }
  SECTION("frames of several tiles") {
    s.frame.h = 11, s.frame.w = 14;
    s.samples = on_real_gpu ? 100 : 2;
    s.steps = 2;
    check(s, false, {1});
  }
}

TEST_CASE("a device recurrence whose arrays are not aligned takes a kernel a step") {
  const TestGpu gpu = test_gpu(tf32, 32);
  const MinimalRnnScan s = scan_of(3, 4, 16);
  const Index size = s.steps * s.size();
  Random random(9);
  const auto candidate = random_values(random, size), kernel = random_values(random, s.frame.kernel_size(), 0.1);
  auto gates = random_values(random, size + 1);
  std::vector<float> y(candidate.size()), scratch(static_cast<std::size_t>(minimal_rnn_scratch_size<float>(Cpu{}, s)));
  auto gpu_gates = to_executor(gpu, gates), gpu_y = to_executor(gpu, y), gpu_scratch = to_executor(gpu, scratch);
  const auto gpu_candidate = to_executor(gpu, candidate), gpu_kernel = to_executor(gpu, kernel);
  minimal_rnn_scan(gpu, s, {}, gpu_candidate.span(), gpu_kernel.span(), gpu_gates.span().subspan(1), gpu_y.span(),
                   gpu_scratch.span());
  minimal_rnn_scan(Cpu{}, s, {}, candidate, kernel, std::span(gates).subspan(1), std::span(y), std::span(scratch));
  CHECK(relative_error(from_executor(gpu, gpu_y), y) < 2e-3);
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
