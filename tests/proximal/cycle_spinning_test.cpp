// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/proximal/cycle_spinning/cycle_spinning.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/proximal/l1/l1.hpp"
#include "videoonenet/proximal/wavelet/wavelet.hpp"
#include "videoonenet/testing/check_proximal.hpp"

namespace cycle_spinning_test {

using namespace videoonenet;

namespace {

template <class T>
Wavelet<T> haar() {
  return {.lambda = T(0.3),
          .wavelets = {WaveletName::haar, WaveletName::haar, WaveletName::haar},
          .levels = {.t = 1, .h = 1, .w = 1}};
}

template <class P, class T = typename P::value_type>
Tensor<T> prox(const P& prior, const Tensor<T>& v) {
  auto cache = make_cache(prior, Cpu{}, v.shape());
  Tensor<T> x(v.shape());
  apply_proximal(prior, Cpu{}, cache, v.view(), T(1), x.view());
  return x;
}

// v moved by whole entries along every axis.
template <class T>
Tensor<T> moved(const Tensor<T>& v, Index t, Index h, Index w) {
  const Shape& s = v.shape();
  Tensor<T> y(s);
  for (Index n = 0; n < s.n; ++n)
    for (Index i = 0; i < s.t; ++i)
      for (Index j = 0; j < s.h; ++j)
        for (Index k = 0; k < s.w; ++k)
          for (Index f = 0; f < s.f; ++f) y(n, i, j, k, f) = v(n, (i + t) % s.t, (j + h) % s.h, (k + w) % s.w, f);
  return y;
}

template <class T>
Tensor<T> random_video(const Shape& shape) {
  Tensor<T> v(shape);
  Random(5).fill_normal(v.flat());
  return v;
}

template <class T>
double max_difference(const Tensor<T>& a, const Tensor<T>& b) {
  double worst = 0;
  for (Index i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(double(a[i]) - double(b[i])));
  return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("the result is the mean over the shifts", "", float, double) {
  using T = TestType;
  const Tensor<T> v = random_video<T>({.n = 2, .t = 4, .h = 6, .w = 5, .f = 3});
  Tensor<T> mean(v.shape());
  for (Index t = 0; t < 2; ++t)
    for (Index w = 0; w < 3; ++w) {
      const Tensor<T> back = moved(prox(haar<T>(), moved(v, t, 0, w)), 4 - t, 0, 5 - w);
      for (Index i = 0; i < v.size(); ++i) mean[i] += back[i] / 6;
    }
  CHECK(max_difference(prox(CycleSpinning<Wavelet<T>>{haar<T>(), {.t = 2, .h = 1, .w = 3}}, v), mean) < 1e-5);
}

TEMPLATE_TEST_CASE("with all shifts of a one-level transform, moving the video moves the result", "", float, double) {
  using T = TestType;
  const Tensor<T> v = random_video<T>({.t = 4, .h = 6, .w = 8});
  const CycleSpinning<Wavelet<T>> spinning{haar<T>()};
  CHECK(max_difference(prox(spinning, moved(v, 1, 3, 5)), moved(prox(spinning, v), 1, 3, 5)) < 1e-5);
  CHECK(max_difference(prox(haar<T>(), moved(v, 1, 3, 5)), moved(prox(haar<T>(), v), 1, 3, 5)) > 0.1);
}

TEMPLATE_TEST_CASE("CycleSpinning stays firmly nonexpansive, safe in place and per video", "", float, double) {
  using T = TestType;
  for (const Shape& shape : {Shape{.n = 2, .t = 5, .h = 13, .w = 11, .f = 3}, Shape{.n = 2, .h = 9, .w = 8}}) {
    const CycleSpinning<Wavelet<T>> spinning{{.lambda = T(0.3), .levels = {.h = 1, .w = 1}}};
    const auto report = testing::check_proximal(spinning, shape);
    INFO(report);
    CHECK(report.passed);
  }
}

TEMPLATE_TEST_CASE("a prior that is the same everywhere is left alone, also on single pixels", "", float, double) {
  using T = TestType;
  for (const Shape& shape : {Shape{.t = 3, .h = 4, .w = 5, .f = 2}, Shape{.n = 3}}) {
    const Tensor<T> v = random_video<T>(shape);
    CHECK(max_difference(prox(CycleSpinning<L1<T>>{{.lambda = T(0.3)}}, v), prox(L1<T>{.lambda = T(0.3)}, v)) < 1e-6);
  }
}

TEST_CASE("CycleSpinning refuses no shifts") {
  Tensor<float> v(Shape{.t = 2, .h = 2, .w = 2});
  CHECK_THROWS_AS(prox(CycleSpinning<L1<float>>{{}, {.t = 0}}, v), InputError);
}

}  // namespace cycle_spinning_test
