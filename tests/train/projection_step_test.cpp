// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/adversarial/projection_step.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "support/catch.hpp"
#include "support/count_allocations.hpp"
#include "support/mixing_layer.hpp"
#include "train/adversarial_sides.hpp"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/nn/batch_norm/batch_norm.hpp"
#include "videoonenet/nn/frame_dense/frame_dense.hpp"

namespace projection_step_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;
using support::MixingLayer;
using namespace videoonenet::test;

namespace {

const Shape images{.n = 3, .h = 4, .w = 5};

auto make_encoder() {
  return sequential(named("conv", Conv2d<double>{.in = 1, .out = 2, .kernel = 2}),
                    named("norm", BatchNorm<double, ScaledSoftplus>{.channels = 2}));
}
auto make_decoder() {
  return sequential(named("mix", MixingLayer<double>{.in = 2, .out = 3}),
                    named("conv", Conv2d<double>{.in = 3, .out = 1, .kernel = 1}));
}
/// Of images of so many channels.
auto make_discriminator(Index channels) {
  return sequential(named("conv", Conv2d<double>{.in = channels, .out = 2, .kernel = 3, .stride = 2}),
                    named("norm", BatchNorm<double, ScaledSoftplus>{.channels = 2}),
                    named("logit", FrameDense<double>{.h = 2, .w = 3, .in = 2, .out = 1}));
}
auto make_projector() { return sequential(named("", make_encoder()), named("", make_decoder())); }

struct Sides {
  Side projector{make_projector(), 1}, image{make_discriminator(1), 2}, latent{make_discriminator(2), 3};
  ProjectionWeights<double> weights() { return {projector.weights(), image.weights(), latent.weights()}; }
};
struct Batch {
  Tensor<double> x{images}, v{images};
  Batch() {
    Random random(9);
    random.fill_normal(x.flat());
    random.fill_normal(v.flat());
  }
};

auto make_step(const ProjectionOptions& o, int threads = 1) {
  return ProjectionStep(Cpu{.threads = threads}, make_encoder(), make_decoder(), make_discriminator(1),
                        make_discriminator(2), images, o);
}

/// The losses as they are stated, without the code that is tested.
ProjectionReport stated_losses(const Batch& batch, const Sides& s, const ProjectionOptions& o) {
  const auto encoder = s.projector.parameters.span().first(std::size_t(make_encoder().parameter_count()));
  const auto judge = make_discriminator(1), latent = make_discriminator(2);
  const auto px = apply(make_projector(), s.projector.parameters.span(), batch.x);
  const auto pv = apply(make_projector(), s.projector.parameters.span(), batch.v);
  const auto of_image = [&](const Tensor<double>& x, double label) {
    return cross_entropy(apply(judge, s.image.parameters.span(), x), label);
  };
  const auto of_code = [&](const Tensor<double>& x, double label) {
    return cross_entropy(apply(latent, s.latent.parameters.span(), apply(make_encoder(), encoder, x)), label);
  };
  const double r = o.ratio, t = o.true_label;
  ProjectionReport report{.denoising = mean_squared(pv, batch.x),
                          .identity = r * mean_squared(px, batch.x) + (1 - r) * mean_squared(pv, batch.v),
                          .image = r * of_image(px, 1) + (1 - r) * of_image(pv, 1),
                          .latent = of_code(batch.v, 1)};
  report.projector_loss =
      o.denoising * report.denoising + o.identity * report.identity + o.image * report.image + o.latent * report.latent;
  report.image_loss = (of_image(batch.x, t) + r * of_image(px, 0) + (1 - r) * of_image(pv, 0)) / 2;
  report.latent_loss = r * of_code(batch.x, t) + (1 - r) * of_code(batch.v, 0);
  return report;
}

}  // namespace

TEST_CASE("projector and discriminators follow the gradients of the stated losses, at the same weights") {
  const Batch batch;
  const ProjectionOptions o{
      .denoising = 0.9, .identity = 0.6, .image = 0.8, .latent = 0.7, .ratio = 0.3, .clip_value = 0};
  Sides sides, start;
  const auto report = make_step(o)(batch.x.view(), batch.v.view(), sides.weights(), 1);
  const auto stated = stated_losses(batch, start, o);
  CHECK(report.denoising == Approx(stated.denoising));
  CHECK(report.identity == Approx(stated.identity));
  CHECK(report.image == Approx(stated.image));
  CHECK(report.latent == Approx(stated.latent));
  CHECK(report.projector_loss == Approx(stated.projector_loss));
  CHECK(report.image_loss == Approx(stated.image_loss));
  CHECK(report.latent_loss == Approx(stated.latent_loss));
  const auto now = [&] { return stated_losses(batch, start, o); };
  check_first_moments(sides.projector, 0.9, start.projector.parameters, [&] { return now().projector_loss; });
  check_first_moments(sides.image, 0.5, start.image.parameters, [&] { return now().image_loss; });
  check_first_moments(sides.latent, 0.5, start.latent.parameters, [&] { return now().latent_loss; });
  CHECK_FALSE(std::ranges::equal(sides.projector.parameters, start.projector.parameters));
}

