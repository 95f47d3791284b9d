// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/loops_cuda.cuh"

#include "support/catch.hpp"
#include "videoonenet/testing/emulated_gpu.hpp"

namespace loops_cuda_test {

using namespace videoonenet;
using namespace videoonenet::cuda;

TEST_CASE("every entry of a batch is visited once, with its place in the video") {
  const EmulatedGpu gpu;
  for (const Shape& shape : {Shape{}, Shape{.n = 2, .t = 3, .h = 5, .w = 7, .f = 3}, Shape{.t = 2, .h = 1, .w = 300}}) {
    CAPTURE(shape);
    const auto visits = gpu.allocate<Index>(shape.size());
    Index* to = visits.data();
    const Index frame = shape.frame_size(), row = shape.w * shape.f, pixel = shape.f;
    for_entries(gpu, shape, "here", [=](Index i, const VideoEntry& at) {
      to[i] += 1 + at.frame * frame + at.h * row + at.w * pixel + at.f;
      if (at.h >= shape.h || at.w >= shape.w || at.f >= shape.f) to[i] = -1;
    });
    std::vector<Index> got(static_cast<std::size_t>(shape.size())), expected(got.size());
    gpu.download(std::span<const Index>(visits.span()), std::span(got));
    for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = static_cast<Index>(i) + 1;
    CHECK(got == expected);
  }
}

TEST_CASE("more entries than a kernel can index are refused before any work") {
  const EmulatedGpu gpu;
  const Shape large{.t = 1 << 16, .h = 1 << 8, .w = 1 << 8};
  CHECK_THROWS_AS(for_entries(gpu, large, "here", [](Index, const VideoEntry&) {}), ShapeError);
  CHECK(gpu.launches() == 0);
}

}  // namespace loops_cuda_test
