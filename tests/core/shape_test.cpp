// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/shape.hpp"

#include <limits>

#include "support/catch.hpp"

namespace shape_test {

using namespace videoonenet;

TEST_CASE("sizes and row-major offsets, channels last") {
  constexpr Shape s{.n = 2, .t = 3, .h = 4, .w = 5, .f = 6};
  STATIC_REQUIRE(s.size() == 720);
  STATIC_REQUIRE(s.sample_size() == 360);
  STATIC_REQUIRE(s.frame_size() == 120);
  STATIC_REQUIRE(s.sample() == Shape{.t = 3, .h = 4, .w = 5, .f = 6});
  Index expected = 0;
  for (Index n = 0; n < 2; ++n)
    for (Index t = 0; t < 3; ++t)
      for (Index h = 0; h < 4; ++h)
        for (Index w = 0; w < 5; ++w)
          for (Index f = 0; f < 6; ++f) REQUIRE(s.offset(n, t, h, w, f) == expected++);
}

TEST_CASE("extents that are left out are one") {
  STATIC_REQUIRE(Shape{}.size() == 1);
  STATIC_REQUIRE(Shape{.h = 32, .w = 16} == Shape{.n = 1, .t = 1, .h = 32, .w = 16, .f = 1});
  STATIC_REQUIRE(flat_shape(7).size() == 7);
}

TEST_CASE("extents known at compile time take no memory and need no value") {
  using Patch = BasicShape<1, 4, 16, 16, 3>;
  STATIC_REQUIRE(Patch{}.size() == 3072);
  STATIC_REQUIRE(Patch{}.offset(0, 1, 0, 0, 2) == 770);
  using Colour = BasicShape<dynamic, dynamic, dynamic, dynamic, 3>;
  STATIC_REQUIRE(sizeof(Colour) < sizeof(Shape));
  STATIC_REQUIRE(Colour{.n = 2, .t = 1, .h = 4, .w = 4}.size() == 96);
}

TEST_CASE("compile-time and run-time extents compare and convert") {
  using Patch = BasicShape<1, 4, dynamic, dynamic, 3>;
  const Shape forgotten = Patch{.h = 8, .w = 9};
  REQUIRE(forgotten == Patch{.h = 8, .w = 9});
  REQUIRE_FALSE(forgotten == Patch{.h = 8, .w = 10});
  STATIC_REQUIRE(Patch{.h = 8, .w = 9}.sample() == Shape{.t = 4, .h = 8, .w = 9, .f = 3});
}

TEST_CASE("a run-time value that contradicts a compile-time extent is refused") {
  const Index frames = 5;
  REQUIRE_THROWS_WITH((BasicShape<1, 4, 2, 2, 1>{.t = frames}), "an extent fixed at 4 at compile time was given 5");
}

TEST_CASE("shapes print as N x T x H x W x F") {
  REQUIRE(sentence(Shape{.n = 8, .t = 9, .h = 14, .w = 14}) == "8x9x14x14x1");
}

TEST_CASE("empty, negative and absurdly large shapes are refused, with the place and the shape") {
  REQUIRE_NOTHROW(require_valid({.t = 1, .h = Index(1) << 24, .w = Index(1) << 24}, "here"));
  for (Index bad : {Index(0), Index(-1), std::numeric_limits<Index>::min()}) {
    REQUIRE_THROWS_AS(require_valid({.n = bad}, "here"), ShapeError);
    REQUIRE_THROWS_AS(require_valid({.f = bad}, "here"), ShapeError);
  }
  const Index large = Index(1) << 20;
  REQUIRE_THROWS_AS(require_valid({.t = large, .h = large, .w = large}, "here"), ShapeError);
  const Index huge = std::numeric_limits<Index>::max();
  REQUIRE_THROWS_AS(require_valid({.n = huge, .t = huge, .h = huge, .w = huge, .f = huge}, "here"), ShapeError);
  REQUIRE_THROWS_WITH(require_valid({.h = 0}, "here"), Catch::Matchers::ContainsSubstring("here: the shape") &&
                                                           Catch::Matchers::ContainsSubstring("1x1x0x1x1"));
}

TEST_CASE("require_size names what has the wrong size") {
  REQUIRE_NOTHROW(require_size(3, 3, "here", "y"));
  REQUIRE_THROWS_WITH(require_size(2, 3, "here", "y"), "here: y has 2 entries, expected 3");
}

}  // namespace shape_test
