// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/arguments.hpp"

#include <limits>
#include <vector>

#include "support/catch.hpp"

namespace arguments_test {

using namespace videoonenet;

TEST_CASE("require_single_video takes one video and refuses a batch") {
  CHECK_NOTHROW(require_single_video({.t = 2, .h = 3, .w = 4, .f = 3}, "here"));
  CHECK_THROWS_AS(require_single_video({.n = 2, .t = 2, .h = 3, .w = 4}, "here"), ShapeError);
  CHECK_THROWS_AS(require_single_video({.t = 0, .h = 3, .w = 4}, "here"), ShapeError);
  CHECK_THROWS_WITH(require_single_video({.n = 2}, "here"),
                    Catch::Matchers::ContainsSubstring("here") && Catch::Matchers::ContainsSubstring("BlockDiagonal"));
}

TEMPLATE_TEST_CASE("require_finite names the first entry that is not finite", "", float, double) {
  using T = TestType;
  using Limits = std::numeric_limits<T>;
  std::vector<T> values(100, Limits::max());
  const auto check = [&] { require_finite(std::span<const T>(values), "here", "the list"); };
  CHECK_NOTHROW(check());
  for (T bad : {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity()}) {
    values[42] = bad;
    CHECK_THROWS_WITH(check(), Catch::Matchers::ContainsSubstring("entry 42 of the list"));
  }
}

TEST_CASE("require_kernel wants one kernel a channel") {
  CHECK_NOTHROW(require_kernel({.h = 3, .w = 5, .f = 3}, 3, "here"));
  CHECK_THROWS_AS(require_kernel({.h = 3, .w = 5}, 3, "here"), ShapeError);
  CHECK_THROWS_AS(require_kernel({.n = 2, .h = 3, .w = 5}, 1, "here"), ShapeError);
  CHECK_THROWS_AS(require_kernel({.t = 2, .h = 3, .w = 5}, 1, "here"), ShapeError);
  CHECK_THROWS_AS(require_kernel({.w = 0}, 1, "here"), ShapeError);
}

TEST_CASE("require_stride wants a divisor of both sides") {
  CHECK_NOTHROW(require_stride({.h = 4, .w = 6}, 2, "here"));
  CHECK_THROWS_AS(require_stride({.h = 4, .w = 6}, 4, "here"), ShapeError);
  CHECK_THROWS_AS(require_stride({.h = 3, .w = 6}, 2, "here"), ShapeError);
  CHECK_THROWS_AS(require_stride({.h = 4, .w = 6}, 0, "here"), InputError);
}

}  // namespace arguments_test
