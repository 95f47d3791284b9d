// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/optimizer/optimizer_cuda.cuh"

#include <iterator>

#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/train/optimizer/optimizer.hpp"

namespace optimizer_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

static_assert(Optimizer<Adam, float, TestGpu> && Optimizer<Sgd, float, TestGpu>);

namespace {

constexpr Index size = 1003;

/// The parameters and the optimiser's state after three updates with clipped gradients.
template <class O, class Ex>
std::vector<float> trained(const Ex& ex, const O& optimizer) {
  Random random(5);
  auto parameters = to_executor(ex, random_values(random, size));
  const auto arrays = std::ssize(O::state_names);
  auto state = to_executor(ex, std::vector<float>(static_cast<std::size_t>(arrays * size)));
  for (Index step = 1; step <= 3; ++step) {
    auto gradient = to_executor(ex, random_values(random, size));
    CHECK(clip_global_norm(ex, 20, gradient.span()) > 25);
    clip_value(ex, 0.5, gradient.span());
    optimizer.update(ex, step, 0.5, std::span<const float>(gradient.span()), state.span(), parameters.span());
  }
  auto all = from_executor(ex, parameters);
  std::ranges::copy(from_executor(ex, state), std::back_inserter(all));
  return all;
}

}  // namespace

TEST_CASE("device optimisers make the host's updates") {
  const Adam adam{.learning_rate = 0.1, .beta1 = 0.9, .beta2 = 0.99};
  CHECK(relative_error(trained(test_gpu(), adam), trained(Cpu{}, adam)) < 1e-6);
  const Sgd sgd{.learning_rate = 0.1, .momentum = 0.7};
  CHECK(relative_error(trained(test_gpu(), sgd), trained(Cpu{}, sgd)) < 1e-6);
}

TEST_CASE("values are clipped one by one on the device, and NaN stays") {
  const TestGpu gpu = test_gpu();
  auto gradient = to_executor(gpu, std::vector<float>{3, -0.5f, -4, std::nanf("")});
  clip_value(gpu, 1, gradient.span());
  const auto clipped = from_executor(gpu, gradient);
  CHECK((clipped[0] == 1 && clipped[1] == -0.5f && clipped[2] == -1 && std::isnan(clipped[3])));
}

}  // namespace optimizer_cuda_test
