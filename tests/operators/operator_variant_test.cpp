// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/operator_variant/operator_variant.hpp"

#include "support/small_matrix.hpp"
#include "videoonenet/operators/block_diagonal/block_diagonal.hpp"
#include "videoonenet/operators/chain/chain.hpp"
#include "videoonenet/operators/mask/mask.hpp"

namespace operator_variant_test {

using namespace videoonenet;
using support::SmallMatrix;

TEMPLATE_TEST_CASE("a variant is the operator it holds", "", float, double) {
  using T = TestType;
  using Any = OperatorVariant<Mask<T>, SmallMatrix<T>>;
  const Shape video{.h = 2, .w = 2};
  const SmallMatrix<T> matrix(video, flat_shape(3), 1);
  const Mask<T> mask(video, Buffer<T>{1, 0, 0, 1});
  STATIC_REQUIRE(std::is_same_v<structure_of<Any>, structure::Variant>);

  const Any a = matrix;
  CHECK(a.domain() == video);
  CHECK(a.range() == flat_shape(3));
  support::require_matrix(a, matrix.matrix());
  CHECK(std::get<SmallMatrix<T>>(a.variant()).matrix() == matrix.matrix());

  Any b = a;
  b = mask;
  CHECK(std::holds_alternative<Mask<T>>(b.variant()));
  support::require_matrix(b, testing::dense_matrix(mask));

  SECTION("a chain mixes types chosen at run time") {
    support::require_matrix(Chain<Any>({mask, matrix}), support::product(matrix.matrix(), testing::dense_matrix(mask)));
  }
  SECTION("a batch mixes problems") {
    const BlockDiagonal<Any> batch({mask, matrix});
    Eigen::MatrixXd expected = Eigen::MatrixXd::Zero(7, 8);
    expected.topLeftCorner(4, 4) = testing::dense_matrix(mask);
    expected.bottomRightCorner(3, 4) = matrix.matrix();
    support::require_matrix(batch, expected);
  }
}

TEST_CASE("a variant is made from its alternatives only") {
  using Any = OperatorVariant<Mask<float>, SmallMatrix<float>>;
  STATIC_REQUIRE(std::is_convertible_v<Mask<float>, Any>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Mask<double>, Any>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<int, Any>);
}

}  // namespace operator_variant_test
