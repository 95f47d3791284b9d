// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/scale/scale.hpp"

#include <limits>

#include "support/small_matrix.hpp"
#include "videoonenet/operators/compose/compose.hpp"

namespace scale_test {

using namespace videoonenet;
using support::SmallMatrix;

TEMPLATE_TEST_CASE("a scaled operator is the scaled matrix and shows its parts", "", float, double) {
  using T = TestType;
  const SmallMatrix<T> b(Shape{.t = 2, .h = 3}, flat_shape(4), 1);
  const Scale<SmallMatrix<T>> a(b, T(-2.5));
  CHECK(a.domain() == b.domain());
  CHECK(a.range() == b.range());
  support::require_matrix(a, -2.5 * b.matrix());
  support::require_matrix(Scale(a, T(2)), -5.0 * b.matrix());
  const SmallMatrix<T> c(flat_shape(4), flat_shape(2), 2);
  support::require_matrix(compose(Scale(c, T(0.5)), a), -1.25 * support::product(c.matrix(), b.matrix()));
  STATIC_REQUIRE(std::is_same_v<structure_of<decltype(a)>, structure::Scaled>);
  CHECK(a.factor() == T(-2.5));
  CHECK(a.inner().matrix() == b.matrix());
}

TEST_CASE("a factor that makes no operator with a data step is refused") {
  const SmallMatrix<float> b(flat_shape(2), flat_shape(2), 1);
  CHECK_THROWS_AS(Scale(b, 0.0f), InputError);
  CHECK_THROWS_AS(Scale(b, std::numeric_limits<float>::infinity()), InputError);
  CHECK_THROWS_AS(Scale(b, std::numeric_limits<float>::quiet_NaN()), InputError);
}

}  // namespace scale_test
