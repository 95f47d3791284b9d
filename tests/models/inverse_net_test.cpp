// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/inverse_net.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "videoonenet/autodiff/pass_through/pass_through.hpp"
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/models/discriminator.hpp"
#include "videoonenet/operators/box_downsample/box_downsample.hpp"
#include "videoonenet/testing/check_gradient.hpp"
#include "videoonenet/train/adversarial/adversarial_step.hpp"
#include "videoonenet/train/initial_parameters.hpp"

namespace inverse_net_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A small one for images of one channel, from measurements of two.
const InverseNetOptions small{.inversion = {.in = 2, .out = 1, .levels = 2, .filters = 1},
                              .denoiser = {.channels = 1, .factor = 2, .filters = 1}};

std::vector<std::string> names(const std::vector<Parameter>& parameters) {
  std::vector<std::string> all;
  for (const Parameter& p : parameters) all.push_back(p.name);
  return all;
}

}  // namespace

TEST_CASE("the adjoint of InverseNet with both outputs belongs to it") {
  testing::GradientOptions options{.seed = 2, .entries = 12};  // with 1 a ReLU is at its kink
  options.same_in_inference = false;                           // batch norm
  const auto report =
      testing::check_gradient(inverse_net_outputs<double>(small), {.n = 2, .t = 2, .h = 8, .w = 12, .f = 2}, options);
  INFO(report);
  CHECK(report);
}

TEST_CASE("both forms of InverseNet have the same weights and restore the same image") {
  const auto net = inverse_net<double>(small);
  const auto both = inverse_net_outputs<double>(small);
  CHECK(names(net.parameters()) == names(both.parameters()));
  REQUIRE(net.parameter_count() == both.parameter_count());
  const Shape measured{.n = 2, .h = 8, .w = 8, .f = 2};
  testing::LayerTrial one(net, measured);
  testing::LayerTrial two(both, measured);
  REQUIRE((one.output_shape() == Shape{.n = 2, .h = 8, .w = 8}));
  REQUIRE((two.output_shape() == Shape{.n = 2, .h = 8, .w = 8, .f = 2}));
  testing::LayerTrial inversion(net.layer<0>(), measured);
  testing::LayerTrial denoiser(net.layer<1>(), one.output_shape());
  Random random(6);
  one.draw(random);
  two.x = inversion.x = one.x;
  two.parameters = one.parameters;
  const auto split = one.parameters.begin() + inversion.parameters.size();
  std::copy(one.parameters.begin(), split, inversion.parameters.begin());
  std::copy(split, one.parameters.end(), denoiser.parameters.begin());
  one.forward();
  two.forward();
  inversion.forward();
  denoiser.x = inversion.y;
  denoiser.forward();
  CHECK(std::ranges::equal(one.y, denoiser.y));
  for (Index i = 0; i < one.y.size(); ++i) {
    REQUIRE(two.y[2 * i] == one.y[i]);
    REQUIRE(two.y[2 * i + 1] == inversion.y[i]);
  }
}

TEST_CASE("a network restores in one pass from the least-squares start") {
  const Shape video{.t = 2, .h = 4, .w = 6};
  const BoxDownsample<float> a(video, 2);
  Buffer<float> y(a.range().size());
  Random(1).fill_normal(y.span());
  Tensor<float> start(video), restored(video);
  restore_in_one_pass(Cpu{}, PassThrough<float>{}, {}, a, std::as_const(y).span(), start.view());
  for (Index t = 0; t < 2; ++t)  // every box is its mean
    CHECK(start(0, t, 3, 4, 0) == Approx(y[6 * t + 5]));

  const Conv2d<float> net{.in = 1, .out = 1};
  const Buffer<float> weights = initial_parameters<float>(net.parameters(), 3);
  restore_in_one_pass(Cpu{}, net, weights.span(), a, std::as_const(y).span(), restored.view());
  testing::LayerTrial<Conv2d<float>> trial(net, video);
  std::ranges::copy(start.flat(), trial.x.begin());
  std::ranges::copy(weights, trial.parameters.begin());
  trial.forward();
  CHECK(std::ranges::equal(restored.flat(), trial.y));
  const auto refuses = [&](std::span<const float> w, std::span<const float> measured, View<float> x) {
    CHECK_THROWS_AS(restore_in_one_pass(Cpu{}, net, w, a, measured, x), ShapeError);
  };
  refuses(weights.span().first(2), y.span(), restored.view());
  refuses(weights.span(), y.span().first(2), restored.view());
  Tensor<float> small_video({.t = 2, .h = 4, .w = 4});
  refuses(weights.span(), y.span(), small_video.view());
}

