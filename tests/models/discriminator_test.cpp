// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/discriminator.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "videoonenet/testing/check_gradient.hpp"

namespace discriminator_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("the discriminator's adjoint belongs to it") {
  const auto net = image_discriminator<double>({.channels = 2, .filters = 1, .h = 16, .w = 32});
  testing::GradientOptions options{.entries = 24};
  options.same_in_inference = false;  // batch norm
  const auto report = testing::check_gradient(net, {.n = 2, .t = 2, .h = 16, .w = 32, .f = 2}, options);
  INFO(report);
  CHECK(report);
}

TEST_CASE("the discriminator of 64 x 64 pixels has as many weights as its layers say") {
  const auto net = image_discriminator<double>({});
  const Index convolutions = 16 * (3 * 64 + 64 * 128 + 128 * 256 + 256 * 512) + 64, norms = 4 * (128 + 256 + 512);
  CHECK(net.parameter_count() == convolutions + norms + 4 * 4 * 512 + 1);
  std::vector<std::string> names;
  for (const Parameter& p : net.parameters()) names.push_back(p.name);
  CHECK(names.size() == 2 + 3 * 5 + 2);
  for (const char* name : {"down.0.conv.kernel", "down.0.conv.bias", "down.1.norm.gamma", "down.3.conv.kernel",
                           "down.3.norm.running_mean", "logit.kernel", "logit.bias"})
    CHECK(std::ranges::count(names, name) == 1);
}

TEST_CASE("a logit by hand") {
  const auto net = image_discriminator<double>({.channels = 1, .filters = 1, .h = 16, .w = 16});
  testing::LayerTrial trial(net, {.h = 16, .w = 16}, Cpu{}, Purpose::inference);
  // kernels with entry (1, 1) from channel 0 to channel 0 alone: the upper left pixel of each stage is the last one's
  double* at = trial.parameters.data();
  for (const Parameter& p : net.parameters()) {
    if (p.name.ends_with("conv.kernel")) at[5 * p.extents[2] * p.extents[3]] = 1;
    if (p.name == "logit.kernel") at[0] = 7;
    if (p.name == "logit.bias") at[0] = 0.5;
    if (p.initial == Initial::ones) std::fill_n(at, p.size(), 1.0);
    at += p.size();
  }
  const double norms = std::pow(1 + 1e-3, -1.5);
  const auto logit = [&](double x) {
    trial.x[0] = x;
    trial.forward();
    return trial.y[0];
  };
  CHECK(logit(3) == Approx(7 * 3 * norms + 0.5).epsilon(1e-12));
  CHECK(logit(-1) == Approx(-7 * std::pow(0.2, 4) * norms + 0.5).epsilon(1e-12));
}

TEST_CASE("a logit depends on every pixel of its frame, and with running statistics on no other frame") {
  const auto net = image_discriminator<double>({.channels = 1, .filters = 1, .h = 16, .w = 32});
  const Shape images{.n = 2, .t = 2, .h = 16, .w = 32};
  testing::LayerTrial trial(net, images, Cpu{}, Purpose::inference);
  Random random(3);
  trial.draw(random);
  for (double& w : trial.parameters) w = std::abs(w);  // running variances are positive
  trial.forward();
  const Buffer<double> before = trial.y;
  REQUIRE((trial.output_shape() == Shape{.n = 2, .t = 2, .h = 1, .w = 1}));
  const Index pixels = images.h * images.w;
  for (Index i = 0; i < pixels; ++i) {
    trial.x[2 * pixels + i] += 1;
    trial.forward();
    for (Index frame = 0; frame < 4; ++frame) REQUIRE((trial.y[frame] != before[frame]) == (frame == 2));
    trial.x[2 * pixels + i] -= 1;
  }
}

TEST_CASE("the discriminator refuses other images") {
  const auto net = image_discriminator<double>({.filters = 2, .h = 32, .w = 16});
  CHECK_THROWS_WITH(net.output_shape({.h = 16, .w = 32, .f = 3}), ContainsSubstring("1x2x16, expected 2x1x16"));
  CHECK_THROWS_AS(net.output_shape({.h = 32, .w = 16, .f = 1}), ShapeError);
  CHECK_THROWS_WITH(image_discriminator<double>({.h = 40}), ContainsSubstring("40x64, expected multiples of 16"));
  CHECK_THROWS_AS(image_discriminator<double>({.w = 0}), InputError);
  CHECK_THROWS_WITH(image_discriminator<double>({.filters = 0}), ContainsSubstring("filters = 0"));
}

}  // namespace discriminator_test
