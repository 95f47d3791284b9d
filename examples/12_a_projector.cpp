// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Shows      the first OneNet: one network, trained on images against two discriminators, restores any measurement.
// Builds on  04, 08.
// Leaves out training to the end.
#include <algorithm>
#include <iostream>

#include "videoonenet/data/synthetic.hpp"
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/models/discriminator.hpp"
#include "videoonenet/models/image_projector.hpp"
#include "videoonenet/models/residual_discriminator.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/proximal/layer_prior/layer_prior.hpp"
#include "videoonenet/train/adversarial/projection_step.hpp"
#include "videoonenet/train/initial_parameters.hpp"
#include "videoonenet/train/perturbation.hpp"
#include "videoonenet/unroll/admm.hpp"

using namespace videoonenet;

namespace {

const Shape images{.t = 8, .h = 16, .w = 16, .f = 1};

/// Weights drawn at random, and zeros for Adam.
struct Learner {
  Buffer<float> parameters, moments;
  template <class L>
  Learner(const L& layer, std::uint64_t seed)
      : parameters(initial_parameters<float>(layer.parameters(), seed)), moments(2 * parameters.size()) {}
  AdversarialWeights<float> weights() { return {parameters.span(), moments.span()}; }
};

}  // namespace

int main() {
  const Cpu ex;
  // [projector]
  const ImageAutoencoderOptions sizes{.in = 1, .out = 1, .filters = 4, .h = 16, .w = 16};
  const auto projector = image_projector<float>(sizes);
  const auto judge = image_discriminator<float>({.channels = 1, .filters = 4, .h = 16, .w = 16});
  const auto judge_of_codes = latent_discriminator<float>({.channels = 64, .h = 2, .w = 2});
  Learner learner(projector, 1), image(judge, 2), latent(judge_of_codes, 3);
  ProjectionStep step(ex, projector_encoder<float>(sizes), projector_decoder<float>(sizes), judge, judge_of_codes,
                      images, {.projector = {.learning_rate = 3e-3, .beta1 = 0.9, .beta2 = 0.999}});
  Random random(4);
  Tensor<float> truth(images), perturbed(images);
  ProjectionReport first, last;
  for (Index k = 1; k <= 150; ++k) {
    for (Index t = 0; t < images.t; ++t) {
      const auto one = synthetic_video<float>(ex, SyntheticKind::texture, {.h = 16, .w = 16, .f = 1}, random);
      std::ranges::copy(one.flat(), &truth(0, t, 0, 0, 0));
    }
    perturb(truth.view(), random, perturbed.view());
    last = step(truth.view(), perturbed.view(), {learner.weights(), image.weights(), latent.weights()}, k);
    if (k == 1) first = last;
  }
  // [/projector]
  std::cout << "error of denoising: from " << first.denoising << " to " << last.denoising << '\n';
  // Images with pixels or rows missing, for neither of which anything was trained.
  const auto restore = [&](const char* name, const auto& keeps) {
    Buffer<float> kept(images.size());
    for (Index i = 0; i < kept.size(); ++i) kept[i] = keeps(i / 16 % 16, i % 16);
    const Mask<float> a(images, kept);
    Tensor<float> y(images), z(images);
    a.apply(ex, truth.flat(), y.flat());
    const LayerPrior prior(projector, learner.parameters.span());
    admm(ex, prior, LeastSquares{}, a, y.flat(), z.view(), {.rho = 0.3f, .iterations = 30, .tolerance = 1e-3f});
    const double before = psnr(ex, y.view(), truth.view()), after = psnr(ex, z.view(), truth.view());
    std::cout << name << before << " dB, restored " << after << " dB\n";
    return after - before;
  };
  const double pixels = restore("half of the pixels: ", [&](Index, Index) { return random.uniform() < 0.5; });
  const double rows = restore("every other row:    ", [](Index i, Index) { return i % 2; });
  return last.denoising < 0.3 * first.denoising && pixels > 4 && rows > 4 ? 0 : 1;
}
