// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/time_matrix.hpp"

#include "support/catch.hpp"

namespace time_matrix_test {

TEMPLATE_TEST_CASE("a time matrix is row-major", "", float, double) {
  const videoonenet::TimeMatrix<TestType> c{2, 3, {1, 2, 3, 4, 5, 6}};
  CHECK(c(0, 2) == 3);
  CHECK(c(1, 0) == 4);
  CHECK(c(1, 2) == 6);
}

}  // namespace time_matrix_test
