// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/mirrored.hpp"

#include <thread>

#include "support/catch.hpp"
#include "videoonenet/testing/emulated_gpu.hpp"

namespace mirrored_test {

using namespace videoonenet;
using cuda::EmulatedGpu;

namespace {

template <class Ex>
std::vector<float> downloaded(const Ex& ex, std::span<const float> values) {
  std::vector<float> host(values.size());
  ex.download(values, std::span(host));
  return host;
}

/// A device that counts the copies to it, and takes its time so that threads meet.
struct SlowGpu {
  EmulatedGpu gpu;
  std::shared_ptr<std::atomic<int>> uploads = std::make_shared<std::atomic<int>>(0);

  template <class T>
  auto allocate(Index size) const {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return gpu.allocate<T>(size);
  }
  template <class T>
  void upload(std::span<const T> host, std::span<T> device) const {
    ++*uploads;
    gpu.upload(host, device);
  }
  template <class T>
  void download(std::span<const T> device, std::span<T> host) const {
    gpu.download(device, host);
  }
  std::intptr_t memory_id() const { return gpu.memory_id(); }
};
static_assert(DeviceExecutor<SlowGpu>);

const std::vector<float> entries{1, 2, 3};

}  // namespace

TEST_CASE("on the host a mirrored array is its own entries") {
  const Mirrored<float> values(Buffer<float>{1, 2, 3});
  CHECK(values.size() == 3);
  CHECK(values[1] == 2);
  CHECK(std::vector<float>(values.begin(), values.end()) == entries);
  CHECK(values.on(Cpu{}).data() == values.span().data());
  CHECK(values.on(Cpu{.threads = 2}).size() == 3);
  CHECK(values.data() == values.span().data());
}

TEST_CASE("a device gets one copy of a mirrored array, at the first call") {
  const Mirrored<float> values(Buffer<float>{1, 2, 3});
  const EmulatedGpu gpu;
  const auto on_gpu = values.on(gpu);
  CHECK(on_gpu.data() != values.data());
  CHECK(downloaded(gpu, on_gpu) == entries);
  const EmulatedGpu same = gpu;
  CHECK(values.on(gpu).data() == on_gpu.data());
  CHECK(values.on(same).data() == on_gpu.data());
}

TEST_CASE("devices with memories of their own get copies of their own") {
  const Mirrored<float> values(Buffer<float>{1, 2, 3});
  const EmulatedGpu one, two;
  const SlowGpu other{one};  // the same memory, but what it allocates may be of another kind
  const auto on_one = values.on(one), on_two = values.on(two), on_other = values.on(other);
  CHECK(on_one.data() != on_two.data());
  CHECK(on_one.data() != on_other.data());
  CHECK(downloaded(one, on_one) == entries);
  CHECK(downloaded(two, on_two) == entries);
  CHECK(downloaded(other, on_other) == entries);
  CHECK(values.on(one).data() == on_one.data());
  CHECK(values.on(two).data() == on_two.data());
}

TEST_CASE("copies of a mirrored array share its entries everywhere, also those made before a device asked") {
  const EmulatedGpu gpu;
  auto original = std::make_unique<Mirrored<float>>(Buffer<float>{1, 2, 3});
  const Mirrored<float> copy = *original;
  const auto on_gpu = original->on(gpu);
  CHECK(copy.data() == original->data());
  original.reset();
  CHECK(copy.on(gpu).data() == on_gpu.data());
  CHECK(downloaded(gpu, copy.on(gpu)) == entries);
}

TEST_CASE("threads that ask at the same time get the same copy of a mirrored array, uploaded once") {
  const Mirrored<float> values(Buffer<float>{1, 2, 3});
  const SlowGpu gpu;
  std::vector<const float*> got(4);
  {
    std::vector<std::jthread> threads;
    for (const float*& pointer : got) threads.emplace_back([&] { pointer = values.on(gpu).data(); });
  }
  for (const float* pointer : got) CHECK(pointer == got[0]);
  CHECK(*gpu.uploads == 1);
  CHECK(downloaded(gpu, values.on(gpu)) == entries);
}

TEST_CASE("an empty mirrored array is empty everywhere") {
  const Mirrored<float> nothing;
  CHECK(nothing.size() == 0);
  CHECK(nothing.on(Cpu{}).empty());
  CHECK(nothing.on(EmulatedGpu()).empty());
}

}  // namespace mirrored_test
