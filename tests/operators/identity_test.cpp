// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/identity/identity.hpp"

#include "support/operator_checks.hpp"

namespace identity_test {

using namespace operator_checks;

TEMPLATE_TEST_CASE("identity equals its matrix", "", float, double) {
  for (const Shape& s : shapes()) {
    const Identity<TestType> a(s);
    INFO(s);
    CHECK(a.domain() == s);
    CHECK(a.range() == s);
    require_operator(a, Eigen::MatrixXd::Identity(s.size(), s.size()));
    require_diagonal(a);
    require_size_checks(a);
  }
  require_same_bits(Identity<TestType>(large_shape()));
}

TEMPLATE_TEST_CASE("identity takes a batch", "", float, double) {
  const Shape s{.n = 3, .h = 2, .w = 5};
  require_operator(Identity<TestType>(s), Eigen::MatrixXd::Identity(30, 30));
}

TEST_CASE("identity refuses an empty shape") {
  CHECK_THROWS_AS(Identity<float>(Shape{.t = 0, .h = 2, .w = 2}), ShapeError);
}

}  // namespace identity_test
