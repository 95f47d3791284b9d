// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/image_projector.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "videoonenet/testing/check_gradient.hpp"

namespace image_projector_test {

using namespace videoonenet;

TEST_CASE("the projector's adjoint belongs to it") {
  const auto net = image_projector<double>({.in = 2, .out = 2, .filters = 1, .h = 16, .w = 8});
  testing::GradientOptions options{.entries = 24};
  options.same_in_inference = false;  // batch norm
  const auto report = testing::check_gradient(net, {.n = 3, .t = 2, .h = 16, .w = 8, .f = 2}, options);
  INFO(report);
  CHECK(report);
}

TEST_CASE("the published projector has as many weights as its layers say, its halves one behind the other") {
  const Index convolutions = 16 * (3 * 64 + 64 * 128) + 4 * (128 * 256 + 256 * 512 + 512 * 1024 + 1024 * 1024) +
                             16 * (1024 * 512 + 512 * 256 + 256 * 128 + 128 * 64 + 64 * 3);
  const Index channels = 2 * (64 + 128 + 256 + 512) + 2 * 1024, dense = 64 * 64 * 1024;
  const auto all = image_projector<float>({});
  CHECK(all.parameter_count() == convolutions + channels + 3 + 4 * channels + dense);
  const auto encoder = projector_encoder<float>({}).parameters(), decoder = projector_decoder<float>({}).parameters();
  std::vector<std::string> names, halves;
  for (const Parameter& p : all.parameters()) names.push_back(p.name);
  for (const auto* half : {&encoder, &decoder})
    for (const Parameter& p : *half) halves.push_back(p.name);
  CHECK(names == halves);
  for (const char* name : {"encoder.0.conv.kernel", "code.norm.running_mean", "decoder.3.norm.beta", "decoder.4.bias"})
    CHECK(std::ranges::count(names, name) == 1);
}

TEST_CASE("a code is an eighth of the image, with sixteen times the filters as channels") {
  const ImageAutoencoderOptions o{.filters = 2, .h = 16, .w = 24};
  const Shape code = projector_encoder<float>(o).output_shape({.n = 5, .h = 16, .w = 24, .f = 3});
  CHECK((code == Shape{.n = 5, .h = 2, .w = 3, .f = 32}));
  CHECK((projector_decoder<float>(o).output_shape(code) == Shape{.n = 5, .h = 16, .w = 24, .f = 3}));
  CHECK_THROWS_AS(image_projector<float>({.w = 12}), InputError);
}

}  // namespace image_projector_test