TEST_CASE("the published InverseNet is its two nets") {
  const auto net = inverse_net<double>({});
  CHECK(net.parameter_count() ==
        u_net<double>({}).parameter_count() + pixel_shuffle_denoiser<double>({}).parameter_count());
  const Shape images{.n = 36, .h = 256, .w = 256, .f = 3};
  CHECK(net.output_shape(images) == images);
  const auto all = names(net.parameters());
  for (const char* name : {"inversion.down.0.conv.kernel", "inversion.up.3.norm.gamma",
                           "denoiser.encoder.0.conv.kernel", "denoiser.decoder.2.bias"})
    CHECK(std::ranges::count(all, name) == 1);
}

TEST_CASE("InverseNet learns to restore by adversarial steps that judge both its images, on any number of threads") {
  const Shape measured{.n = 4, .h = 16, .w = 16, .f = 2}, truth{.n = 4, .h = 16, .w = 16};
  const auto net = inverse_net_outputs<double>({.inversion = {.in = 2, .out = 1, .levels = 2, .filters = 4},
                                                .denoiser = {.channels = 1, .factor = 2, .filters = 4}});
  const auto judge = image_discriminator<double>({.channels = 1, .filters = 2, .h = 16, .w = 16});
  Random random(8);
  Tensor<double> y(measured), x(truth);
  for (Index i = 0; i < x.size(); ++i) {
    x[i] = 0.8 * random.uniform();
    y[2 * i] = 2 * x[i] + 0.1 * random.normal(), y[2 * i + 1] = random.normal();
  }
  const auto train = [&](int threads, Index steps) {
    Buffer<double> theta = initial_parameters<double>(net.parameters(), 1), theta_moments(2 * theta.size());
    Buffer<double> omega = initial_parameters<double>(judge.parameters(), 2), omega_moments(2 * omega.size());
    AdversarialStep step(Cpu{.threads = threads}, net, judge, measured, truth,
                         {.generator = {.learning_rate = 0.02, .beta1 = 0.5, .beta2 = 0.999}});
    AdversarialReport report;
    for (Index k = 1; k <= steps; ++k)
      report = step(std::as_const(y).view(), std::as_const(x).view(), {theta.span(), theta_moments.span()},
                    {omega.span(), omega_moments.span()}, k);
    CHECK(step.outputs() == 2);
    return std::pair(report.reconstruction, theta);
  };
  const double best_constants = 2 * 0.8 * 0.8 / 12;  // the variance of the truth, for either image
  CHECK(train(1, 1).first > 3 * best_constants);
  CHECK(train(1, 40).first < best_constants / 1.25);  // 0.56 of it
  CHECK(std::ranges::equal(train(1, 2).second, train(2, 2).second));
}

TEST_CASE("InverseNet refuses nets that do not fit each other, and frames that do not fit them") {
  InverseNetOptions grey = small;
  grey.denoiser.channels = 3;
  CHECK_THROWS_WITH(inverse_net<double>(grey),
                    ContainsSubstring("makes 1 channels, expected those of the denoiser, 3"));
  CHECK_THROWS_AS(inverse_net_outputs<double>(grey), InputError);
  InverseNetOptions coarse = small;
  coarse.denoiser.factor = 3;
  CHECK_THROWS_WITH(inverse_net<double>(coarse).output_shape({.h = 8, .w = 12, .f = 2}),
                    ContainsSubstring("multiples of factor = 3"));
  CHECK_THROWS_WITH(inverse_net<double>(small).output_shape({.h = 8, .w = 10, .f = 2}),
                    ContainsSubstring("multiples of 2^levels = 4"));
}

}  // namespace inverse_net_test
