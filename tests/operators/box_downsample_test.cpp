// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/box_downsample/box_downsample.hpp"

#include "support/operator_checks.hpp"

namespace box_downsample_test {

using namespace operator_checks;

namespace {

/// Entry ((t,i,j,f), (t,h,w,f)) is 1/q² when ⌊h/q⌋ = i and ⌊w/q⌋ = j.
Eigen::MatrixXd reference(const Shape& s, Index q) {
  const Shape r{.t = s.t, .h = s.h / q, .w = s.w / q, .f = s.f};
  Eigen::MatrixXd m = Eigen::MatrixXd::Zero(r.size(), s.size());
  for (Index t = 0; t < s.t; ++t)
    for (Index h = 0; h < s.h; ++h)
      for (Index w = 0; w < s.w; ++w)
        for (Index f = 0; f < s.f; ++f)
          if (h / q < r.h && w / q < r.w)
            m(r.offset(0, t, h / q, w / q, f), s.offset(0, t, h, w, f)) = 1 / double(q * q);
  return m;
}

}  // namespace

TEMPLATE_TEST_CASE("box downsampling averages boxes and ignores what is left over", "", float, double) {
  const BoxDownsample<TestType> a({.h = 3, .w = 5}, 2);
  const auto y = applied(a, {1, 2, 3, 4, 90, 5, 6, 7, 8, 90, 90, 90, 90, 90, 90});
  REQUIRE(y.size() == 2);
  CHECK(y[0] == TestType(3.5));
  CHECK(y[1] == TestType(5.5));
}

TEMPLATE_TEST_CASE("box downsampling equals its matrix", "", float, double) {
  using T = TestType;
  for (const Shape& s : shapes())
    for (Index q : {1, 2, 3, 4, 5}) {
      if (q > std::min<Index>(s.h, s.w)) continue;
      const BoxDownsample<T> a(s, q);
      INFO(s << " by " << q);
      CHECK(a.factor() == q);
      CHECK(a.range() == Shape{.t = s.t, .h = s.h / q, .w = s.w / q, .f = s.f});
      require_operator(a, reference(s, q));
      require_tight_frame(a);
      require_size_checks(a);
    }
  require_same_bits(BoxDownsample<T>(large_shape(), 4));
}

TEST_CASE("box downsampling refuses bad arguments") {
  CHECK_THROWS_AS(BoxDownsample<float>({.h = 4, .w = 3}, 4), InputError);
  CHECK_THROWS_AS(BoxDownsample<float>({.h = 4, .w = 4}, 0), InputError);
  CHECK_THROWS_AS(BoxDownsample<float>({.h = 4, .w = 4}, -2), InputError);
  CHECK_THROWS_AS(BoxDownsample<float>({.n = 2, .h = 4, .w = 4}, 2), ShapeError);
}

}  // namespace box_downsample_test
