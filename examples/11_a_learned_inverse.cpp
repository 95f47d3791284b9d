// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Shows      a data step without a solve: a small network learns the inverse of an operator from noise (Inf-ADMM).
// Builds on  04, 07.
// Leaves out a prior that is a network as well.
#include <chrono>
#include <iostream>

#include "videoonenet/data/synthetic.hpp"
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/datastep/learned_inverse/learned_inverse.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/nn/tied_autoencoder/tied_autoencoder.hpp"
#include "videoonenet/operators/box_downsample/box_downsample.hpp"
#include "videoonenet/operators/compose/compose.hpp"
#include "videoonenet/operators/strided_blur/strided_blur.hpp"
#include "videoonenet/proximal/total_variation/total_variation.hpp"
#include "videoonenet/train/initial_parameters.hpp"
#include "videoonenet/train/noise_inversion/noise_inversion.hpp"
#include "videoonenet/unroll/admm.hpp"

using namespace videoonenet;

namespace {

// A camera: a blur of 5 x 5 pixels, then pixels twice as wide. No solver knows the composition.
auto camera(const Shape& video) {
  Tensor<float> kernel({.h = 5, .w = 5});
  for (float& k : kernel.flat()) k = 1.0f / 25;
  return compose(BoxDownsample<float>(video, 2), StridedBlur<float>(video, kernel, 1));
}

}  // namespace

int main() {
  const Cpu ex;
  const float rho = 0.1f;

  // [learned inverse]
  // What it learns from: noise, as large as the camera's pictures of any video. No video is needed.
  const TiedAutoencoder<float, Linear> net{.channels = 1, .filters = {8, 16}};
  Buffer<float> weights = initial_parameters<float>(net.parameters(), 1);
  double first = 0;
  const InverseTraining training{.steps = 200,
                                 .optimizer = {.learning_rate = 3e-3, .beta1 = 0.9, .beta2 = 0.999},
                                 .callback = [&](int step, double loss) { return step > 1 || (first = loss, true); }};
  const double last = train_inverse(ex, net, camera({.t = 2, .h = 64, .w = 64}), rho, weights.span(), training);
  // [/learned inverse]
  std::cout << "loss on noise:     from " << first << " to " << last << '\n';

  // What it is for: every step of ADMM on every video of this camera.
  const Shape shape{.t = 8, .h = 96, .w = 80, .f = 1};
  Random random(1);
  const Tensor<float> truth = synthetic_video<float>(ex, SyntheticKind::texture, shape, random);
  const auto a = camera(shape);
  Tensor<float> y(a.range()), exact(shape), learned(shape);
  a.apply(ex, truth.flat(), y.flat());
  for (float& v : y.flat()) v += 0.01f * static_cast<float>(random.normal());
  const TotalVariation<float> prior{.lambda = 0.0005f};
  const auto restore = [&](const char* name, const auto& data_step, Tensor<float>& z) {
    const auto begin = std::chrono::steady_clock::now();
    admm(ex, prior, data_step, a, y.flat(), z.view(), {.rho = rho, .iterations = 30, .tolerance = 0});
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    const double score = psnr(ex, z.view(), truth.view());
    std::cout << name << score << " dB in " << seconds.count() << " s\n";
    return score;
  };
  const double by_solver = restore("conjugate gradients: ", LeastSquares{}, exact);
  const LearnedInverse<TiedAutoencoder<float, Linear>> inverse{net, weights.span(), rho};
  const double by_network = restore("learned inverse:     ", inverse, learned);
  return last < 0.1 * first && by_network > by_solver - 0.2 ? 0 : 1;
}
