// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/metrics/ssim.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/tensor.hpp"

namespace ssim_test {

using namespace videoonenet;

namespace {

template <class T>
Tensor<T> pattern(const Shape& shape, int noise) {
  Tensor<T> video(shape);
  for (Index t = 0; t < shape.t; ++t)
    for (Index h = 0; h < shape.h; ++h)
      for (Index w = 0; w < shape.w; ++w)
        for (Index f = 0; f < shape.f; ++f)
          video(0, t, h, w, f) =
              T((7 * t + 3 * h * h + 5 * w + 11 * f) % 64) / 64 + T(noise) * T((13 * h + 7 * w + t + f) % 9 - 4) / 64;
  return video;
}

}  // namespace

TEMPLATE_TEST_CASE("SSIM equals an independent computation, also where the window shrinks", "", float, double) {
  using T = TestType;  // the references are SciPy's correlate1d with the same window in float64
  const std::vector<std::pair<Shape, double>> references{{{.t = 2, .h = 17, .w = 23, .f = 3}, 0.987922292309315},
                                                         {{.t = 1, .h = 11, .w = 11}, 0.990006545175836},
                                                         {{.t = 2, .h = 14, .w = 14}, 0.989290581894754},
                                                         {{.t = 3, .h = 7, .w = 10}, 0.989486284860553},
                                                         {{.t = 1, .h = 1, .w = 2}, 0.462150333331742}};
  for (const auto& [shape, reference] : references) {
    const auto truth = pattern<T>(shape, 0), estimate = pattern<T>(shape, 1);
    INFO(shape);
    CHECK(ssim(Cpu{}, estimate.view(), truth.view()) == Approx(reference).epsilon(1e-11));
  }
}

TEST_CASE("SSIM of equal videos is one, and it is symmetric") {
  const auto a = pattern<float>({.t = 2, .h = 12, .w = 15, .f = 3}, 0), b = pattern<float>(a.shape(), 2);
  CHECK(ssim(Cpu{}, a.view(), a.view()) == Approx(1).epsilon(1e-12));
  CHECK(ssim(Cpu{}, a.view(), b.view()) == Approx(ssim(Cpu{}, b.view(), a.view())).epsilon(1e-12));
  CHECK(ssim(Cpu{}, a.view(), b.view()) < 0.98);
}

TEST_CASE("SSIM of constant videos has only its luminance term") {
  Tensor<double> a({.h = 20, .w = 20}), b(a.shape());
  for (Index i = 0; i < a.size(); ++i) {
    a[i] = 0.5;
    b[i] = 0.25;
  }
  CHECK(ssim(Cpu{}, a.view(), b.view()) == Approx((2 * 0.5 * 0.25 + 1e-4) / (0.25 + 0.0625 + 1e-4)).epsilon(1e-9));
}

TEST_CASE("SSIM does not depend on the number of threads") {
  const auto a = pattern<float>({.t = 5, .h = 30, .w = 31, .f = 3}, 0), b = pattern<float>(a.shape(), 2);
  CHECK(ssim(Cpu{1}, a.view(), b.view()) == ssim(Cpu{3}, a.view(), b.view()));
}

TEST_CASE("SSIM refuses batches and different shapes") {
  const Tensor<float> a({.h = 12, .w = 12}), b({.h = 12, .w = 13}), batch({.n = 2, .h = 12, .w = 12});
  CHECK_THROWS_AS(ssim(Cpu{}, a.view(), b.view()), ShapeError);
  CHECK_THROWS_AS(ssim(Cpu{}, batch.view(), batch.view()), ShapeError);
}

}  // namespace ssim_test
