// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/perturbation.hpp"

#include <set>

#include "support/catch.hpp"
#include "videoonenet/core/tensor.hpp"

namespace perturbation_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

Tensor<double> perturbed(const Tensor<double>& images, const PerturbationOptions& o, std::uint64_t seed = 1) {
  Random random(seed);
  Tensor<double> v(images.shape());
  perturb(images.view(), random, v.view(), o);
  return v;
}

}  // namespace

TEST_CASE("noise has the deviation that was drawn, on average over many maps") {
  const Tensor<double> images(Shape{.n = 400, .h = 16, .w = 16, .f = 2});
  for (const double deviation : {0.1, 0.5}) {
    const auto v = perturbed(images, {.least_deviation = deviation,
                                      .most_deviation = deviation,
                                      .coarsest = 0,
                                      .finest = 0,  // a map of one cell
                                      .block_probability = 0});
    double sum = 0, squares = 0;
    for (const double e : v.flat()) sum += e, squares += e * e;
    CHECK(std::sqrt(squares / double(v.size())) == Approx(deviation).epsilon(0.03));
    CHECK(sum / double(v.size()) == Approx(0).margin(0.01 * deviation));
  }
}

TEST_CASE("its deviation varies from place to place, slowly on coarse maps, and from channel to channel") {
  constexpr Index side = 64;
  const Tensor<double> image(Shape{.h = side, .w = side, .f = 2});
  const PerturbationOptions coarse{.coarsest = 0.1, .finest = 0.1, .block_probability = 0};  // 6 × 6 cells
  const auto v = perturbed(image, coarse);
  std::set<double> blocks;  // root mean squares of 8 × 8 pixels
  double apart = 0;
  for (Index i = 0; i < side; i += 8)
    for (Index j = 0; j < side; j += 8) {
      double squares[2]{};
      for (Index k = 0; k < 64; ++k)
        for (Index c = 0; c < 2; ++c) squares[c] += std::pow(v(0, 0, i + k / 8, j + k % 8, c), 2);
      blocks.insert(std::sqrt(squares[0] / 64));
      apart += std::abs(std::sqrt(squares[0] / 64) - std::sqrt(squares[1] / 64)) / 64;
    }
  CHECK(*blocks.rbegin() > 4 * *blocks.begin());
  CHECK(apart > 0.1 * *blocks.rbegin());
}

TEST_CASE("blocks are pixels of the image that are repeated") {
  Tensor<double> image(Shape{.h = 20, .w = 10});
  for (Index i = 0; i < image.size(); ++i) image[i] = double(i);
  const auto v =
      perturbed(image, {.least_deviation = 0, .most_deviation = 0, .block_probability = 1, .least_ratio = 0.2});
  std::set<double> rows, columns;
  for (Index i = 0; i < 20; ++i)
    for (Index j = 0; j < 10; ++j) {
      const double pixel = v(0, 0, i, j, 0);
      const Index row = static_cast<Index>(pixel) / 10, column = static_cast<Index>(pixel) % 10;
      REQUIRE(pixel == std::floor(pixel));
      CHECK((row <= i && column <= j));
      CHECK((v(0, 0, i, 0, 0) == 10 * double(row) && v(0, 0, 0, j, 0) == double(column)));
      rows.insert(double(row)), columns.insert(double(column));
    }
  CHECK((rows.size() >= 4 && rows.size() < 20));
  CHECK(std::abs(double(rows.size()) - 2 * double(columns.size())) <= 1);
  const auto untouched = perturbed(image, {.least_deviation = 0, .most_deviation = 0, .block_probability = 0});
  CHECK(std::ranges::equal(untouched.flat(), image.flat()));
}

TEST_CASE("every frame has its own draws, and the same seed the same ones") {
  const Tensor<double> images(Shape{.n = 2, .t = 2, .h = 8, .w = 8});
  const auto v = perturbed(images, {}), again = perturbed(images, {}), other = perturbed(images, {}, 2);
  CHECK(std::ranges::equal(v.flat(), again.flat()));
  CHECK_FALSE(std::ranges::equal(v.flat(), other.flat()));
  for (Index frame = 1; frame < 4; ++frame) CHECK(v[0] != v[64 * frame]);
}

TEST_CASE("options and shapes that make no sense are refused") {
  const Tensor<double> images(Shape{.h = 8, .w = 8});
  CHECK_THROWS_WITH(perturbed(images, {.least_deviation = 1, .most_deviation = 0.5}),
                    ContainsSubstring("standard deviations from 1 to 0.5"));
  CHECK_THROWS_AS(perturbed(images, {.finest = 2}), InputError);
  CHECK_THROWS_AS(perturbed(images, {.block_probability = -1}), InputError);
  CHECK_THROWS_AS(perturbed(images, {.least_ratio = 0}), InputError);
  Tensor<double> small(Shape{.h = 4, .w = 8});
  Random random(1);
  CHECK_THROWS_AS(perturb(images.view(), random, small.view()), ShapeError);
}

}  // namespace perturbation_test
