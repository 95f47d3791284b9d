// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/chain/chain.hpp"

#include "support/small_matrix.hpp"
#include "videoonenet/operators/compose/compose.hpp"

namespace chain_test {

using namespace videoonenet;
using support::SmallMatrix;

TEMPLATE_TEST_CASE("a chain of any length is the product of the matrices, first element first", "", float, double) {
  using T = TestType;
  // Sizes that grow and shrink: an intermediate result may be larger than both ends.
  const std::vector<Shape> shapes{{.h = 2, .w = 3}, flat_shape(11), flat_shape(4),
                                  flat_shape(9),    {.t = 5},       flat_shape(2)};
  std::vector<SmallMatrix<T>> operators;
  Eigen::MatrixXd product = Eigen::MatrixXd::Identity(6, 6);
  for (std::size_t i = 0; i + 1 < shapes.size(); ++i) {
    operators.emplace_back(shapes[i], shapes[i + 1], i + 1);
    product = support::product(operators.back().matrix(), product);
    const Chain<SmallMatrix<T>> chain(operators);
    CHECK(chain.size() == std::ssize(operators));
    CHECK(chain.domain() == shapes.front());
    CHECK(chain.range() == shapes[i + 1]);
    support::require_matrix(chain, product);
  }
  CHECK(Chain<SmallMatrix<T>>(operators)[1].matrix() == operators[1].matrix());
}

TEST_CASE("a chain equals the composition in reverse order, and chains nest") {
  const SmallMatrix<double> l(flat_shape(3), flat_shape(4), 1), h(flat_shape(4), flat_shape(5), 2),
      s(flat_shape(5), flat_shape(2), 3);
  using First = Chain<SmallMatrix<double>>;
  support::require_matrix(First({l, h, s}), testing::dense_matrix(compose(s, h, l)));
  support::require_matrix(Chain<First>({First({l, h}), First({s})}),
                          support::product(s.matrix(), h.matrix(), l.matrix()));
}

TEST_CASE("an empty chain and neighbours that do not fit are refused") {
  const SmallMatrix<float> a(flat_shape(3), flat_shape(4), 1), b(flat_shape(5), flat_shape(2), 2);
  CHECK_THROWS_AS(Chain<SmallMatrix<float>>({}), InputError);
  CHECK_THROWS_WITH(Chain<SmallMatrix<float>>({a, b}),
                    "Chain: operator 1 takes (N,T,H,W,F) = 1x1x1x5x1, but operator 0 returns 1x1x1x4x1");
  const Chain<SmallMatrix<float>> chain({a});
  Buffer<float> three(3), four(4);
  CHECK_THROWS_AS(chain.apply(Cpu{}, four.span(), three.span()), ShapeError);
}

}  // namespace chain_test
