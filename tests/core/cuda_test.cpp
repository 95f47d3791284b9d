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

TEST_CASE("sums of channels take any number of groups, pixels and channels") {
  const TestGpu gpu = test_gpu(Precision::tf32, 9);
  const struct {
    Index groups, pixels, channels;
  } cases[] = {{1, 1, 1}, {3, 5000, 1}, {2, 1500, 3}, {1, 700, 64}, {2, 3, 513}};
  for (const auto& c : cases) {
    CAPTURE(c.groups, c.pixels, c.channels);
    Random random(6);
    const auto x = random_values(random, c.groups * c.pixels * c.channels);
    const auto on_gpu = to_executor(gpu, x);
    const auto shape = ChannelSumsShape::make(gpu, c.groups, c.pixels, c.channels);
    auto parts = gpu.allocate<double>(shape.size(1));
    auto totals = gpu.allocate<double>(c.groups * c.channels);
    channel_sums<1>(gpu, shape, parts.span(), Entry{on_gpu.data()}, WriteTotals{totals.data()});
    std::vector<double> expected(static_cast<std::size_t>(c.groups * c.channels));
    for (Index i = 0; i < std::ssize(x); ++i)
      expected[static_cast<std::size_t>(i / (c.pixels * c.channels) * c.channels + i % c.channels)] +=
          double(x[static_cast<std::size_t>(i)]);
    CHECK(relative_error(from_executor(gpu, totals), expected) < 1e-12);
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
