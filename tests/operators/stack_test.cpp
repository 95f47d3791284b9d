// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/stack/stack.hpp"

#include "support/small_matrix.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/operators/scale/scale.hpp"

namespace stack_test {

using namespace videoonenet;
using support::SmallMatrix;

TEMPLATE_TEST_CASE("a stack is the matrices on top of one another", "", float, double) {
  using T = TestType;
  const Shape video{.t = 2, .h = 3};
  const SmallMatrix<T> a(video, flat_shape(4), 1);
  const Scale<SmallMatrix<T>> b(SmallMatrix<T>(video, Shape{.h = 2, .w = 5}, 2), T(0.5));
  const Mask<T> c(video, Buffer<T>{1, 0, 1, 1, 0, 0});
  const Eigen::MatrixXd mc = testing::dense_matrix(c), mb = 0.5 * b.inner().matrix();

  const auto all = stack(a, b, c);
  CHECK(all.domain() == video);
  CHECK(all.range() == flat_shape(20));
  CHECK(all.size() == 3);
  CHECK(all.range_offset(0) == 0);
  CHECK(all.range_offset(1) == 4);
  CHECK(all.range_offset(2) == 14);
  CHECK(all.template get<0>().matrix() == a.matrix());
  support::require_matrix(all, support::vertical(a.matrix(), support::vertical(mb, mc)));
  support::require_matrix(stack(a), a.matrix());
  support::require_matrix(stack(stack(a, c), b), support::vertical(support::vertical(a.matrix(), mc), mb));
}

TEST_CASE("operators of different videos do not stack") {
  const SmallMatrix<float> a(flat_shape(6), flat_shape(2), 1), b(Shape{.h = 2, .w = 3}, flat_shape(2), 1);
  CHECK_THROWS_WITH(stack(a, b), "Stack: operator 1 takes (N,T,H,W,F) = 1x1x2x3x1, but operator 0 takes 1x1x1x6x1");
  const auto twice = stack(a, a);
  Buffer<float> six(6), two(2);
  CHECK_THROWS_AS(twice.apply(Cpu{}, six.span(), two.span()), ShapeError);
  CHECK_THROWS_AS(twice.apply_adjoint(Cpu{}, two.span(), six.span()), ShapeError);
}

}  // namespace stack_test
