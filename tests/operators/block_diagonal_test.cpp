// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/block_diagonal/block_diagonal.hpp"

#include "support/small_matrix.hpp"
#include "videoonenet/operators/compose/compose.hpp"

namespace block_diagonal_test {

using namespace videoonenet;
using support::SmallMatrix;

TEMPLATE_TEST_CASE("a batch of operators is the block-diagonal matrix", "", float, double) {
  using T = TestType;
  const Shape video{.t = 2, .h = 2};
  const std::vector<SmallMatrix<T>> blocks{
      {video, flat_shape(3), 1}, {video, Shape{.h = 5}, 2}, {video, flat_shape(1), 3}};
  const BlockDiagonal<SmallMatrix<T>> a(blocks);
  CHECK(a.domain() == Shape{.n = 3, .t = 2, .h = 2});
  CHECK(a.range() == flat_shape(9));
  CHECK(a.size() == 3);
  CHECK(a.range_offset(1) == 3);
  CHECK(a.range_offset(2) == 8);
  CHECK(a.range_offset(3) == 9);
  STATIC_REQUIRE(std::is_same_v<structure_of<decltype(a)>, structure::BlockDiagonal>);

  Eigen::MatrixXd expected = Eigen::MatrixXd::Zero(9, 12);
  for (Index i = 0; i < 3; ++i) {
    CHECK(a.block(i).matrix() == blocks[static_cast<std::size_t>(i)].matrix());
    expected.block(a.range_offset(i), 4 * i, a.block(i).matrix().rows(), 4) = a.block(i).matrix();
  }
  support::require_matrix(a, expected);
}

TEST_CASE("blocks that share one type of composition may run at the same time") {
  using Part = SmallMatrix<double>;
  using Product = Compose<Part, Part>;
  std::vector<Product> products;
  Eigen::MatrixXd expected = Eigen::MatrixXd::Zero(16 * 2, 16 * 3);
  for (Index i = 0; i < 16; ++i) {
    const auto seed = static_cast<std::uint64_t>(i);
    const Part b(flat_shape(3), flat_shape(4), seed), a(flat_shape(4), flat_shape(2), seed + 100);
    products.push_back(compose(a, b));
    expected.block(2 * i, 3 * i, 2, 3) = support::product(a.matrix(), b.matrix());
  }
  support::require_matrix(BlockDiagonal<Product>(products), expected);
}

TEST_CASE("batches that are empty, nested or of different videos are refused") {
  using Part = SmallMatrix<float>;
  CHECK_THROWS_AS(BlockDiagonal<Part>({}), InputError);
  CHECK_THROWS_AS(BlockDiagonal<Part>({Part(Shape{.n = 2}, flat_shape(2), 1)}), ShapeError);
  CHECK_THROWS_WITH(BlockDiagonal<Part>({Part(Shape{.h = 4}, flat_shape(2), 1), Part(flat_shape(4), flat_shape(2), 1)}),
                    "BlockDiagonal: block 1 takes (N,T,H,W,F) = 1x1x1x4x1, but block 0 takes 1x1x4x1x1");
}

TEST_CASE("an error in one block reaches the caller from any thread") {
  struct Fails : SmallMatrix<float> {
    using SmallMatrix<float>::SmallMatrix;
    void apply(const Cpu&, std::span<const float>, std::span<float>) const { throw NumericalError("a block failed"); }
  };
  const BlockDiagonal<Fails> a(std::vector<Fails>(4, Fails(flat_shape(2), flat_shape(2), 1)));
  Buffer<float> x(8), y(8);
  CHECK_THROWS_WITH(a.apply(Cpu{.threads = 2}, x.span(), y.span()), "a block failed");
}

}  // namespace block_diagonal_test
