// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/tensor.hpp"

#include <cstdint>

#include "support/catch.hpp"

namespace tensor_test {

using namespace videoonenet;

TEMPLATE_TEST_CASE("a buffer is aligned, zeroed and as long as asked", "", float, double, std::byte) {
  for (Index size : {1, 3, 64, 1001}) {
    const Buffer<TestType> b(size);
    REQUIRE(b.size() == size);
    REQUIRE(reinterpret_cast<std::uintptr_t>(b.data()) % alignment == 0);
    for (TestType v : b) REQUIRE(v == TestType{});
  }
}

TEST_CASE("an empty buffer is valid and a negative size is refused") {
  REQUIRE(Buffer<float>().size() == 0);
  REQUIRE(Buffer<float>(0).span().empty());
  REQUIRE_THROWS_WITH(Buffer<float>(-1), "Buffer: a size of -1 entries is negative");
  // 2^62 + 1 doubles would wrap around to 8 bytes.
  REQUIRE_THROWS_AS(Buffer<double>((Index(1) << 62) + 1), ShapeError);
}

TEST_CASE("a copy has memory of its own; a move takes it and leaves nothing") {
  Buffer<float> a{1, 2, 3};
  Buffer<float> copy = a;
  copy[0] = 9;
  REQUIRE((a[0] == 1 && copy[0] == 9 && copy[2] == 3));
  const float* memory = a.data();
  Buffer<float> moved = std::move(a);
  REQUIRE(moved.data() == memory);
  REQUIRE(a.size() == 0);  // NOLINT(bugprone-use-after-move): the state after the move is what is tested
  REQUIRE(a.span().empty());
  copy = moved;
  REQUIRE((copy.size() == 3 && copy[0] == 1));
  const Buffer<float>& itself = copy;
  copy = itself;
  REQUIRE((copy.size() == 3 && copy[0] == 1));
}

TEST_CASE("a tensor addresses its entries channels last") {
  Tensor<double> x({.n = 2, .t = 2, .h = 3, .w = 4, .f = 2});
  REQUIRE(x.size() == 96);
  x(1, 0, 2, 3, 1) = 4;
  REQUIRE(x[((1 * 2 + 0) * 3 + 2) * 4 * 2 + 3 * 2 + 1] == 4);
  REQUIRE(x.view()(1, 0, 2, 3, 1) == 4);
  REQUIRE(std::as_const(x).view().flat().data() == x.data());
}

TEST_CASE("a tensor copies the array it is made from and refuses one of another size") {
  const Buffer<float> values{1, 2, 3, 4};
  const Tensor<float> x({.h = 2, .w = 2}, values.span());
  REQUIRE(x(0, 0, 1, 0, 0) == 3);
  REQUIRE(x.data() != values.data());
  REQUIRE_THROWS_WITH(Tensor<float>({.h = 2, .w = 3}, values.span()), "Tensor: the array has 4 entries, expected 6");
}

TEST_CASE("a tensor refuses an empty shape; one without a shape is empty") {
  REQUIRE_THROWS_AS(Tensor<float>(Shape{.h = 0}), ShapeError);
  REQUIRE_THROWS_AS(Tensor<float>(Shape{.h = -2, .w = -2}), ShapeError);
  const Tensor<float> none;
  REQUIRE(none.size() == 0);
  REQUIRE(none.shape().size() == 0);
}

}  // namespace tensor_test
