// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/proximal/wavelet/wavelet.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/proximal/l1/l1.hpp"
#include "videoonenet/testing/check_proximal.hpp"

namespace wavelet_test {

using namespace videoonenet;

namespace {

template <class T>
Tensor<T> prox(const Wavelet<T>& prior, const Tensor<T>& v, T tau, const Cpu& ex = {}) {
  auto cache = prior.make_cache(ex, v.shape());
  Tensor<T> x(v.shape());
  prior.apply(ex, cache, v.view(), tau, x.view());
  return x;
}

template <class T>
Tensor<T> random_video(const Shape& shape) {
  Tensor<T> v(shape);
  Random(5).fill_normal(v.flat());
  return v;
}

}  // namespace

TEMPLATE_TEST_CASE("Wavelet is a proximal operator at odd and even shapes", "", float, double) {
  using T = TestType;
  using Approximation = typename Wavelet<T>::Approximation;
  for (const Shape& shape : {Shape{.n = 2, .t = 5, .h = 13, .w = 11, .f = 3}, Shape{.t = 9, .h = 14, .w = 14},
                             Shape{.n = 2, .h = 17, .w = 16, .f = 3}, Shape{.t = 4}})
    for (const Wavelet<T>& prior :
         {Wavelet<T>{.lambda = T(0.3), .levels = {.t = shape.t > 1, .h = shape.h > 1, .w = shape.w > 1}},
          Wavelet<T>{.lambda = T(0.3), .approximation = Approximation::threshold}, Wavelet<T>::published(T(0.3))}) {
      const auto report = testing::check_proximal(prior, shape);
      INFO("shape " << shape << ": " << report);
      CHECK(report.passed);
    }
}

TEMPLATE_TEST_CASE("the published baseline thresholds pixels when a video is short", "", float, double) {
  using T = TestType;
  const Tensor<T> v = random_video<T>({.t = 9, .h = 14, .w = 14});
  const Tensor<T> x = prox(Wavelet<T>::published(T(0.05)), v, T(10));
  Tensor<T> expected(v.shape());
  L1<T>{.lambda = T(0.05)}.apply(Cpu{}, v.view(), T(10), expected.view());
  for (Index i = 0; i < x.size(); ++i) REQUIRE(x[i] == expected[i]);
}

TEMPLATE_TEST_CASE("a strong weight leaves the approximation alone, or nothing", "", float, double) {
  using T = TestType;
  const Shape shape{.t = 4, .h = 8, .w = 8, .f = 2};
  const Tensor<T> v = random_video<T>(shape);
  Wavelet<T> prior{.lambda = T(1000),
                   .wavelets = {WaveletName::haar, WaveletName::haar, WaveletName::haar},
                   .levels = {.t = 2, .h = 3, .w = 3}};
  const Tensor<T> mean = prox(prior, v, T(1));
  for (Index f = 0; f < 2; ++f) {
    double sum = 0;
    for (Index i = f; i < v.size(); i += 2) sum += double(v[i]);
    for (Index i = f; i < v.size(); i += 2) REQUIRE(std::abs(double(mean[i]) - sum * 2 / double(v.size())) < 1e-5);
  }
  prior.approximation = Wavelet<T>::Approximation::threshold;
  const Tensor<T> nothing = prox(prior, v, T(1));
  for (T value : nothing.flat()) REQUIRE(value == T(0));
}

TEMPLATE_TEST_CASE("every option of Wavelet has an effect", "", float, double) {
  using T = TestType;
  const Tensor<T> v = random_video<T>({.t = 8, .h = 16, .w = 16});
  const Wavelet<T> base{.lambda = T(0.2)};
  const Tensor<T> reference = prox(base, v, T(1));
  Wavelet<T> lambda = base, wavelets = base, levels = base, approximation = base;
  lambda.lambda = T(0.3);
  wavelets.wavelets.t = WaveletName::db2;
  levels.levels = {.t = 1, .h = 2, .w = 1};
  approximation.approximation = Wavelet<T>::Approximation::threshold;
  for (const Wavelet<T>& changed : {lambda, wavelets, levels, approximation})
    CHECK(squared_distance(Cpu{}, std::span<const T>(prox(changed, v, T(1)).flat()), reference.flat()) > 1e-3);
}

TEMPLATE_TEST_CASE("Wavelet's value is the weighted norm of the thresholded coefficients", "", float, double) {
  using T = TestType;
  const Shape shape{.t = 2, .h = 2, .w = 2};
  Tensor<T> x(shape);
  x[0] = T(1);  // all eight Haar coefficients of a unit impulse have size 8^(-1/2)
  Wavelet<T> prior{.lambda = T(0.5),
                   .wavelets = {WaveletName::haar, WaveletName::haar, WaveletName::haar},
                   .levels = {.t = 1, .h = 1, .w = 1}};
  auto cache = prior.make_cache(Cpu{}, shape);
  CHECK(prior.value(Cpu{}, cache, x.view()) == Approx(0.5 * 7 / std::sqrt(8.0)));
  prior.approximation = Wavelet<T>::Approximation::threshold;
  CHECK(prior.value(Cpu{}, cache, x.view()) == Approx(0.5 * 8 / std::sqrt(8.0)));
}

TEST_CASE("Wavelet refuses bad weights and levels") {
  const Shape shape{.h = 8, .w = 8};
  Tensor<float> v(shape);
  CHECK_THROWS_AS(prox(Wavelet<float>{.lambda = -1}, v, 1.f), InputError);
  CHECK_THROWS_AS(prox(Wavelet<float>{}, v, -1.f), InputError);
  CHECK_THROWS_AS(prox(Wavelet<float>{.levels = {.t = 1}}, v, 1.f), InputError);
}

}  // namespace wavelet_test
