// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/noise_inversion/noise_inversion.hpp"

#include "support/layer_on_gpu.cuh"
#include "videoonenet/core/on_executor.hpp"
#include "videoonenet/datastep/learned_inverse/learned_inverse.hpp"
#include "videoonenet/nn/tied_autoencoder/tied_autoencoder.hpp"
#include "videoonenet/operators/strided_blur/strided_blur.hpp"
#include "videoonenet/train/initial_parameters.hpp"
#include "videoonenet/videoonenet.cuh"

namespace noise_inversion_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

namespace {

const TiedAutoencoder<float> net{.channels = 2, .filters = {8, 16}};
constexpr Shape video{.t = 2, .h = 12, .w = 10, .f = 2};

/// The weights after some steps of training, and z after a step of ADMM with them.
template <class Ex>
std::vector<float> trained(const Ex& ex, InverseForm form) {
  Tensor<float> kernel({.h = 3, .w = 3});
  fill(Cpu{}, 0.1f, kernel.flat());
  const StridedBlur<float> a(video, std::move(kernel), 2);
  const Buffer<float> initial = initial_parameters<float>(net.parameters(), 1);
  auto weights = to_executor(ex, std::vector<float>(initial.begin(), initial.end()));
  train_inverse(ex, net, a, 0.3f, weights.span(), {.steps = 3});

  Random random(2);
  const auto x = to_executor(ex, random_values(random, video.size()));
  const auto y = to_executor(ex, random_values(random, Shape(a.range()).size()));
  auto z = ex.template allocate<float>(video.size()), u = ex.template allocate<float>(video.size());
  const LearnedInverse<TiedAutoencoder<float>> learned{net, weights.span(), 0.3f, form};
  auto step = learned.bind(ex, a, std::span<const float>(y.span()));
  const View<float> zs{z.data(), video}, us{u.data(), video};
  step.start(ex, zs, us);
  step.step(ex, 0.3f, View<const float>{x.data(), video}, zs, us);
  std::vector<float> all = from_executor(ex, weights);
  for (auto* part : {&z, &u}) std::ranges::copy(from_executor(ex, *part), std::back_inserter(all));
  return all;
}

}  // namespace

TEST_CASE("a tied autoencoder on a device equals the host's") {  // of a smooth function: rounding moves steps
  check_layer_on_gpu(TiedAutoencoder<float, Elu>{.channels = 2, .filters = {8, 16}}, video);
}

TEST_CASE("a device trains an inverse and steps with it as the host does") {
  for (const auto form : {InverseForm::residual, InverseForm::normal})
    CHECK(relative_error(trained(test_gpu(cuda::Precision::float32), form),
                         trained(Cpu{.products = cpu::Products::direct}, form)) < 1e-4);
}

}  // namespace noise_inversion_cuda_test
