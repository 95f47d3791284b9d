// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/core/channels_cuda.cuh"
#include "videoonenet/nn/batch_norm/batch_norm.hpp"
#include "videoonenet/nn/batch_norm/batch_norm_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_cuda.cuh"
#include "videoonenet/nn/frame_dense/frame_dense.hpp"
#include "videoonenet/train/adversarial/adversarial_step.hpp"
#include "videoonenet/train/loss/loss_cuda.cuh"
#include "videoonenet/train/optimizer/optimizer_cuda.cuh"

namespace adversarial_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

const Shape measured{.n = 2, .h = 4, .w = 6, .f = 2}, truth{.n = 2, .h = 4, .w = 6};

/// Weights and moments after two steps, one array behind the other, and the second step's losses.
template <class Ex>
struct Trained {
  std::vector<float> weights, moments;
  AdversarialReport report;

  explicit Trained(const Ex& ex) {
    const auto generator = sequential(named("conv", Conv2d<float>{.in = 2, .out = 3}),
                                      named("norm", BatchNorm<float, ScaledSoftplus>{.channels = 3}),
                                      named("images", Conv2d<float>{.in = 3, .out = 2, .kernel = 1}));
    const auto discriminator = sequential(named("conv", Conv2d<float>{.in = 1, .out = 3, .stride = 2}),
                                          named("norm", BatchNorm<float, LeakyRelu>{.channels = 3}),
                                          named("logit", FrameDense<float>{.h = 2, .w = 3, .in = 3, .out = 1}));
    const FrameDense<float> comparator{.h = 4, .w = 6, .in = 1, .out = 5};
    Random random(12);
    const auto own = [&](Index count) { return to_executor(ex, random_values(random, count, 0.4)); };
    auto theta = own(generator.parameter_count()), omega = own(discriminator.parameter_count());
    const auto features = own(comparator.parameter_count());
    const auto nothing = [&](Index count) { return to_executor(ex, std::vector<float>(std::size_t(count))); };
    auto theta_moments = nothing(2 * generator.parameter_count());
    auto omega_moments = nothing(2 * discriminator.parameter_count());
    const auto y = to_executor(ex, random_values(random, measured.size()));
    const auto x = to_executor(ex, random_values(random, truth.size()));
    AdversarialStep step(ex, generator, discriminator, measured, truth, {.adversarial = 0.7},
                         FeatureLoss(comparator, std::span<const float>(features.span())));
    for (Index k = 1; k <= 2; ++k)
      report = step({y.data(), measured}, {x.data(), truth}, {theta.span(), theta_moments.span()},
                    {omega.span(), omega_moments.span()}, k);
    const auto append = [&](std::vector<float>& all, auto& buffer) {
      for (const float v : from_executor(ex, buffer)) all.push_back(v);
    };
    append(weights, theta), append(weights, omega);
    append(moments, theta_moments), append(moments, omega_moments);
  }
};

}  // namespace

TEST_CASE("adversarial steps on a device are the host's") {
  const Trained host(Cpu{.products = cpu::Products::direct});
  const Trained device(test_gpu(cuda::Precision::float32));
  CHECK(relative_error(device.weights, host.weights) < 1e-5);
  CHECK(relative_error(device.moments, host.moments) < 1e-5);
  CHECK(device.report.generator_loss == Approx(host.report.generator_loss).epsilon(1e-5));
  CHECK(device.report.discriminator_loss == Approx(host.report.discriminator_loss).epsilon(1e-5));
  CHECK(device.report.feature == Approx(host.report.feature).epsilon(1e-5));
  CHECK(host.report.feature > 0);
}

}  // namespace adversarial_cuda_test
