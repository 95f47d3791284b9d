// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/gray_strided_blur/gray_strided_blur.hpp"

#include "support/operator_checks.hpp"

namespace gray_strided_blur_test {

using namespace operator_checks;

namespace {

/// Entry ((t, i, j), (t, h, w, f)) sums kernels(r, c, f) / F where (i·stride + ⌊kh/2⌋ − r) mod H = h and likewise w.
template <class T>
Eigen::MatrixXd reference(const Shape& s, const Tensor<T>& kernels, Index stride) {
  const Index kh = kernels.shape().h, kw = kernels.shape().w;
  const Shape range{.t = s.t, .h = s.h / stride, .w = s.w / stride};
  Eigen::MatrixXd m = Eigen::MatrixXd::Zero(range.size(), s.size());
  for (Index i = 0; i < s.h; i += stride)
    for (Index j = 0; j < s.w; j += stride)
      for (Index r = 0; r < kh; ++r)
        for (Index c = 0; c < kw; ++c) {
          const Index h = (i + kh / 2 - r + 20 * s.h) % s.h, w = (j + kw / 2 - c + 20 * s.w) % s.w;
          for (Index t = 0; t < s.t; ++t)
            for (Index f = 0; f < s.f; ++f)
              m(range.offset(0, t, i / stride, j / stride, 0), s.offset(0, t, h, w, f)) +=
                  double(kernels(0, 0, r, c, f)) / double(s.f);
        }
  return m;
}

}  // namespace

TEMPLATE_TEST_CASE("gray strided blur averages the channels after their own kernels", "", float, double) {
  using T = TestType;
  // Channel 0 is kept, channel 1 is doubled and shifted by one pixel: y_j = (x_{j,0} + 2 x_{j+1,1}) / 2.
  const Tensor<T> kernels({.h = 1, .w = 3, .f = 2}, std::vector<T>{0, 2, 1, 0, 0, 0});
  const auto y = applied(GrayStridedBlur<T>({.h = 1, .w = 3, .f = 2}, kernels, 1), {1, 10, 2, 20, 3, 30});
  REQUIRE(y.size() == 3);
  CHECK((y[0] == T(20.5) && y[1] == T(31) && y[2] == T(11.5)));
}

TEMPLATE_TEST_CASE("gray strided blur equals its matrix, whose Gram matrix is circulant", "", float, double) {
  using T = TestType;
  for (const Shape& s : shapes())
    for (Index stride : {1, 2, 3, 7})
      for (const Shape& k : {Shape{.h = 3, .w = 3}, Shape{.h = 4, .w = 2}, Shape{.h = 1, .w = 9}}) {
        if (s.h % stride != 0 || s.w % stride != 0) continue;
        if (s.size() > 1000 && stride == 1 && k.h != 4) continue;  // the largest matrices once
        const auto kernels = gaussian<T>(Shape{.h = k.h, .w = k.w, .f = s.f}, 71);
        const GrayStridedBlur<T> a(s, kernels, stride);
        INFO(s << " with kernels " << k << " and stride " << stride);
        CHECK(a.range() == Shape{.t = s.t, .h = s.h / stride, .w = s.w / stride});
        CHECK(a.stride() == stride);
        CHECK(std::ranges::equal(a.kernels().flat(), kernels.flat()));
        require_operator(a, reference(s, kernels, stride));
        require_circulant_gram(a);
        require_size_checks(a);
      }
  require_same_bits(GrayStridedBlur<T>(large_shape(), gaussian<T>(Shape{.h = 7, .w = 7, .f = 3}, 72), 2));
}

TEST_CASE("gray strided blur refuses bad arguments") {
  const Shape s{.h = 4, .w = 6, .f = 3};
  const Tensor<float> kernels(Shape{.h = 3, .w = 3, .f = 3});
  CHECK_THROWS_AS(GrayStridedBlur<float>(s, kernels, 4), ShapeError);
  CHECK_THROWS_AS(GrayStridedBlur<float>(s, kernels, -2), InputError);
  CHECK_THROWS_AS(GrayStridedBlur<float>(s, Tensor<float>(Shape{.h = 3, .w = 3}), 2), ShapeError);
  CHECK_THROWS_AS(GrayStridedBlur<float>({.n = 2, .h = 4, .w = 6, .f = 3}, kernels, 2), ShapeError);
  Tensor<float> infinite(Shape{.h = 1, .w = 1, .f = 3});
  infinite[2] = -std::numeric_limits<float>::infinity();
  CHECK_THROWS_AS(GrayStridedBlur<float>(s, infinite, 2), InputError);
}

}  // namespace gray_strided_blur_test
