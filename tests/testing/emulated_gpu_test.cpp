// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/testing/emulated_gpu.hpp"

#include <sys/wait.h>

#include "support/catch.hpp"

namespace emulated_gpu_test {

using namespace videoonenet;
using namespace videoonenet::cuda;
using Catch::Matchers::ContainsSubstring;

namespace {

struct AddOne {
  static constexpr int threads = 64;
  float* x;
  template <class Thread>
  void operator()(const Thread& t) const {
    x[t.thread()] += 1;
  }
};

struct Double {
  static constexpr int threads = 64;
  float* x;
  template <class Thread>
  void operator()(const Thread& t) const {
    x[t.thread()] *= 2;
  }
};

}  // namespace

TEST_CASE("an emulated GPU runs kernels on memory of its own") {
  const EmulatedGpu gpu;
  const auto x = gpu.allocate<float>(64);
  std::vector<float> values(64, 1.5f);
  gpu.upload(std::span<const float>(values), x.span());
  gpu.launch({.threads = 64}, Double{x.data()});
  gpu.download(std::span<const float>(x.span()), std::span<float>(values));
  CHECK(values == std::vector<float>(64, 3.0f));
  CHECK(gpu.launches() == 1);
}

TEST_CASE("host code that touches memory of an emulated GPU dies") {
  const EmulatedGpu gpu;
  const auto x = gpu.allocate<float>(1);
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGSEGV, SIG_DFL);
    volatile float value = *x.data();
    _exit(value == 0 ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK_FALSE((WIFEXITED(status) && WEXITSTATUS(status) == 0));
}

TEST_CASE("streams of an emulated GPU run in either order, each with a workspace of its own") {
  for (const auto order : {testing::ThreadOrder::ascending, testing::ThreadOrder::descending}) {
    EmulatedGpu gpu;
    gpu.order = order;
    const auto x = gpu.allocate<float>(64);
    const std::vector<float> ones(64, 1.0f);
    gpu.upload(std::span(ones), x.span());
    const EmulatedGpu side = gpu.fork(), other = gpu.fork();
    CHECK(side.workspace().counter != gpu.workspace().counter);
    CHECK(side.workspace().counter != other.workspace().counter);
    gpu.launch({.threads = 64}, AddOne{x.data()});  // a race: both streams write to x
    side.launch({.threads = 64}, Double{x.data()});
    gpu.join(other);
    gpu.join(side);
    CHECK(gpu.launches() == 2);
    std::vector<float> values(64);
    gpu.download(std::span<const float>(x.span()), std::span(values));
    CHECK(values[7] == (order == testing::ThreadOrder::ascending ? (1.0f + 1) * 2 : 1.0f * 2 + 1));
    CHECK(gpu.fork().workspace().counter == side.workspace().counter);  // the same stream again
  }
}

TEST_CASE("an emulated GPU refuses to wait for a stream that runs later") {
  EmulatedGpu gpu;
  gpu.order = testing::ThreadOrder::descending;
  const auto x = gpu.allocate<float>(1);
  const EmulatedGpu side = gpu.fork();
  std::vector<float> value(1);
  CHECK_THROWS_WITH(side.download(std::span<const float>(x.span()), std::span(value)),
                    ContainsSubstring("waits for a stream that was not joined"));
}

TEST_CASE("an emulated GPU refuses what a real one refuses") {
  const EmulatedGpu gpu;
  CHECK_THROWS_WITH(gpu.launch({.threads = 128}, Double{nullptr}),
                    ContainsSubstring("128 threads for a kernel made for 64"));
  CHECK_THROWS_WITH(gpu.launch({.threads = 64, .shared_bytes = 300000}, Double{nullptr}),
                    ContainsSubstring("300000 bytes of shared memory"));
}

}  // namespace emulated_gpu_test
