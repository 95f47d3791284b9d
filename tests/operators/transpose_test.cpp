// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/transpose/transpose.hpp"

#include "support/small_matrix.hpp"
#include "videoonenet/operators/compose/compose.hpp"

namespace transpose_test {

using namespace videoonenet;
using support::SmallMatrix;

TEMPLATE_TEST_CASE("a transposed operator is the transposed matrix", "", float, double) {
  using T = TestType;
  const SmallMatrix<T> a(Shape{.t = 2, .h = 3}, Shape{.h = 2, .w = 2}, 1);
  const auto at = transpose(a);
  CHECK(at.domain() == a.range());
  CHECK(at.range() == a.domain());
  support::require_matrix(at, a.matrix().transpose());
  support::require_matrix(compose(at, a), support::product(a.matrix().transpose(), a.matrix()));
  support::require_matrix(transpose(compose(at, a)), support::product(a.matrix().transpose(), a.matrix()));
}

TEST_CASE("transposing twice gives the operator itself, type and all") {
  const SmallMatrix<float> a(flat_shape(3), flat_shape(2), 1);
  const auto twice = transpose(transpose(a));
  STATIC_REQUIRE(std::is_same_v<decltype(twice), const SmallMatrix<float>>);
  CHECK(twice.matrix() == a.matrix());
}

}  // namespace transpose_test
