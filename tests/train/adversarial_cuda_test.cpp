// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/autodiff/sum/sum.hpp"
#include "videoonenet/core/channels_cuda.cuh"
#include "videoonenet/nn/batch_norm/batch_norm.hpp"
#include "videoonenet/nn/batch_norm/batch_norm_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_cuda.cuh"
#include "videoonenet/nn/frame_dense/frame_dense.hpp"
#include "videoonenet/train/adversarial/adversarial_step.hpp"
#include "videoonenet/train/adversarial/projection_step.hpp"
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

namespace {

/// Weights of all three after two steps of a projector, and the second step's losses.
template <class Ex>
struct Projected {
  std::vector<float> weights;
  ProjectionReport report;

  explicit Projected(const Ex& ex) {
    const auto encoder = sequential(named("conv", Conv2d<float>{.in = 1, .out = 3}),
                                    named("norm", BatchNorm<float, Elu>{.channels = 3}));
    const Conv2d<float> decoder{.in = 3, .out = 1};
    const auto discriminator = [](Index channels) {
      return sequential(named("sum", sum(named("shortcut", Conv2d<float>{.in = channels, .out = 3, .kernel = 1}),
                                         named("inner", Conv2d<float>{.in = channels, .out = 3}))),
                        named("norm", BatchNorm<float, Elu>{.channels = 3}),
                        named("logit", FrameDense<float>{.h = 4, .w = 6, .in = 3, .out = 1}));
    };
    Random random(12);
    const auto own = [&](Index count) { return to_executor(ex, random_values(random, count, 0.4)); };
    const auto nothing = [&](Index count) { return to_executor(ex, std::vector<float>(std::size_t(count))); };
    const Index counts[] = {encoder.parameter_count() + decoder.parameter_count(), discriminator(1).parameter_count(),
                            discriminator(3).parameter_count()};
    auto theta = own(counts[0]), omega = own(counts[1]), psi = own(counts[2]);
    auto theta_moments = nothing(2 * counts[0]), omega_moments = nothing(2 * counts[1]),
         psi_moments = nothing(2 * counts[2]);
    const auto x = to_executor(ex, random_values(random, truth.size()));
    const auto v = to_executor(ex, random_values(random, truth.size()));
    ProjectionStep step(ex, encoder, decoder, discriminator(1), discriminator(3), truth,
                        {.identity = 0.5, .image = 0.4, .latent = 0.3, .ratio = 0.2, .clip_value = 0.05});
    for (Index k = 1; k <= 2; ++k)
      report = step({x.data(), truth}, {v.data(), truth},
                    {.projector = {theta.span(), theta_moments.span()},
                     .image = {omega.span(), omega_moments.span()},
                     .latent = {psi.span(), psi_moments.span()}},
                    k);
    for (auto* buffer : {&theta, &omega, &psi})
      for (const float w : from_executor(ex, *buffer)) weights.push_back(w);
  }
};

}  // namespace

TEST_CASE("steps of a projector on a device are the host's") {
  const Projected host(Cpu{.products = cpu::Products::direct});
  const Projected device(test_gpu(cuda::Precision::float32));
  CHECK(relative_error(device.weights, host.weights) < 1e-5);
  CHECK(device.report.projector_loss == Approx(host.report.projector_loss).epsilon(1e-5));
  CHECK(device.report.image_loss == Approx(host.report.image_loss).epsilon(1e-5));
  CHECK(device.report.latent_loss == Approx(host.report.latent_loss).epsilon(1e-5));
}

}  // namespace adversarial_cuda_test
