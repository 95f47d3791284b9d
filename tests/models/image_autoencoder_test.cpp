// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/image_autoencoder.hpp"

#include "support/catch.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/models/one_net.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/testing/check_gradient.hpp"
#include "videoonenet/testing/layer_trial.hpp"

namespace image_autoencoder_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("the image autoencoder's adjoint belongs to it, with both norms") {
  for (const auto norm : {InstanceNormPolicy::joint, InstanceNormPolicy::channel}) {
    const auto net = image_autoencoder<double>({.in = 3, .out = 2, .filters = 1, .h = 16, .w = 8, .norm = norm});
    const auto report = testing::check_gradient(net, {.t = 2, .h = 16, .w = 8, .f = 3});
    INFO(report);
    CHECK(report);
  }
}

TEST_CASE("the published image autoencoder has as many weights as its table says") {
  const Index convolutions = 16 * (3 * 64 + 64 * 128) + 4 * (128 * 256 + 256 * 512 + 512 * 1024 + 1024 * 1024) +
                             16 * (1024 * 512 + 512 * 256 + 256 * 128 + 128 * 64 + 64 * 3);
  const Index biases = 2 * (64 + 128 + 256 + 512) + 2 * 1024 + 3, norms = 2 * 10, dense = 64 * 64 * 1024;
  REQUIRE(image_autoencoder<float>({}).parameter_count() == convolutions + biases + norms + dense);
  std::vector<std::string> names;
  for (const Parameter& p : parameters_of(image_autoencoder<float>({}))) names.push_back(p.name);
  for (const char* name : {"encoder.0.conv.kernel", "encoder.4.norm.gamma", "code.dense.kernel", "code.conv.bias",
                           "decoder.3.norm.beta", "decoder.4.bias"})
    CHECK(std::ranges::count(names, name) == 1);
}

TEST_CASE("every pixel of a frame sees every other one of it, and none of another frame") {
  const auto net = image_autoencoder<double>({.in = 1, .out = 1, .filters = 2, .h = 16, .w = 24});
  const Shape images{.n = 2, .h = 16, .w = 24};
  testing::LayerTrial trial(net, images);
  Random random(3);
  trial.draw(random);
  trial.forward();
  const Buffer<double> before = trial.y;
  trial.x[0] += 0.1;
  trial.forward();
  const Index frame = 16 * 24;
  for (Index i = 0; i < frame; ++i) REQUIRE(trial.y[i] != before[i]);
  for (Index i = frame; i < 2 * frame; ++i) REQUIRE(trial.y[i] == before[i]);
}

TEST_CASE("the image autoencoder keeps the shape of its images and refuses others") {
  const auto net = image_autoencoder<float>({.filters = 1, .h = 16, .w = 8});
  REQUIRE(net.output_shape({.n = 3, .t = 2, .h = 16, .w = 8, .f = 3}) ==
          Shape{.n = 3, .t = 2, .h = 16, .w = 8, .f = 3});
  REQUIRE_THROWS_AS(net.output_shape({.h = 8, .w = 8, .f = 3}), ShapeError);
  REQUIRE_THROWS_AS(net.output_shape({.h = 16, .w = 8, .f = 1}), ShapeError);
  REQUIRE_THROWS_WITH(image_autoencoder<float>({.h = 60}), ContainsSubstring("multiples of 8"));
}

TEST_CASE("a OneNet of image autoencoders restores by ADMM, and its gradient belongs to it") {  // DUA
  const ModelOptions options{
      .channels = 1, .iterations = 2, .prior_input = PriorInput::difference, .data_net = DataNet::none};
  const auto network = one_net<double, 2>(options, [](const VideoNetOptions& o, bool) {
    return image_autoencoder<double>({.in = o.in, .out = o.out, .filters = 1, .h = 8, .w = 16});
  });
  const Shape image{.h = 8, .w = 16};
  Random random(5);
  Buffer<double> kept(image.size()), y(image.size()), weights(network.parameter_count());
  for (Index i = 0; i < image.size(); ++i) y[i] = (kept[i] = random.uniform() < 0.5) * random.uniform();
  for (double& w : weights) w = 0.3 * random.normal();
  const Mask<double> a(image, kept);
  auto bound = network.bind(Cpu{}, a, std::as_const(y).span());
  auto planned = plan(Cpu{}, [&](auto& memory) { return network.make_cache(memory, image); });
  const auto half_norm = [&] {
    Tensor<double> z(image);
    network.forward(Cpu{}, weights.span(), bound, planned.cache, z.view());
    return squared_norm(Cpu{}, std::as_const(z).flat()) / 2;
  };
  Tensor<double> z(image);
  network.forward(Cpu{}, weights.span(), bound, planned.cache, z.view());
  Buffer<double> gradient(weights.size()), direction(weights.size());
  network.adjoint(Cpu{}, weights.span(), bound, planned.cache, std::as_const(z).view(), gradient.span());
  for (double& d : direction) d = random.normal();
  const double step = 1e-6, slope = dot(Cpu{}, std::as_const(gradient).span(), std::as_const(direction).span());
  axpby(Cpu{}, step, std::as_const(direction).span(), 1.0, weights.span());
  const double above = half_norm();
  axpby(Cpu{}, -2 * step, std::as_const(direction).span(), 1.0, weights.span());
  CHECK((above - half_norm()) / (2 * step) == Approx(slope).epsilon(1e-5));
}

}  // namespace image_autoencoder_test
