// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/normalization/normalization_cuda.cuh"

#include "support/layer_on_gpu.cuh"
#include "videoonenet/nn/instance_norm/instance_norm.hpp"

namespace normalization_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

TEST_CASE("device instance norms equal the host's, with any activation") {
  const Shape shape{.n = 3, .t = 2, .h = 11, .w = 7, .f = 6};
  check_layer_on_gpu(InstanceNorm<float, ScaledSoftplus>{}, shape, {1, 16, 64});
  check_layer_on_gpu(InstanceNorm<float, ScaledSoftplus>{.policy = InstanceNormPolicy::channel, .channels = 6}, shape,
                     {1, 16});
  check_layer_on_gpu(InstanceNorm<float, Elu>{}, shape);
  check_layer_on_gpu(InstanceNorm<float>{.policy = InstanceNormPolicy::channel, .channels = 300},
                     Shape{.n = 1, .t = 1, .h = 3, .w = 2, .f = 300});
}

TEST_CASE("device norms of equal entries and of a large mean stay accurate") {
  const TestGpu gpu = test_gpu();
  const Normalization g{.groups = 2, .pixels = 3000};
  std::vector<float> values(6000, 0.1f);
  Random random(2);
  for (std::size_t i = 3000; i < 6000; ++i) values[i] = 1e4f + static_cast<float>(random.normal());
  const auto x = to_executor(gpu, values);
  auto scratch = gpu.allocate<double>(normalization_scratch_size(gpu, g));
  auto moments = gpu.allocate<Moments>(2);
  normalization_moments(gpu, g, std::span<const float>(x.span()), scratch.span(), moments.span());
  const auto got = from_executor(gpu, moments);
  std::vector<Moments> expected(2);
  std::vector<double> host_scratch(static_cast<std::size_t>(normalization_scratch_size(Cpu{}, g)));
  normalization_moments(Cpu{}, g, std::span<const float>(values), std::span(host_scratch), std::span(expected));
  CHECK(got[0].mean == Approx(double(0.1f)));
  CHECK(got[0].deviation == 0);
  CHECK(got[1].mean == Approx(expected[1].mean).epsilon(1e-12));
  CHECK(got[1].deviation == Approx(expected[1].deviation).epsilon(1e-6));
}

}  // namespace normalization_cuda_test
