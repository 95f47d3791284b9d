// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/core/view.hpp"

#include <array>

#include "support/catch.hpp"

namespace view_test {

using namespace videoonenet;

namespace {

// As a kernel takes them: T comes from the output alone.
template <class T>
T last(Input<T> x, Output<T>) {
  return x.back();
}

}  // namespace

TEST_CASE("a view reads and writes somebody else's memory") {
  std::array<float, 12> memory{};
  const View<float> v = view(std::span<float>(memory), {.n = 2, .h = 2, .w = 3});
  v(1, 0, 1, 2, 0) = 5;
  REQUIRE(memory[11] == 5);
  REQUIRE(v.flat().data() == memory.data());
  REQUIRE(v.flat().size() == 12);
  REQUIRE(v.sample(1).data == memory.data() + 6);
  REQUIRE(v.sample(1).shape == Shape{.h = 2, .w = 3});
  REQUIRE(v.sample(1)(0, 0, 1, 2, 0) == 5);
}

TEST_CASE("views become read-only, never writable") {
  STATIC_REQUIRE(std::is_convertible_v<View<float>, View<const float>>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<View<const float>, View<float>>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<View<float>, View<const double>>);
}

TEST_CASE("a view may know its shape at compile time") {
  std::array<double, 12> memory{};
  memory[7] = 2;
  constexpr BasicShape<1, 1, 2, 2, 3> shape;
  const View<double, BasicShape<1, 1, 2, 2, 3>> v{memory.data(), shape};
  STATIC_REQUIRE(sizeof(v) <= 2 * sizeof(void*));
  REQUIRE(v(0, 0, 1, 0, 1) == 2);
}

TEST_CASE("a kernel's inputs convert from mutable spans") {
  std::array<float, 2> x{1, 2}, y{};
  REQUIRE(last(std::span<float>(x), std::span<float>(y)) == 2);
}

TEST_CASE("views of a wrong size or shape are refused") {
  std::array<float, 5> memory{};
  REQUIRE_THROWS_WITH(view(std::span<float>(memory), {.h = 2, .w = 3}), "view: the array has 5 entries, expected 6");
  REQUIRE_NOTHROW(require_shape({.h = 2}, {.h = 2}, "here", "x"));
  REQUIRE_THROWS_WITH(require_shape({.h = 2}, {.w = 2}, "here", "x"),
                      "here: x has shape (N,T,H,W,F) = 1x1x2x1x1, expected 1x1x1x2x1");
}

}  // namespace view_test
