// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/metrics/psnr.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/tensor.hpp"

namespace psnr_test {

using namespace videoonenet;

namespace {

template <class T>
Tensor<T> constant(const Shape& shape, T value) {
  Tensor<T> video(shape);
  for (T& v : video.flat()) v = value;
  return video;
}

}  // namespace

TEMPLATE_TEST_CASE("scores of constant videos by hand", "", float, double) {
  using T = TestType;
  const Shape shape{.t = 3, .h = 4, .w = 5, .f = 2};
  const auto truth = constant<T>(shape, T(0.5)), estimate = constant<T>(shape, T(0.25));
  CHECK(mse(Cpu{}, estimate.view(), truth.view()) == Approx(0.0625));
  CHECK(nmse(Cpu{}, estimate.view(), truth.view()) == Approx(0.25));
  CHECK(psnr(Cpu{}, estimate.view(), truth.view()) == Approx(12.041199826559248));
}

TEMPLATE_TEST_CASE("scores equal an independent computation", "", float, double) {
  using T = TestType;  // entries are multiples of 1/64 and exact; the reference is NumPy's
  const Shape shape{.t = 2, .h = 17, .w = 23, .f = 3};
  Tensor<T> truth(shape), estimate(shape);
  for (Index t = 0; t < shape.t; ++t)
    for (Index h = 0; h < shape.h; ++h)
      for (Index w = 0; w < shape.w; ++w)
        for (Index f = 0; f < shape.f; ++f) {
          truth(0, t, h, w, f) = T((7 * t + 3 * h * h + 5 * w + 11 * f) % 64) / 64;
          estimate(0, t, h, w, f) = truth(0, t, h, w, f) + T((13 * h + 7 * w + t + f) % 9 - 4) / 64;
        }
  CHECK(mse(Cpu{}, estimate.view(), truth.view()) == Approx(0.0016266675658035).epsilon(1e-12));
  CHECK(nmse(Cpu{}, estimate.view(), truth.view()) == Approx(0.0050497430869305).epsilon(1e-12));
  CHECK(psnr(Cpu{}, estimate.view(), truth.view()) == Approx(27.8870119266159).epsilon(1e-12));
}

TEST_CASE("equal videos and zero videos") {
  const Shape shape{.h = 3, .w = 3};
  const auto zero = constant(shape, 0.0), one = constant(shape, 1.0);
  CHECK(std::isinf(psnr(Cpu{}, one.view(), one.view())));
  CHECK(nmse(Cpu{}, one.view(), one.view()) == 0);
  CHECK(nmse(Cpu{}, zero.view(), zero.view()) == 0);
  CHECK(std::isinf(nmse(Cpu{}, one.view(), zero.view())));
  CHECK(nmse(Cpu{}, zero.view(), one.view()) == 1);
}

TEST_CASE("scores do not depend on the number of threads") {
  Tensor<float> truth({.t = 4, .h = 100, .w = 100, .f = 3}), estimate(truth.shape());
  for (Index i = 0; i < truth.size(); ++i) {
    truth[i] = float(i % 101) / 101;
    estimate[i] = float(i % 97) / 97;
  }
  CHECK(psnr(Cpu{1}, estimate.view(), truth.view()) == psnr(Cpu{3}, estimate.view(), truth.view()));
}

TEST_CASE("scores are per video and of one shape") {
  const Tensor<float> a({.h = 3, .w = 4}), b({.h = 4, .w = 3}), batch({.n = 2, .h = 3, .w = 4});
  CHECK_THROWS_AS(psnr(Cpu{}, a.view(), b.view()), ShapeError);
  CHECK_THROWS_AS(nmse(Cpu{}, batch.view(), batch.view()), ShapeError);
  CHECK_THROWS_AS(mse(Cpu{}, batch.view(), a.view()), ShapeError);
  CHECK(mse(Cpu{}, batch.view().sample(1), a.view()) == 0);
}

}  // namespace psnr_test
