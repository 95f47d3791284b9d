// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/strided_blur/strided_blur.hpp"

#include "support/operator_checks.hpp"

namespace strided_blur_test {

using namespace operator_checks;

namespace {

/// The circular convolution of the whole frame first, entry ((i, j), (h, w)) summing kernel(r, c) where
/// (i + ⌊kh/2⌋ − r) mod H = h and (j + ⌊kw/2⌋ − c) mod W = w; then the rows i and columns j that are multiples of
/// stride.
template <class T>
Eigen::MatrixXd reference(const Shape& s, const Tensor<T>& kernel, Index stride) {
  const Index kh = kernel.shape().h, kw = kernel.shape().w;
  const Shape range{.t = s.t, .h = s.h / stride, .w = s.w / stride, .f = s.f};
  Eigen::MatrixXd m = Eigen::MatrixXd::Zero(range.size(), s.size());
  for (Index i = 0; i < s.h; i += stride)
    for (Index j = 0; j < s.w; j += stride)
      for (Index r = 0; r < kh; ++r)
        for (Index c = 0; c < kw; ++c) {
          const Index h = (i + kh / 2 - r + 20 * s.h) % s.h, w = (j + kw / 2 - c + 20 * s.w) % s.w;
          for (Index t = 0; t < s.t; ++t)
            for (Index f = 0; f < s.f; ++f)
              m(range.offset(0, t, i / stride, j / stride, f), s.offset(0, t, h, w, f)) +=
                  double(kernel(0, 0, r, c, 0));
        }
  return m;
}

}  // namespace

TEMPLATE_TEST_CASE("strided blur convolves around the centre tap, wraps around, and keeps every second pixel", "",
                   float, double) {
  using T = TestType;
  const Tensor<T> kernel({.h = 1, .w = 3}, std::vector<T>{1, 10, 100});
  const StridedBlur<T> a({.h = 1, .w = 4}, kernel, 1);
  // y_j = x_{j+1} + 10 x_j + 100 x_{j−1}
  const auto y = applied(a, {1, 2, 3, 4});
  CHECK((y[0] == 412 && y[1] == 123 && y[2] == 234 && y[3] == 341));
  const auto kept = applied(StridedBlur<T>({.h = 2, .w = 4}, kernel, 2), {1, 2, 3, 4, 9, 9, 9, 9});
  REQUIRE(kept.size() == 2);
  CHECK((kept[0] == 412 && kept[1] == 234));
}

TEMPLATE_TEST_CASE("strided blur equals its matrix, whose Gram matrix is circulant", "", float, double) {
  using T = TestType;
  for (const Shape& s : shapes())
    for (Index stride : {1, 2, 3, 7})
      for (const Shape& k : {Shape{.h = 3, .w = 3}, Shape{.h = 4, .w = 2}, Shape{.h = 1, .w = 9}}) {
        if (s.h % stride != 0 || s.w % stride != 0) continue;
        if (s.size() > 1000 && stride == 1 && k.h != 4) continue;  // the largest matrices once
        const auto kernel = gaussian<T>(k, 61);
        const StridedBlur<T> a(s, kernel, stride);
        INFO(s << " with a kernel " << k << " and stride " << stride);
        CHECK(a.range() == Shape{.t = s.t, .h = s.h / stride, .w = s.w / stride, .f = s.f});
        CHECK(a.stride() == stride);
        CHECK(std::ranges::equal(a.kernel().flat(), kernel.flat()));
        require_operator(a, reference(s, kernel, stride));
        require_circulant_gram(a);
        require_size_checks(a);
      }
  require_same_bits(StridedBlur<T>(large_shape(), gaussian<T>(Shape{.h = 7, .w = 7}, 62), 3));
}

TEST_CASE("strided blur refuses bad arguments") {
  const Shape s{.h = 4, .w = 6, .f = 3};
  const Tensor<float> kernel(Shape{.h = 3, .w = 3});
  CHECK_THROWS_AS(StridedBlur<float>(s, kernel, 4), ShapeError);
  CHECK_THROWS_AS(StridedBlur<float>(s, kernel, 0), InputError);
  CHECK_THROWS_AS(StridedBlur<float>(s, Tensor<float>(Shape{.h = 3, .w = 3, .f = 3}), 2), ShapeError);
  CHECK_THROWS_AS(StridedBlur<float>({.n = 2, .h = 4, .w = 6}, kernel, 2), ShapeError);
  Tensor<float> infinite(Shape{.h = 1, .w = 1});
  infinite[0] = std::numeric_limits<float>::infinity();
  CHECK_THROWS_AS(StridedBlur<float>(s, infinite, 2), InputError);
}

}  // namespace strided_blur_test
