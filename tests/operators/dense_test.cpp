// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/dense/dense.hpp"

#include "support/operator_checks.hpp"

namespace dense_test {

using namespace operator_checks;

TEMPLATE_TEST_CASE("dense multiplies by its matrix, row-major", "", float, double) {
  const Dense<TestType> a({.h = 1, .w = 3}, 2, {1, 2, 3, 4, 5, 6});
  const auto y = applied(a, {1, 10, 100});
  REQUIRE(y.size() == 2);
  CHECK(y[0] == 321);
  CHECK(y[1] == 654);
  const auto x = adjoint_applied(a, {1, 10});
  REQUIRE(x.size() == 3);
  CHECK((x[0] == 41 && x[1] == 52 && x[2] == 63));
}

TEMPLATE_TEST_CASE("dense equals its matrix", "", float, double) {
  using T = TestType;
  static_assert(std::is_same_v<structure_of<Dense<T>>, structure::Dense>);
  for (const Shape& s : shapes())
    for (Index rows : {1, 4, 11, 176}) {
      const auto entries = gaussian<T>(rows * s.size(), 21);
      const Dense<T> a(s, rows, entries);
      INFO(s << " to " << rows);
      CHECK(a.range() == flat_shape(rows));
      CHECK(std::ranges::equal(a.matrix(), entries.span()));
      Eigen::MatrixXd expected(rows, s.size());
      for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < s.size(); ++j) expected(i, j) = double(entries[i * s.size() + j]);
      require_operator(a, expected);
      require_size_checks(a);
    }
}

TEMPLATE_TEST_CASE("dense gives the same bits on any number of threads", "", float, double) {
  const Shape s = large_shape(1);
  require_same_bits(Dense<TestType>(s, 37, gaussian<TestType>(37 * s.size(), 22)));
}

TEST_CASE("dense refuses bad arguments") {
  const Shape s{.h = 2, .w = 2};
  CHECK_THROWS_AS(Dense<float>(s, 2, Buffer<float>(7)), ShapeError);
  CHECK_THROWS_AS(Dense<float>(s, 0, Buffer<float>()), ShapeError);
  CHECK_THROWS_AS(Dense<float>(s, -1, Buffer<float>()), ShapeError);
  CHECK_THROWS_AS(Dense<float>(s, 1, {1, 2, 3, std::numeric_limits<float>::quiet_NaN()}), InputError);
  CHECK_THROWS_AS(Dense<float>({.n = 2, .h = 2, .w = 2}, 1, Buffer<float>(8)), ShapeError);
}

}  // namespace dense_test
