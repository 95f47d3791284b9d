// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/compose/compose.hpp"

#include <thread>

#include "support/small_matrix.hpp"
#include "videoonenet/operators/mask/mask.hpp"

namespace compose_test {

using namespace videoonenet;
using support::SmallMatrix;

TEMPLATE_TEST_CASE("a composition is the product of the matrices", "", float, double) {
  using T = TestType;
  const Shape video{.t = 2, .h = 3, .w = 2, .f = 2}, small{.t = 2, .h = 1, .w = 2, .f = 2};
  const SmallMatrix<T> b(video, small, 1), a(small, flat_shape(5), 2), c(flat_shape(5), flat_shape(3), 3);

  const auto ab = compose(a, b);
  CHECK(ab.domain() == video);
  CHECK(ab.range() == flat_shape(5));
  support::require_matrix(ab, support::product(a.matrix(), b.matrix()));
  CHECK(ab.outer().matrix() == a.matrix());
  CHECK(ab.inner().matrix() == b.matrix());

  SECTION("three factors, whichever way they are nested") {
    support::require_matrix(compose(c, a, b), support::product(c.matrix(), a.matrix(), b.matrix()));
    support::require_matrix(Compose(Compose(c, a), b), support::product(c.matrix(), a.matrix(), b.matrix()));
    support::require_matrix(Compose(c, ab), support::product(c.matrix(), a.matrix(), b.matrix()));
  }
  SECTION("one factor is the operator itself") { support::require_matrix(compose(b), b.matrix()); }
  SECTION("a mask of ones is neutral") {
    Buffer<T> ones(video.size());
    for (T& v : ones) v = T(1);
    support::require_matrix(compose(a, b, Mask<T>(video, ones)), support::product(a.matrix(), b.matrix()));
  }
  SECTION("copies are independent operators") {
    auto copy = ab;
    copy = compose(a, SmallMatrix<T>(video, small, 9));
    support::require_matrix(copy, support::product(a.matrix(), SmallMatrix<T>(video, small, 9).matrix()));
    support::require_matrix(ab, support::product(a.matrix(), b.matrix()));
  }
}

TEST_CASE("operators that do not fit are refused with both shapes") {
  const SmallMatrix<float> b(Shape{.h = 3, .w = 2}, Shape{.h = 2, .w = 2}, 1);
  CHECK_THROWS_AS(compose(SmallMatrix<float>(flat_shape(5), flat_shape(2), 2), b), ShapeError);
  // Equal sizes are not enough: a picture is not a vector.
  CHECK_THROWS_WITH(
      compose(SmallMatrix<float>(flat_shape(4), flat_shape(2), 2), b),
      "Compose: the outer operator takes (N,T,H,W,F) = 1x1x1x4x1, but the inner operator returns 1x1x2x2x1");
}

TEST_CASE("wrong operand sizes are refused") {
  const SmallMatrix<float> b(flat_shape(4), flat_shape(3), 1), a(flat_shape(3), flat_shape(2), 2);
  const auto ab = compose(a, b);
  Buffer<float> four(4), three(3), two(2);
  CHECK_THROWS_AS(ab.apply(Cpu{}, three.span(), two.span()), ShapeError);
  CHECK_THROWS_AS(ab.apply_adjoint(Cpu{}, two.span(), three.span()), ShapeError);
}

TEST_CASE("one composition may run on several threads at the same time") {
  const SmallMatrix<double> b(flat_shape(6), flat_shape(40), 1), a(flat_shape(40), flat_shape(3), 2);
  const auto ab = compose(a, b);
  const Eigen::MatrixXd expected = support::product(a.matrix(), b.matrix());
  std::vector<int> mistakes(4, 0);
  {
    std::vector<std::jthread> threads;
    for (Index id = 0; id < 4; ++id)
      threads.emplace_back([&ab, &expected, &mistakes, id] {
        Buffer<double> x(6), y(3);
        x[id] = 1;
        for (int call = 0; call < 500; ++call) {
          ab.apply(Cpu{}, x.span(), y.span());
          for (Index i = 0; i < 3; ++i) mistakes[static_cast<std::size_t>(id)] += y[i] != expected(i, id);
        }
      });
  }
  for (int count : mistakes) CHECK(count == 0);
}

}  // namespace compose_test
