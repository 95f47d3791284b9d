// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/operators/full_blur/full_blur.hpp"

#include "support/operator_checks.hpp"
#include "videoonenet/operators/blur_kernels.hpp"

namespace full_blur_test {

using namespace operator_checks;

namespace {

/// Entry ((t, i, j, f), (t, h, w, f)) is kernel(i − h, j − w).
template <class T>
Eigen::MatrixXd reference(const Shape& s, const Tensor<T>& kernel) {
  const Index kh = kernel.shape().h, kw = kernel.shape().w;
  const Shape r{.t = s.t, .h = s.h + kh - 1, .w = s.w + kw - 1, .f = s.f};
  Eigen::MatrixXd m = Eigen::MatrixXd::Zero(r.size(), s.size());
  for (Index t = 0; t < s.t; ++t)
    for (Index i = 0; i < r.h; ++i)
      for (Index j = 0; j < r.w; ++j)
        for (Index h = 0; h < s.h; ++h)
          for (Index w = 0; w < s.w; ++w)
            for (Index f = 0; f < s.f; ++f)
              if (i >= h && i - h < kh && j >= w && j - w < kw)
                m(r.offset(0, t, i, j, f), s.offset(0, t, h, w, f)) = double(kernel(0, 0, i - h, j - w, 0));
  return m;
}

}  // namespace

TEMPLATE_TEST_CASE("full blur writes the kernel where an impulse is, and keeps what leaves the frame", "", float,
                   double) {
  using T = TestType;
  const Tensor<T> kernel({.h = 2, .w = 2}, std::vector<T>{1, 2, 3, 4});
  const auto y = applied(FullBlur<T>({.h = 2, .w = 2}, kernel), {0, 1, 0, 0});
  const T expected[] = {0, 1, 2, 0, 3, 4, 0, 0, 0};
  REQUIRE(y.size() == 9);
  CHECK(std::ranges::equal(y, expected));
}

TEMPLATE_TEST_CASE("full blur equals its matrix", "", float, double) {
  using T = TestType;
  static_assert(std::is_same_v<structure_of<FullBlur<T>>, structure::BlockToeplitz>);
  for (const Shape& s : shapes())
    for (const Shape& k :
         {Shape{.h = 1, .w = 1}, Shape{.h = 4, .w = 4}, Shape{.h = 3, .w = 2}, Shape{.h = 2, .w = 9}}) {
      const auto kernel = gaussian<T>(k, 51);
      const FullBlur<T> a(s, kernel);
      INFO(s << " with a kernel " << k);
      CHECK(a.range() == Shape{.t = s.t, .h = s.h + k.h - 1, .w = s.w + k.w - 1, .f = s.f});
      CHECK(std::ranges::equal(a.kernel().flat(), kernel.flat()));
      require_operator(a, reference(s, kernel));
      require_size_checks(a);
    }
  require_same_bits(FullBlur<T>(large_shape(), gaussian<T>(Shape{.h = 5, .w = 4}, 52)));
}

TEMPLATE_TEST_CASE("full blur: rows long enough for register tiles equal their matrix", "", float, double) {
  using T = TestType;
  const Shape s{.h = 3, .w = 37, .f = 3};
  const auto kernel = gaussian<T>(Shape{.h = 2, .w = 5}, 53);
  require_operator(FullBlur<T>(s, kernel), reference(s, kernel));
}

TEMPLATE_TEST_CASE("full blur: the normal matrix of every frame and channel is the same and block-Toeplitz", "", float,
                   double) {
  using T = TestType;
  const Shape s{.t = 2, .h = 5, .w = 4, .f = 2};
  const Eigen::MatrixXd a = testing::dense_matrix(FullBlur<T>(s, gaussian<T>(Shape{.h = 3, .w = 2}, 54)));
  const Eigen::MatrixXd normal = a.transpose() * a;
  double error = 0;
  for (Index p = 0; p < s.size(); ++p)
    for (Index q = 0; q < s.size(); ++q) {
      const auto place = [&](Index i) {
        return std::array{i / s.frame_size(), i / s.f / s.w % s.h, i / s.f % s.w, i % s.f};
      };
      const auto [t, h, w, f] = place(p);
      const auto [t2, h2, w2, f2] = place(q);
      // The entry depends on (h2 − h, w2 − w) alone: compare with the pair that touches the frame's borders.
      const Index h0 = std::max<Index>(0, h - h2), w0 = std::max<Index>(0, w - w2);
      const double expected =
          t == t2 && f == f2 ? normal(s.offset(0, 0, h0, w0, 0), s.offset(0, 0, h0 + h2 - h, w0 + w2 - w, 0)) : 0;
      error = std::max(error, std::abs(normal(p, q) - expected));
    }
  CHECK(error <= tolerance<T>() * normal.cwiseAbs().maxCoeff());
}

TEMPLATE_TEST_CASE("full blur with a kernel of zeros is the zero operator", "", float, double) {
  const Shape s{.t = 2, .h = 4, .w = 5, .f = 3};
  const FullBlur<TestType> a(s, Tensor<TestType>(Shape{.h = 3, .w = 3}));
  CHECK(testing::check_adjoint(a));
  CHECK(testing::dense_matrix(a).isZero(0));
}

TEST_CASE("full blur refuses bad arguments") {
  const Shape s{.h = 4, .w = 4, .f = 3};
  CHECK_THROWS_AS(FullBlur<float>(s, Tensor<float>()), ShapeError);
  CHECK_THROWS_AS(FullBlur<float>(s, Tensor<float>(Shape{.h = 3, .w = 3, .f = 3})), ShapeError);
  CHECK_THROWS_AS(FullBlur<float>(s, Tensor<float>(Shape{.t = 2, .h = 3, .w = 3})), ShapeError);
  CHECK_THROWS_AS(FullBlur<float>({.n = 2, .h = 4, .w = 4}, disk_kernel<float>()), ShapeError);
  auto kernel = disk_kernel<float>();
  kernel[3] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_AS(FullBlur<float>(s, kernel), InputError);
}

}  // namespace full_blur_test
