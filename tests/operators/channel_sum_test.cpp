// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/channel_sum/channel_sum.hpp"

#include "support/operator_checks.hpp"

namespace channel_sum_test {

using namespace operator_checks;

TEMPLATE_TEST_CASE("colorization measures 0.299 R + 0.587 G + 0.114 B", "", float, double) {
  using T = TestType;
  const ChannelSum<T> a({.h = 1, .w = 4, .f = 3}, luma_weights<T>(3));
  const auto y = applied(a, {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1});
  REQUIRE(y.size() == 4);
  CHECK(y[0] == T(0.299));
  CHECK(y[1] == T(0.587));
  CHECK(y[2] == T(0.114));
  CHECK(double(y[3]) == Approx(1));
}

TEMPLATE_TEST_CASE("channel sum equals its matrix", "", float, double) {
  using T = TestType;
  for (const Shape& s : shapes()) {
    const auto weights = gaussian<T>(s.f, 11);
    const ChannelSum<T> a(s, weights);
    INFO(s);
    CHECK(a.range() == Shape{.t = s.t, .h = s.h, .w = s.w});
    CHECK(std::ranges::equal(a.weights(), weights.span()));
    const Index pixels = s.t * s.h * s.w;
    Eigen::MatrixXd expected = Eigen::MatrixXd::Zero(pixels, s.size());
    for (Index p = 0; p < pixels; ++p)
      for (Index f = 0; f < s.f; ++f) expected(p, p * s.f + f) = double(weights[f]);
    require_operator(a, expected);
    require_tight_frame(a);
    require_size_checks(a);
  }
  for (Index channels : {1, 3, 5}) require_same_bits(ChannelSum<T>(large_shape(channels), gaussian<T>(channels, 12)));
}

TEMPLATE_TEST_CASE("the luma of a grey video is the video", "", float, double) {
  using T = TestType;
  const Shape s{.t = 2, .h = 3, .w = 2};
  require_operator(ChannelSum<T>(s, luma_weights<T>(1)), Eigen::MatrixXd::Identity(12, 12));
  CHECK_THROWS_AS(luma_weights<T>(2), InputError);
}

TEST_CASE("channel sum refuses bad arguments") {
  const Shape s{.h = 2, .w = 2, .f = 3};
  CHECK_THROWS_AS(ChannelSum<float>(s, {1, 2}), ShapeError);
  CHECK_THROWS_AS(ChannelSum<float>(s, {0, 0, 0}), InputError);
  CHECK_THROWS_AS(ChannelSum<float>(s, {1, std::numeric_limits<float>::infinity(), 1}), InputError);
  CHECK_THROWS_AS(ChannelSum<float>({.n = 2, .h = 2, .w = 2, .f = 3}, {1, 2, 3}), ShapeError);
}

}  // namespace channel_sum_test
