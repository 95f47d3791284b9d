// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/on_host.hpp"

#include "support/catch.hpp"
#include "videoonenet/testing/emulated_gpu.hpp"

namespace on_host_test {

using namespace videoonenet;
using cuda::EmulatedGpu;

TEST_CASE("work of the host on the host's entries needs no copy") {
  const std::vector<float> x{1, 2};
  std::vector<double> y{0, 0, 5};
  on_host(Cpu{}, std::span<const float>(x), std::span(y), [&](std::span<const float> seen_x, std::span<double> seen_y) {
    CHECK((seen_x.data() == x.data() && seen_x.size() == 2));
    CHECK((seen_y.data() == y.data() && seen_y.size() == 3));
    seen_y[0] = 4;
  });
  CHECK(y == std::vector<double>{4, 0, 5});
}

TEST_CASE("work of the host on a device's entries reads a download and is uploaded") {
  const EmulatedGpu gpu;
  const std::vector<float> x{1, 2};
  const std::vector<double> before{-1, -1, -1};
  const auto device_x = gpu.allocate<float>(2);
  const auto device_y = gpu.allocate<double>(3);
  gpu.upload(std::span(x), device_x.span());
  gpu.upload(std::span(before), device_y.span());
  on_host(gpu, std::span<const float>(device_x.span()), device_y.span(),
          [](std::span<const float> seen_x, std::span<double> seen_y) {
            REQUIRE((seen_x.size() == 2 && seen_y.size() == 3));
            for (std::size_t i = 0; i < 3; ++i) seen_y[i] = double(seen_x[0]) + double(i) * double(seen_x[1]);
          });
  std::vector<float> x_after(2);
  std::vector<double> y(3);
  gpu.download(std::span<const float>(device_x.span()), std::span(x_after));
  gpu.download(std::span<const double>(device_y.span()), std::span(y));
  CHECK(x_after == x);
  CHECK(y == std::vector<double>{1, 3, 5});
}

}  // namespace on_host_test
