// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/core/cuda/channel_sums.cuh"
#include "videoonenet/core/cuda/reduce.cuh"

namespace cuda_test {

using namespace videoonenet;
using namespace videoonenet::cuda;
using namespace videoonenet::support;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Squares {
  const float* x;
  VIDEOONENET_DEVICE void operator()(Index i, Sums<2>& sums) const {
    sums[0] += double(x[i]);
    sums[1] += double(x[i]) * double(x[i]);
  }
};

struct Entry {
  const float* x;
  VIDEOONENET_DEVICE Entry of(int, int) const { return *this; }
  VIDEOONENET_DEVICE void operator()(Index i, Sums<1>& sums) const { sums[0] += double(x[i]); }
};
struct LoadedEntry {
  const float* x;
  bool packs_fit() const { return cuda::packs_fit<4>(x); }
  template <int width>
  VIDEOONENET_DEVICE Pack<float, width> load(Index i) const {
    return load_pack<width>(x + i);
  }
  VIDEOONENET_DEVICE LoadedEntry of(int, int) const { return *this; }
  template <int width>
  VIDEOONENET_DEVICE void add(const Pack<float, width>& loaded, int k, Sums<1>& sums) const {
    sums[0] += double(loaded[k]);
  }
};
struct WriteTotals {
  double* totals;
  template <class Thread, class Total>
  VIDEOONENET_DEVICE void operator()(const Thread& t, const ChannelSumsShape& s, const Total& total) const {
    for (int k = t.thread(); k < s.groups * s.channels; k += t.threads())
      totals[k] = total(k / s.channels, k % s.channels)[0];
  }
};

}  // namespace

TEST_CASE("sums on the device are those of the host, whatever the number of blocks, and repeat to the bit") {
  const TestGpu gpu = test_gpu();
  for (const Index size : {1, 255, 5000, 70001}) {
    Random random(static_cast<std::uint64_t>(size));
    const auto x = random_values(random, size);
    const auto on_gpu = to_executor(gpu, x);
    const auto sums = sum_to_host<2>(gpu, size, Squares{on_gpu.data()});
    double sum = 0, square = 0;
    for (const float v : x) sum += double(v), square += double(v) * double(v);
    CHECK(sums[0] == Approx(sum).margin(1e-9));
    CHECK(sums[1] == Approx(square).epsilon(1e-12));
    CHECK(sum_to_host<2>(gpu, size, Squares{on_gpu.data()}) == sums);
  }
}

TEST_CASE("sums of channels take any number of groups, pixels and channels, from any address on") {
  const TestGpu gpu = test_gpu(Precision::tf32, 9);
  const struct {
    Index groups, pixels, channels;
  } cases[] = {{1, 1, 1},     {1, 260001, 1}, {3, 50000, 1}, {300, 36, 1}, {2, 1500, 3},
               {2, 20001, 4}, {1, 7000, 64},  {3, 333, 65},  {2, 3, 513},  {2, 5, 1028}};
  for (const auto& c : cases) {
    CAPTURE(c.groups, c.pixels, c.channels);
    Random random(6);
    const Index size = c.groups * c.pixels * c.channels;
    auto x = random_values(random, size);
    x.push_back(0);
    const auto shape = ChannelSumsShape::make(gpu, c.groups, c.pixels, c.channels);
    auto parts = gpu.allocate<double>(shape.size(1));
    auto totals = gpu.allocate<double>(c.groups * c.channels);
    const auto sums = [&](const auto& term) {
      channel_sums<1>(gpu, shape, parts.span(), term, WriteTotals{totals.data()});
      return from_executor(gpu, totals);
    };
    std::vector<double> expected(static_cast<std::size_t>(c.groups * c.channels));
    for (Index i = 0; i < size; ++i)
      expected[static_cast<std::size_t>(i / (c.pixels * c.channels) * c.channels + i % c.channels)] +=
          double(x[static_cast<std::size_t>(i)]);
    const auto on_gpu = to_executor(gpu, x);
    CHECK(relative_error(sums(Entry{on_gpu.data()}), expected) < 1e-12);
    const auto loaded = sums(LoadedEntry{on_gpu.data()});
    CHECK(relative_error(loaded, expected) < 1e-12);
    x.insert(x.begin(), 7);
    const auto moved = to_executor(gpu, x);
    CHECK(sums(LoadedEntry{moved.data() + 1}) == loaded);
  }
}

TEST_CASE("sizes that kernels cannot index are refused with a sentence") {
  CHECK(as_int(7, "here") == 7);
  CHECK(ceil_div(7, 3) == 3);
  CHECK_THROWS_WITH(as_int(Index(1) << 31, "here"), ContainsSubstring("here: 2147483648 is more than"));
}

TEST_CASE("copies between host and device check their sizes") {
  const TestGpu gpu = test_gpu();
  const auto buffer = to_executor(gpu, std::vector<float>{1, 2, 3});
  CHECK(from_executor(gpu, buffer) == std::vector<float>{1, 2, 3});
  std::vector<float> two(2);
  CHECK_THROWS_AS(gpu.download(std::span<const float>(buffer.span()), std::span<float>(two)), ShapeError);
}

}  // namespace cuda_test
