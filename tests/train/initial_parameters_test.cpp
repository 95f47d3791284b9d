// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/initial_parameters.hpp"

#include "support/catch.hpp"

namespace initial_parameters_test {

using namespace videoonenet;

namespace {

/// ⟨column a, column b⟩ of a row-major array.
double column_product(const Buffer<double>& values, Index rows, Index columns, Index a, Index b) {
  double sum = 0;
  for (Index r = 0; r < rows; ++r) sum += values[r * columns + a] * values[r * columns + b];
  return sum;
}

}  // namespace

TEST_CASE("every array starts as it asks to") {
  const std::vector<Parameter> parameters{{"kernel", {3, 3, 40, 50}, Initial::glorot_uniform},
                                          {"bias", {50}, Initial::zeros},
                                          {"gamma", {1}, Initial::ones},
                                          {"other", {20000}, Initial::small_normal}};
  const auto values = initial_parameters<double>(parameters, 5);
  REQUIRE(values.size() == 18000 + 50 + 1 + 20000);
  const double limit = std::sqrt(6.0 / (9 * 90));
  double sum = 0, squares = 0, largest = 0;
  for (Index i = 0; i < 18000; ++i) {
    sum += values[i];
    squares += values[i] * values[i];
    largest = std::max(largest, std::abs(values[i]));
  }
  CHECK(largest <= limit);
  CHECK(largest > 0.99 * limit);
  CHECK(std::abs(sum / 18000) < 0.02 * limit);
  CHECK(squares / 18000 == Approx(limit * limit / 3).epsilon(0.03));
  CHECK(std::ranges::all_of(values.span().subspan(18000, 50), [](double v) { return v == 0; }));
  CHECK(values[18050] == 1);
  double normal_squares = 0;
  for (Index i = 18051; i < values.size(); ++i) normal_squares += values[i] * values[i];
  CHECK(std::sqrt(normal_squares / 20000) == Approx(0.01).epsilon(0.03));
}

TEST_CASE("orthogonal arrays are, tall or wide") {
  const auto tall = initial_parameters<double>({{"recurrent_kernel", {3, 3, 4, 6}, Initial::orthogonal}}, 1);
  for (Index a = 0; a < 6; ++a)
    for (Index b = 0; b < 6; ++b) CHECK(column_product(tall, 36, 6, a, b) == Approx(a == b).margin(1e-14));
  const auto wide = initial_parameters<double>({{"w", {2, 5}, Initial::orthogonal}}, 1);
  double first = 0, second = 0, both = 0;
  for (Index i = 0; i < 5; ++i) {
    first += wide[i] * wide[i];
    second += wide[5 + i] * wide[5 + i];
    both += wide[i] * wide[5 + i];
  }
  CHECK(first == Approx(1).epsilon(1e-14));
  CHECK(second == Approx(1).epsilon(1e-14));
  CHECK(both == Approx(0).margin(1e-14));
}

TEST_CASE("an array's start depends on the seed, its place and its shape alone") {
  const Parameter kernel{"kernel", {3, 3, 2, 4}, Initial::glorot_uniform};
  const auto alone = initial_parameters<float>({kernel}, 7);
  const auto together = initial_parameters<float>({kernel, kernel}, 7);
  const auto half = [&](Index i) {
    return together.span().subspan(std::size_t(i * alone.size()), std::size_t(alone.size()));
  };
  CHECK(std::ranges::equal(alone, half(0)));
  CHECK_FALSE(std::ranges::equal(alone, half(1)));
  CHECK_FALSE(std::ranges::equal(alone, initial_parameters<float>({kernel}, 8)));
  const auto precise = initial_parameters<double>({kernel}, 7);
  for (Index i = 0; i < alone.size(); ++i) CHECK(alone[i] == float(precise[i]));
}

}  // namespace initial_parameters_test
