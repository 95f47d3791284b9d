// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// The prior that docs/how-to-add-a-prior.md builds.
#include "support/catch.hpp"
#include "videoonenet/proximal/denoiser/denoiser.hpp"
#include "videoonenet/testing/check_proximal.hpp"

// [kernel]
namespace videoonenet::cpu {

/// x = v max(1 − threshold / ‖v‖, 0) for every pixel's vector of `channels` numbers.
template <class T>
void shrink_pixels(const Executor& ex, Index channels, std::type_identity_t<T> threshold, Input<T> v, Output<T> x) {
  const T* from = v.data();
  T* to = x.data();
  parallel_for(ex, std::ssize(x) / channels, [=](Index pixel) {
    T squares = 0;
    for (Index f = 0; f < channels; ++f) squares += from[pixel * channels + f] * from[pixel * channels + f];
    const T norm = std::sqrt(squares), factor = norm > threshold ? 1 - threshold / norm : T(0);
    for (Index f = 0; f < channels; ++f) to[pixel * channels + f] = factor * from[pixel * channels + f];
  });
}

}  // namespace videoonenet::cpu
// [/kernel]

// [type]
namespace videoonenet {

/// Sparsity of pixels: all channels of a pixel vanish together.
///
/// Math: φ(x) = λ Σ ‖x_pixel‖₂, prox_{τφ}(v) = v max(1 − τλ/‖v_pixel‖₂, 0) per pixel.  Cost: one pass.
template <class T>
struct PixelSparsity {
  using value_type = T;
  T lambda = T(0.05);  ///< weight λ ≥ 0

  template <Executor Ex>
  void apply(const Ex& ex, View<const T> v, T tau, View<T> x) const {
    shrink_pixels(ex, v.shape.f, tau * lambda, v.flat(), x.flat());
  }
  /// φ(x); optional, lets check_proximal compare objectives.
  double value(const Cpu&, View<const T> x) const {
    double sum = 0;
    for (Index i = 0; i < x.size(); i += x.shape.f) {
      double squares = 0;
      for (Index f = 0; f < x.shape.f; ++f) squares += double(x.data[i + f]) * double(x.data[i + f]);
      sum += std::sqrt(squares);
    }
    return double(lambda) * sum;
  }
};

}  // namespace videoonenet
// [/type]

using namespace videoonenet;

// [test]
TEMPLATE_TEST_CASE("pixel sparsity is the proximal operator of its value", "", float, double) {
  const testing::Report report = testing::check_proximal(PixelSparsity<TestType>{.lambda = TestType(0.7)},
                                                         {.n = 2, .t = 3, .h = 4, .w = 5, .f = 3});
  INFO(report);
  REQUIRE(report);
}
// [/test]

TEST_CASE("pixel sparsity shortens the vector of a pixel") {
  Tensor<float> v({.w = 2, .f = 2}, Buffer<float>{3, 4, 0.1f, 0.1f}.span()), x(v.shape());
  PixelSparsity<float>{.lambda = 1}.apply(Cpu{}, std::as_const(v).view(), 1, x.view());
  REQUIRE((x[0] == Approx(3 * 0.8) && x[1] == Approx(4 * 0.8)));
  REQUIRE((x[2] == 0 && x[3] == 0));
}

TEST_CASE("any denoiser is a prior") {
  // [denoiser]
  const auto prior = denoiser<float>([](View<const float> v, float sigma, View<float> x) {
    for (Index i = 0; i < x.size(); ++i) x.data[i] = v.data[i] / (1 + sigma);
  });
  // [/denoiser]
  STATIC_REQUIRE(ProximalOperator<std::remove_const_t<decltype(prior)>>);
}
