// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/tiled/tiled_cuda.cuh"

#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/core/on_executor.hpp"
#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/nn/activation/activation.hpp"
#include "videoonenet/nn/activation/activation_cuda.cuh"

namespace tiled_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("tiles on the device are those of the host") {
  const Shape video{.n = 2, .t = 3, .h = 17, .w = 13, .f = 2};
  const TileExtent cut{.size = 9, .halo = 1, .blend = 2};
  const Tiled<Activation<float, Elu>> tiled{.net = {}, .tiles = {.t = {.size = 0}, .h = cut, .w = cut}};
  REQUIRE(tiled.tiles.count(video) > 4);
  Random random(3);
  const auto x = random_values(random, video.size());
  const auto run = [&](const auto& ex) {
    std::vector<float> y(x.size());
    on_executor(ex, std::span<const float>(x), std::span(y), [&](std::span<const float> in, std::span<float> out) {
      auto planned = plan(ex, [&](auto& memory) { return tiled.make_cache(memory, video); }, Purpose::inference);
      tiled.forward(ex, {}, View<const float>{in.data(), video}, View<float>{out.data(), video}, planned.cache);
    });
    return y;
  };
  const auto host = run(Cpu{});
  CHECK(relative_error(run(test_gpu()), host) < 1e-6);
  CHECK(relative_error(host, x) > 0.1);
}

}  // namespace tiled_cuda_test