TEST_CASE("entries of the gradients are clipped before Adam") {
  const Batch batch;
  const double limit = 0.01;
  Sides free, clipped;
  make_step({.latent = 0.5, .clip_value = 0})(batch.x.view(), batch.v.view(), free.weights(), 1);
  make_step({.latent = 0.5, .clip_value = limit})(batch.x.view(), batch.v.view(), clipped.weights(), 1);
  const auto check = [&](const Side& own, const Side& other, double beta1) {
    Index cut = 0;
    for (Index i = 0; i < own.parameters.size(); ++i) {
      const double gradient = other.moments[i] / (1 - beta1);
      CHECK(own.moments[i] / (1 - beta1) == Approx(std::clamp(gradient, -limit, limit)).margin(1e-15));
      cut += std::abs(gradient) > limit;
    }
    CHECK((cut > 0 && cut < own.parameters.size()));
  };
  check(clipped.projector, free.projector, 0.9);
  check(clipped.image, free.image, 0.5);
  check(clipped.latent, free.latent, 0.5);
}

TEST_CASE("running statistics follow perturbed and then true images") {
  const Batch batch;
  Sides sides;
  Buffer<double> theta = sides.projector.parameters;
  const auto projector = make_projector();
  for (const Tensor<double>* x : {&batch.v, &batch.x}) apply_and_follow(projector, theta, *x);
  make_step({})(batch.x.view(), batch.v.view(), sides.weights(), 1);
  CHECK(running_statistics(projector, sides.projector.parameters) == running_statistics(projector, theta));
  CHECK(running_statistics(projector, theta) != running_statistics(projector, Sides().projector.parameters));
}

TEST_CASE("a step of a projector that is not finite changes no weight, and the next one is as ever") {
  const Batch good;
  Batch bad;
  bad.v[7] = std::numeric_limits<double>::quiet_NaN();
  Sides sides;
  const Sides start;
  auto step = make_step({});
  CHECK_THROWS_WITH(step(bad.x.view(), bad.v.view(), sides.weights(), 5), ContainsSubstring("of step 5 is "));
  CHECK(std::ranges::equal(sides.projector.parameters, start.projector.parameters));
  CHECK(std::ranges::count(sides.latent.moments, 0.0) == sides.latent.moments.size());
  const auto report = step(good.x.view(), good.v.view(), sides.weights(), 1);
  CHECK(report.projector_loss == Approx(stated_losses(good, start, {}).projector_loss));
}

TEST_CASE("a step of a projector allocates nothing, and the number of threads changes no bit") {
  const Batch batch;
  const auto train = [&](int threads) {
    Sides sides;
    auto step = make_step({.image = 0.5, .latent = 0.5}, threads);
    for (Index k = 1; k <= 3; ++k) {
      const long before = support::allocations;
      step(batch.x.view(), batch.v.view(), sides.weights(), k);
      if (threads == 1) CHECK(support::allocations == before);
    }
    return std::array{sides.projector.parameters, sides.image.parameters, sides.latent.parameters};
  };
  const auto one = train(1), two = train(2);
  for (std::size_t i = 0; i < 3; ++i) CHECK(std::ranges::equal(one[i], two[i]));
}

TEST_CASE("projections that cannot be trained are refused in a sentence") {
  CHECK_THROWS_WITH(make_step({.denoising = -1}), ContainsSubstring("the weight of denoising is -1"));
  CHECK_THROWS_WITH(make_step({.ratio = 1.5}), ContainsSubstring("the share of true images is 1.5"));
  CHECK_THROWS_AS(make_step({.true_label = -1}), InputError);
  CHECK_THROWS_AS(make_step({.clip_value = -1}), InputError);
  CHECK_THROWS_AS(make_step({.projector = {.learning_rate = 0}}), InputError);
  CHECK_THROWS_WITH(ProjectionStep(Cpu{}, make_encoder(), MixingLayer<double>{.in = 2, .out = 2}, make_discriminator(1),
                                   make_discriminator(2), images),
                    ContainsSubstring("the decoder's output"));
  const Batch batch;
  const Tensor<double> other(Shape{.n = 3, .h = 5, .w = 4});
  Sides sides;
  auto step = make_step({});
  CHECK_THROWS_AS(step(other.view(), batch.v.view(), sides.weights(), 1), ShapeError);
  CHECK_THROWS_AS(step(batch.x.view(), other.view(), sides.weights(), 1), ShapeError);
  sides.latent.moments = Buffer<double>(3);
  CHECK_THROWS_WITH(step(batch.x.view(), batch.v.view(), sides.weights(), 1),
                    ContainsSubstring("the moments of the discriminator of codes"));
}

}  // namespace projection_step_test
