// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/pixel_shuffle_denoiser.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "videoonenet/testing/check_gradient.hpp"

namespace pixel_shuffle_denoiser_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

template <class L>
void require_gradient(const L& net, const Shape& shape) {
  testing::GradientOptions options{.entries = 24};
  options.same_in_inference = false;  // batch norm
  const auto report = testing::check_gradient(net, shape, options);
  INFO(report);
  CHECK(report);
}

template <class L>
std::vector<std::string> names(const L& net) {
  std::vector<std::string> all;
  for (const Parameter& p : net.parameters()) all.push_back(p.name);
  return all;
}

/// Whether y changes in any channel of the pixel when x[entry] does, for running statistics.
template <class L>
std::vector<bool> changed_pixels(const L& net, const Shape& in, Index entry) {
  testing::LayerTrial trial(net, in, Cpu{}, Purpose::inference);
  Random random(3);
  trial.draw(random);
  for (double& w : trial.parameters) w = std::abs(w);  // every unit is on, and running variances are positive
  std::ranges::fill(trial.x, 1.0);
  trial.forward();
  const Buffer<double> before = trial.y;
  trial.x[entry] += 1;
  trial.forward();
  const Index channels = trial.output_shape().f;
  std::vector<bool> changed(static_cast<std::size_t>(trial.y.size() / channels));
  for (Index i = 0; i < trial.y.size(); ++i)
    if (trial.y[i] != before[i]) changed[static_cast<std::size_t>(i / channels)] = true;
  return changed;
}

}  // namespace

TEST_CASE("the adjoint of the denoiser, and of its core with a condition, belongs to it") {
  require_gradient(pixel_shuffle_denoiser<double>({.channels = 2, .factor = 2, .filters = 2}),
                   {.n = 2, .t = 2, .h = 6, .w = 4, .f = 2});
  require_gradient(pixel_shuffle_denoiser_core<double>({.channels = 1, .factor = 2, .filters = 2, .condition = 3}),
                   {.n = 2, .h = 3, .w = 4, .f = 4 + 3});
}

TEST_CASE("the published denoisers have as many weights as their table says") {
  const Index encoder = 16 * (48 * 128 + 128 * 64 + 64 * 32), decoder = 16 * (64 * 128 + 128 * 48) + 48;
  const Index norms = 4 * (128 + 64 + 32 + 64 + 128);
  const auto plain = pixel_shuffle_denoiser<double>({});
  const auto core = pixel_shuffle_denoiser_core<double>({.condition = 3});
  CHECK(plain.parameter_count() == encoder + 16 * 32 * 64 + decoder + norms);
  CHECK(core.parameter_count() == encoder + 16 * 35 * 64 + decoder + norms);
  CHECK(names(plain) == names(core));
  CHECK(names(plain).size() == 5 * 5 + 2);
  for (const char* name : {"encoder.0.conv.kernel", "encoder.2.norm.gamma", "decoder.0.conv.kernel",
                           "decoder.1.norm.running_variance", "decoder.2.kernel", "decoder.2.bias"})
    CHECK(std::ranges::count(names(core), name) == 1);
}

TEST_CASE("six convolutions of blocks see six blocks before a block and twelve behind it") {
  const Index rows = 24, columns = 23, factor = 2;
  const auto net = pixel_shuffle_denoiser<double>({.channels = 1, .factor = factor, .filters = 1});
  const Index row = 13, column = 12;  // of a block; its last pixel is changed
  const Shape in{.h = factor * rows, .w = factor * columns};
  const auto changed = changed_pixels(net, in, (factor * row + 1) * in.w + factor * column + 1);
  for (Index i = 0; i < in.h; ++i)
    for (Index j = 0; j < in.w; ++j) {
      const Index down = i / factor - row, right = j / factor - column;
      CAPTURE(i, j);
      REQUIRE(changed[static_cast<std::size_t>(i * in.w + j)] ==
              (down >= -12 && down <= 6 && right >= -12 && right <= 6));
    }
}

TEST_CASE("a condition is seen by the decoder alone") {
  const Index size = 16, at = 8;
  const auto core = pixel_shuffle_denoiser_core<double>({.channels = 1, .factor = 1, .filters = 1, .condition = 1});
  const auto image = changed_pixels(core, {.h = 1, .w = size, .f = 2}, 2 * at);
  const auto condition = changed_pixels(core, {.h = 1, .w = size, .f = 2}, 2 * at + 1);
  for (Index j = 0; j < size; ++j) {
    CHECK(image[static_cast<std::size_t>(j)] == (j - at >= -12 && j - at <= 6));
    CHECK(condition[static_cast<std::size_t>(j)] == (j - at >= -6 && j - at <= 3));
  }
}

TEST_CASE("the denoiser keeps the shape of its images and refuses others") {
  const auto net = pixel_shuffle_denoiser<double>({});
  const Shape images{.n = 3, .t = 2, .h = 16, .w = 8, .f = 3};
  CHECK(net.output_shape(images) == images);
  CHECK_THROWS_WITH(net.output_shape({.h = 18, .w = 8, .f = 3}), ContainsSubstring("multiples of factor = 4"));
  CHECK_THROWS_AS(net.output_shape({.h = 16, .w = 8, .f = 1}), ShapeError);
  const auto core = pixel_shuffle_denoiser_core<double>({.condition = 3});
  CHECK((core.output_shape({.h = 4, .w = 2, .f = 51}) == Shape{.h = 4, .w = 2, .f = 48}));
  CHECK_THROWS_AS(core.output_shape({.h = 4, .w = 2, .f = 50}), ShapeError);
  CHECK_THROWS_WITH(pixel_shuffle_denoiser<double>({.condition = 3}), ContainsSubstring("pixel_shuffle_denoiser_core"));
  CHECK_THROWS_WITH(pixel_shuffle_denoiser_core<double>({}), ContainsSubstring("expected one or more"));
  CHECK_THROWS_WITH(pixel_shuffle_denoiser<double>({.filters = 0}), ContainsSubstring("filters = 0"));
  CHECK_THROWS_AS(pixel_shuffle_denoiser_core<double>({.condition = -1}), InputError);
}

}  // namespace pixel_shuffle_denoiser_test
