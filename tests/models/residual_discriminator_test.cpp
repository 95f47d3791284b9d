// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/residual_discriminator.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "videoonenet/testing/check_gradient.hpp"

namespace residual_discriminator_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Weights of a block from i to o channels: three convolutions and the norms before them.
Index block(Index i, Index o) {
  const Index few = o / 4;
  return 4 * i + i * few + 4 * few + 9 * few * few + 4 * few + few * o;
}
template <class L>
void check_adjoint_of(const L& net, const Shape& in, Index entries) {
  testing::GradientOptions options{.entries = entries, .step = 0x1p-16, .tolerance = 1e-5};  // of fifty layers
  options.same_in_inference = false;                                                         // batch norm
  const auto report = testing::check_gradient(net, in, options);
  INFO(report);
  CHECK(report);
}
template <class L>
std::vector<std::string> names_of(const L& net) {
  std::vector<std::string> names;
  for (const Parameter& p : net.parameters()) names.push_back(p.name);
  return names;
}

}  // namespace

TEST_CASE("the adjoints of residual discriminators belong to them") {
  check_adjoint_of(detail::halving_block<double>(4, 8), {.n = 2, .h = 4, .w = 6, .f = 4}, 16);
  check_adjoint_of(latent_discriminator<double>({.channels = 4, .h = 4, .w = 2}), {.n = 3, .h = 4, .w = 2, .f = 4}, 6);
  check_adjoint_of(residual_discriminator<double>({.channels = 1, .filters = 4, .h = 16, .w = 16}),
                   {.n = 2, .t = 2, .h = 16, .w = 16}, 1);
}

TEST_CASE("the published discriminators have as many weights as their layers say") {
  const auto image = residual_discriminator<float>({});
  Index expected = 16 * 3 * 64;
  Index c = 64;
  for (const Index blocks : {3, 4, 6, 3}) {
    expected += block(c, 2 * c) + c * 2 * c + (blocks - 1) * block(2 * c, 2 * c);
    c *= 2;
  }
  CHECK(image.parameter_count() == expected + 4 * 1024 + 4 * 4 * 1024 + 1);
  const auto names = names_of(image);
  for (const char* name : {"conv.kernel", "module.0.block.0.shortcut.kernel", "module.2.block.5.conv.2.kernel",
                           "module.3.block.2.norm.0.running_variance", "norm.gamma", "logit.bias"})
    CHECK(std::ranges::count(names, name) == 1);

  const auto latent = latent_discriminator<float>({});
  CHECK(latent.parameter_count() == 6 * block(1024, 1024) + 1024 * 1024 + 4 * 1024 + 4 * 4 * 1024 + 1);
  const auto latent_names = names_of(latent);
  for (const char* name : {"block.0.norm.0.gamma", "block.3.shortcut.kernel", "block.5.conv.1.kernel", "logit.kernel"})
    CHECK(std::ranges::count(latent_names, name) == 1);
  std::vector<std::string> sorted = latent_names;
  std::ranges::sort(sorted);
  CHECK(std::ranges::adjacent_find(sorted) == sorted.end());
}

TEST_CASE("a residual block of zeros keeps its input, a halving one the shortcut's every other pixel") {
  const auto keeps = detail::residual_block<double>(4);
  testing::LayerTrial trial(keeps, {.h = 2, .w = 2, .f = 4}, Cpu{}, Purpose::inference);
  Random random(2);
  random.fill_normal(trial.x.span());
  trial.forward();
  CHECK(std::ranges::equal(trial.y, trial.x));

  const auto halves = detail::halving_block<double>(4, 4);
  testing::LayerTrial half(halves, {.h = 2, .w = 4, .f = 4}, Cpu{}, Purpose::inference);
  random.fill_normal(half.x.span());
  double* at = half.parameters.data();
  for (const Parameter& p : halves.parameters()) {
    if (p.initial == Initial::ones) std::fill_n(at, p.size(), 1.0);
    if (p.name == "shortcut.kernel")
      for (Index i = 0; i < 4; ++i) at[i * 4 + i] = 1;
    at += p.size();
  }
  half.forward();
  REQUIRE((half.output_shape() == Shape{.h = 1, .w = 2, .f = 4}));
  for (Index j = 0; j < 2; ++j)
    for (Index c = 0; c < 4; ++c) {
      const double x = half.x[8 * j + c] / std::sqrt(1 + 1e-3);
      CHECK(half.y[4 * j + c] == Approx(x > 0 ? x : std::expm1(x)));
    }
}

TEST_CASE("residual discriminators judge every image, and refuse others") {
  const auto image = residual_discriminator<float>({.filters = 4, .h = 32, .w = 16});
  CHECK((image.output_shape({.n = 2, .t = 3, .h = 32, .w = 16, .f = 3}) == Shape{.n = 2, .t = 3}));
  CHECK_THROWS_AS(image.output_shape({.h = 16, .w = 16, .f = 3}), ShapeError);
  CHECK_THROWS_WITH(residual_discriminator<float>({.filters = 6}), ContainsSubstring("filters = 6"));
  CHECK_THROWS_WITH(residual_discriminator<float>({.h = 24}), ContainsSubstring("24x64"));
  CHECK((latent_discriminator<float>({.channels = 8}).output_shape({.n = 2, .h = 8, .w = 8, .f = 8}) == Shape{.n = 2}));
  CHECK_THROWS_WITH(latent_discriminator<float>({.h = 3}), ContainsSubstring("3x8x1024"));
  CHECK_THROWS_AS(latent_discriminator<float>({.channels = 2}), InputError);
}

}  // namespace residual_discriminator_test
