// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/pixel_shuffle/pixel_shuffle_cuda.cuh"

#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/nn/pixel_shuffle/pixel_shuffle.hpp"

namespace pixel_shuffle_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("device pixel shuffles move and add the entries that the host's do") {
  for (const Index factor : {1, 2, 3}) {
    const Shape fine{.n = 2, .t = 3, .h = 5 * factor, .w = 7 * factor, .f = 3};
    const Shape coarse{.n = 2, .t = 3, .h = 5, .w = 7, .f = 3 * factor * factor};
    for (const PixelShuffleDirection direction :
         {PixelShuffleDirection::to_channels, PixelShuffleDirection::to_space}) {
      CAPTURE(factor, static_cast<int>(direction));
      const PixelShuffle<float> layer{.factor = factor, .direction = direction};
      const Shape& in = direction == PixelShuffleDirection::to_channels ? fine : coarse;
      const LayerResults expected = layer_results(Cpu{}, layer, in), got = layer_results(test_gpu(), layer, in);
      CHECK(got.y == expected.y);
      CHECK(got.grad_x == expected.grad_x);
    }
  }
}

}  // namespace pixel_shuffle_cuda_test
