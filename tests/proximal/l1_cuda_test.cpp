// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/proximal/l1/l1_cuda.cuh"

#include <limits>

#include "support/prior_on_gpu.cuh"
#include "videoonenet/proximal/box/box.hpp"
#include "videoonenet/proximal/box/box_cuda.cuh"
#include "videoonenet/proximal/denoiser/denoiser.hpp"
#include "videoonenet/proximal/l1/l1.hpp"
#include "videoonenet/proximal/quadratic/quadratic.hpp"
#include "videoonenet/proximal/quadratic/quadratic_cuda.cuh"

namespace l1_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

const Shape shape{.n = 2, .t = 3, .h = 13, .w = 11, .f = 3};

}  // namespace

TEST_CASE("device soft thresholds, boxes and quadratics equal the host's") {
  check_prior_on_gpu(L1<float>{.lambda = 0.4f}, shape);
  check_prior_on_gpu(Box<float>{.low = -0.5f, .high = 0.75f}, shape);
  check_prior_on_gpu(Quadratic<float>{.lambda = 0.7f}, shape);
  Buffer<float> centre(shape.size());
  Random(2).fill_normal(centre.span());
  check_prior_on_gpu(Quadratic<float>{.lambda = 0.7f, .centre = centre}, shape);
}

TEST_CASE("a device array with NaN keeps it, and violates a box") {
  const TestGpu gpu = test_gpu();
  const Shape three{.w = 3};
  const auto v = to_executor(gpu, std::vector<float>{std::nanf(""), -2, 2}), x = gpu.allocate<float>(3);
  const View<const float> from{v.data(), three};
  const View<float> to{x.data(), three};
  L1<float>{.lambda = 1}.apply(gpu, from, 1.f, to);
  const auto shrunk = from_executor(gpu, x);
  CHECK(std::isnan(shrunk[0]));
  CHECK(shrunk[1] == -1);
  CHECK(shrunk[2] == 1);
  const Box<float> box{.low = -1, .high = 0.5f};
  box.apply(gpu, from, 1.f, to);
  const auto projected = from_executor(gpu, x);
  CHECK(std::isnan(projected[0]));
  CHECK(projected[1] == -1);
  CHECK(projected[2] == 0.5f);
  CHECK(cuda::box_violations(gpu, -1.f, 0.5f, std::span<const float>(x.span())) == 1);
  CHECK(box.value(gpu, to) == std::numeric_limits<double>::infinity());
}

TEST_CASE("a denoiser on the host is a prior on a device") {
  const auto prior = denoiser<float>([](View<const float> v, float sigma, View<float> x) {
    for (Index i = 0; i < v.size(); ++i) x.data[i] = v.data[v.size() - 1 - i] / (1 + sigma);
  });
  check_prior_on_gpu(prior, shape);
}

}  // namespace l1_cuda_test
