// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/inf_admm_adnn.hpp"

#include "support/catch.hpp"
#include "videoonenet/data/synthetic.hpp"
#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/models/discriminator.hpp"
#include "videoonenet/operators/strided_blur/strided_blur.hpp"
#include "videoonenet/train/adversarial/adversarial_step.hpp"
#include "videoonenet/train/initial_parameters.hpp"
#include "videoonenet/train/noise_inversion/noise_inversion.hpp"

namespace inf_admm_adnn_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Super resolution by two, of T frames.
StridedBlur<float> blur(Index frames) {
  Tensor<float> kernel({.h = 3, .w = 3});
  fill(Cpu{}, 1.0f / 9, kernel.flat());
  return {{.t = frames, .h = 32, .w = 32, .f = 1}, std::move(kernel), 2};
}
constexpr Shape coarse{.t = 2, .h = 16, .w = 16, .f = 1}, packed{.t = 2, .h = 16, .w = 16, .f = 4},
    pair{.t = 2, .h = 16, .w = 16, .f = 5};

InfAdmmAdnn<float, Linear> small(InverseForm form = InverseForm::residual) {
  return InfAdmmAdnn<float, Linear>({.inverse = {.channels = 1, .filters = {6, 12}},
                                     .denoiser = {.channels = 1, .factor = 2, .filters = 8, .condition = 1},
                                     .rho = 0.3f,
                                     .form = form});
}

/// A judge that is not asked: the denoiser is trained by its mean squared error alone.
auto idle_judge() { return FrameDense<float>{.h = 16, .w = 16, .in = 4, .out = 1}; }

}  // namespace

TEST_CASE("an inverse and a denoiser that were trained apart restore better than either start") {
  const auto model = small();
  const auto a = blur(2);
  Buffer<float> inverse = initial_parameters<float>(model.inverse().parameters(), 1);
  train_inverse(Cpu{}, model.inverse(), a, 0.3f, inverse.span(),
                {.steps = 80, .optimizer = {.learning_rate = 5e-3, .beta1 = 0.9, .beta2 = 0.999}});

  // Pairs of noisy images and measurements, packed, and what the denoiser should make of them.
  const auto& denoiser = model.denoiser();
  Buffer<float> weights = initial_parameters<float>(parameters_of(denoiser), 2), moments(2 * weights.size());
  const auto judge = idle_judge();
  Buffer<float> judge_weights(judge.parameter_count()), judge_moments(2 * judge_weights.size());
  const Adam adam{.learning_rate = 5e-3, .beta1 = 0.9, .beta2 = 0.999};
  AdversarialStep step(Cpu{}, denoiser, judge, pair, packed,
                       {.reconstruction = 1, .adversarial = 0, .generator = adam, .discriminator = adam});
  const PixelShuffle<float> pack{.factor = 2};
  PixelShuffle<float>::Cache pack_cache{};
  Random random(3);
  Tensor<float> noisy(a.domain()), truth(packed), code(packed), measured(coarse), input(pair);
  const auto draw = [&] { return synthetic_video<float>(Cpu{}, SyntheticKind::texture, a.domain(), random); };
  for (Index k = 1; k <= 100; ++k) {
    const Tensor<float> video = draw();
    a.apply(Cpu{}, video.flat(), measured.flat());
    noisy = video;
    for (float& v : noisy.flat()) v += 0.1f * static_cast<float>(random.normal());
    pack.forward(Cpu{}, {}, video.view(), truth.view(), pack_cache);
    pack.forward(Cpu{}, {}, std::as_const(noisy).view(), code.view(), pack_cache);
    copy_channels(Cpu{}, coarse.size(), std::as_const(code).flat(), 4, 0, 4, input.flat(), 5, 0);
    copy_channels(Cpu{}, coarse.size(), std::as_const(measured).flat(), 1, 0, 1, input.flat(), 5, 4);
    step(std::as_const(input).view(), std::as_const(truth).view(), {weights.span(), moments.span()},
         {judge_weights.span(), judge_moments.span()}, k);
  }

  const Tensor<float> video = draw();
  a.apply(Cpu{}, video.flat(), measured.flat());
  Tensor<float> start(a.domain()), restored(a.domain());
  const auto restore = [&](int iterations, Tensor<float>& z) {
    model.restore(Cpu{}, std::as_const(inverse).span(), std::as_const(weights).span(), a,
                  std::as_const(measured).flat(), z.view(), {.iterations = iterations, .tolerance = 0});
    return psnr(Cpu{}, std::as_const(z).view(), video.view());
  };
  const double before = restore(0, start), after = restore(10, restored);
  CAPTURE(before, after);
  CHECK(after > before + 3);
  Tensor<float> other(a.domain());  // by the paper's form, in which the same errors weigh more
  small(InverseForm::normal)
      .restore(Cpu{}, std::as_const(inverse).span(), std::as_const(weights).span(), a, std::as_const(measured).flat(),
               other.view(), {.iterations = 10, .tolerance = 0});
  CHECK(squared_distance(Cpu{}, std::as_const(other).flat(), std::as_const(restored).flat()) > 0);
}

TEST_CASE("Inf-ADMM-ADNN refuses a measurement and networks that do not belong together") {
  const auto model = small();
  const Buffer<float> inverse(model.inverse().parameter_count()), denoiser(model.denoiser().parameter_count());
  const auto a = blur(1);
  Tensor<float> z(a.domain()), y(a.range());
  const auto restore = [&](const auto& op, std::span<const float> weights, std::span<const float> measurement) {
    model.restore(Cpu{}, weights, denoiser.span(), op, measurement, z.view(), {.iterations = 1});
  };
  const auto all = std::as_const(y).flat();
  REQUIRE_THROWS_AS(restore(a, inverse.span(), all.first(9)), ShapeError);
  REQUIRE_THROWS_AS(restore(a, inverse.span().first(9), all), ShapeError);
  REQUIRE_THROWS_AS(restore(blur(3), inverse.span(), all), ShapeError);
  REQUIRE_THROWS_WITH(InfAdmmAdnn<float>({.denoiser = {.condition = 0}}),
                      ContainsSubstring("condition of no channels"));
}

}  // namespace inf_admm_adnn_test
