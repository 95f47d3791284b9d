// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/temporal_blur/temporal_blur.hpp"

#include "support/operator_checks.hpp"

namespace temporal_blur_test {

using namespace operator_checks;

namespace {

/// Entry ((s, p), (t, p)) is taps[s − t].
template <class T>
Eigen::MatrixXd reference(const Shape& s, const Buffer<T>& taps) {
  const Index pixels = s.h * s.w * s.f, out = s.t + taps.size() - 1;
  Eigen::MatrixXd m = Eigen::MatrixXd::Zero(out * pixels, s.size());
  for (Index i = 0; i < out; ++i)
    for (Index t = 0; t < s.t; ++t)
      for (Index p = 0; p < pixels; ++p)
        if (i - t >= 0 && i - t < taps.size()) m(i * pixels + p, t * pixels + p) = double(taps[i - t]);
  return m;
}

}  // namespace

TEMPLATE_TEST_CASE("temporal blur spreads an impulse over the taps", "", float, double) {
  const TemporalBlur<TestType> a({.t = 3, .h = 1, .w = 1}, {1, 2});
  const auto y = applied(a, {0, 1, 10});
  REQUIRE(y.size() == 4);
  CHECK((y[0] == 0 && y[1] == 1 && y[2] == 12 && y[3] == 20));
}

TEMPLATE_TEST_CASE("temporal blur equals its matrix, and that is the time matrix times the identity", "", float,
                   double) {
  using T = TestType;
  static_assert(std::is_same_v<structure_of<TemporalBlur<T>>, structure::TimeOnly>);
  for (const Shape& s : shapes())
    for (Index k : {1, 2, 4, 7}) {
      const auto taps = gaussian<T>(k, 31);
      const TemporalBlur<T> a(s, taps);
      INFO(s << " with " << k << " taps");
      CHECK(a.range() == Shape{.t = s.t + k - 1, .h = s.h, .w = s.w, .f = s.f});
      CHECK(std::ranges::equal(a.taps(), taps.span()));
      const Eigen::MatrixXd expected = reference(s, taps);
      require_operator(a, expected);
      require_size_checks(a);
      const TimeMatrix<T> c = a.time_matrix();
      REQUIRE(c.rows == s.t + k - 1);
      REQUIRE(c.cols == s.t);
      const Index pixels = s.frame_size();
      for (Index i = 0; i < c.rows; ++i)
        for (Index j = 0; j < c.cols; ++j)
          REQUIRE(expected.block(i * pixels, j * pixels, pixels, pixels) ==
                  double(c(i, j)) * Eigen::MatrixXd::Identity(pixels, pixels));
    }
  require_same_bits(TemporalBlur<T>(large_shape(), gaussian<T>(4, 32)));
}

TEST_CASE("temporal blur refuses bad arguments") {
  const Shape s{.t = 3, .h = 2, .w = 2};
  CHECK_THROWS_AS(TemporalBlur<float>(s, Buffer<float>()), ShapeError);
  CHECK_THROWS_AS(TemporalBlur<float>(s, {std::numeric_limits<float>::quiet_NaN()}), InputError);
  CHECK_THROWS_AS(TemporalBlur<float>({.n = 2, .h = 2, .w = 2}, {1}), ShapeError);
}

}  // namespace temporal_blur_test
