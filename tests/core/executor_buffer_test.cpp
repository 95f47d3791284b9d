// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/executor_buffer.hpp"

#include "support/catch.hpp"
#include "videoonenet/testing/emulated_gpu.hpp"

namespace executor_buffer_test {

using namespace videoonenet;
using cuda::EmulatedGpu;

namespace {

/// Memory that says when it is gone.
struct CountedMemory {
  std::shared_ptr<int> lives;
  std::array<float, 2> values{};
  std::span<float> span() { return values; }
};

}  // namespace

static_assert(!std::is_copy_constructible_v<ExecutorBuffer<float>>);
static_assert(!std::is_copy_assignable_v<ExecutorBuffer<float>>);
static_assert(std::is_nothrow_move_constructible_v<ExecutorBuffer<float>>);

TEST_CASE("an executor buffer holds memory of the host and of a device under one type") {
  ExecutorBuffer<float> on_host = Cpu{}.allocate<float>(3);
  REQUIRE(on_host.size() == 3);
  CHECK(on_host.data() == on_host.span().data());
  CHECK(on_host.span()[2] == 0);
  on_host.span()[2] = 7;
  CHECK(on_host.data()[2] == 7);

  const EmulatedGpu gpu;
  ExecutorBuffer<float> on_gpu = gpu.allocate<float>(3);
  std::vector<float> values(3);
  gpu.upload(std::span<const float>(on_host.span()), on_gpu.span());
  gpu.download(std::span<const float>(on_gpu.span()), std::span(values));
  CHECK(values == std::vector<float>{0, 0, 7});
  on_host = std::move(on_gpu);  // of another kind
  gpu.download(std::span<const float>(on_host.span()), std::span(values));
  CHECK(values == std::vector<float>{0, 0, 7});
}

TEST_CASE("a moved executor buffer is empty, and the new one has its entries") {
  ExecutorBuffer<int> first = Cpu{}.allocate<int>(5);
  int* const entries = first.data();
  ExecutorBuffer<int> second = std::move(first);
  CHECK((first.size() == 0 && first.data() == nullptr && first.span().empty()));  // NOLINT(bugprone-use-after-move)
  CHECK((second.size() == 5 && second.data() == entries));
  ExecutorBuffer<int> third;
  CHECK((third.size() == 0 && third.data() == nullptr));
  third = std::move(second);
  CHECK((second.size() == 0 && second.data() == nullptr));  // NOLINT(bugprone-use-after-move)
  CHECK((third.size() == 5 && third.data() == entries));
}

TEST_CASE("an executor buffer gives memory back once nobody owns it") {
  const auto lives = std::make_shared<int>(0);
  {
    ExecutorBuffer<float> first = CountedMemory{lives};
    CHECK(lives.use_count() == 2);
    ExecutorBuffer<float> second = std::move(first);
    CHECK(lives.use_count() == 2);
    second = CountedMemory{std::make_shared<int>(1)};
    CHECK(lives.use_count() == 1);
    second = CountedMemory{lives};
    CHECK(lives.use_count() == 2);
  }
  CHECK(lives.use_count() == 1);
}

}  // namespace executor_buffer_test
