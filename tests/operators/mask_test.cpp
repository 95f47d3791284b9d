// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/mask/mask.hpp"

#include "support/operator_checks.hpp"

namespace mask_test {

using namespace operator_checks;

namespace {

template <class T>
Buffer<T> random_mask(Index size) {
  Buffer<T> mask(size);
  Random random(3);
  for (T& m : mask) m = random.uniform() < 0.5 ? T(1) : T(0);
  return mask;
}

}  // namespace

TEMPLATE_TEST_CASE("mask keeps a two-by-two frame's diagonal", "", float, double) {
  const Mask<TestType> a({.h = 2, .w = 2}, {1, 0, 0, 1});
  const auto y = applied(a, {5, 6, 7, 8});
  CHECK((y[0] == 5 && y[1] == 0 && y[2] == 0 && y[3] == 8));
}

TEMPLATE_TEST_CASE("mask equals its matrix", "", float, double) {
  using T = TestType;
  for (const Shape& s : shapes()) {
    const auto mask = random_mask<T>(s.size());
    const Mask<T> a(s, mask);
    INFO(s);
    require_operator(a, as_vector(mask).asDiagonal());
    require_diagonal(a);
    require_size_checks(a);
    CHECK(std::ranges::equal(a.mask(), mask.span()));
  }
  require_same_bits(Mask<T>(large_shape(), random_mask<T>(large_shape().size())));
}

TEMPLATE_TEST_CASE("mask takes a batch", "", float, double) {
  const Shape s{.n = 2, .t = 3, .h = 4, .w = 5, .f = 2};
  const auto mask = random_mask<TestType>(s.size());
  require_operator(Mask<TestType>(s, mask), as_vector(mask).asDiagonal());
}

TEST_CASE("mask refuses bad arguments") {
  CHECK_THROWS_AS(Mask<float>({.h = 2, .w = 2}, {1, 0, 1}), ShapeError);
  CHECK_THROWS_AS(Mask<float>({.h = 0, .w = 2}, Buffer<float>()), ShapeError);
  CHECK_THROWS_AS(Mask<float>({.h = 1, .w = 2}, {1, 0.5f}), InputError);
  CHECK_THROWS_AS(Mask<float>({.h = 1, .w = 2}, {1, std::numeric_limits<float>::quiet_NaN()}), InputError);
}

}  // namespace mask_test
