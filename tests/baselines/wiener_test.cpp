// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/baselines/wiener/wiener.hpp"

#include <Eigen/Dense>
#include <numbers>

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/operators/blur_kernels.hpp"

namespace wiener_test {

using namespace videoonenet;

namespace {

constexpr double pi = std::numbers::pi;

template <class T>
Tensor<T> random_video(const Shape& shape, std::uint64_t seed = 1) {
  Random random(seed);
  Tensor<T> x(shape);
  for (T& v : x.flat()) v = static_cast<T>(random.uniform());
  return x;
}

/// A kernel whose centre outweighs the rest, so that its spectrum has no zero.
template <class T>
Tensor<T> invertible_kernel(Index rows, Index cols) {
  Tensor<T> kernel({.h = rows, .w = cols}, random_video<T>({.h = rows, .w = cols}, 2).flat());
  T sum = 0;
  for (T& v : kernel.flat()) sum += (v *= T(0.1));
  kernel(0, 0, rows / 2, cols / 2, 0) += sum;
  for (T& v : kernel.flat()) v /= 2 * sum;
  return kernel;
}

template <class A, class T>
Buffer<T> measure(const A& a, const Tensor<T>& x, double noise = 0) {
  Buffer<T> y(a.range().size());
  a.apply(Cpu{}, x.flat(), y.span());
  Random random(3);
  for (T& v : y) v += static_cast<T>(noise * random.normal());
  return y;
}

template <class T>
double rms_error(const Tensor<T>& a, const Tensor<T>& b) {
  return std::sqrt(squared_distance(Cpu{}, a.flat(), b.flat()) / double(a.size()));
}

/// NSR(f) of the documentation, entry by entry.
Eigen::VectorXd noise_to_signal(Index rows, Index cols, double ratio, ImageSpectrum spectrum) {
  Eigen::VectorXd nsr = Eigen::VectorXd::Constant(rows * cols, ratio);
  if (spectrum == ImageSpectrum::white) return nsr;
  double mean = 0;
  for (Index i = 0; i < rows * cols; ++i) {
    const double r = double(i / cols) / double(rows), c = double(i % cols) / double(cols);
    const double fr = r > 0.5 ? r - 1 : r, fc = c > 0.5 ? c - 1 : c;
    nsr[i] = fr * fr + fc * fc;
    if (i > 0) mean += 1 / nsr[i] / double(rows * cols);
  }
  return ratio * mean * nsr;
}

}  // namespace

TEMPLATE_TEST_CASE("Wiener undoes a noiseless blur in space", "", float, double) {
  using T = TestType;
  for (const Shape& shape :
       {Shape{.t = 5, .h = 13, .w = 11, .f = 3}, Shape{.t = 2, .h = 14, .w = 14}, Shape{.h = 1, .w = 6}}) {
    const Tensor<T> x = random_video<T>(shape);
    const FullBlur<T> blur(shape, invertible_kernel<T>(std::min<Index>(shape.h, 4), 3));
    Tensor<T> restored(shape);
    Wiener<T>{.noise_to_signal = 0}.restore(Cpu{}, blur, measure(blur, x).span(), restored.view());
    CHECK(rms_error(restored, x) < (std::is_same_v<T, float> ? 1e-5 : 1e-13));
  }
}

TEMPLATE_TEST_CASE("Wiener undoes the noiseless disk blur, whose zeros other grids would meet", "", float, double) {
  using T = TestType;
  const Shape shape{.t = 9, .h = 14, .w = 14};
  const Tensor<T> x = random_video<T>(shape);
  const FullBlur<T> blur(shape, disk_kernel<T>());
  Tensor<T> restored(shape);
  Wiener<T>{.noise_to_signal = 0}.restore(Cpu{}, blur, measure(blur, x).span(), restored.view());
  CHECK(rms_error(restored, x) < (std::is_same_v<T, float> ? 1e-4 : 1e-12));
}

TEMPLATE_TEST_CASE("Wiener undoes a noiseless blur over time, whose zeros other grids would meet", "", float, double) {
  using T = TestType;
  const Shape shape{.t = 9, .h = 5, .w = 4, .f = 3};
  const Tensor<T> x = random_video<T>(shape);
  const TemporalBlur<T> blur(shape, Buffer<T>{T(0.25), T(0.25), T(0.25), T(0.25)});
  Tensor<T> restored(shape);
  Wiener<T>{.noise_to_signal = 0}.restore(Cpu{}, blur, measure(blur, x).span(), restored.view());
  CHECK(rms_error(restored, x) < (std::is_same_v<T, float> ? 1e-4 : 1e-13));
}

TEST_CASE("Wiener equals regularised least squares with the dense circulant matrix") {
  const Shape shape{.t = 2, .h = 6, .w = 5, .f = 2};
  constexpr Index rows = 11, cols = 7;  // 6 + 3 - 1 = 8 and 5 + 2 - 1 = 6, rounded up
  const Tensor<double> kernel = random_video<double>({.h = 3, .w = 2}, 4);
  const FullBlur<double> blur(shape, kernel);
  const Buffer<double> y = measure(blur, random_video<double>(shape), 0.1);
  const View<const double> measured{y.data(), blur.range()};

  Eigen::MatrixXd circulant = Eigen::MatrixXd::Zero(rows * cols, rows * cols);
  for (Index r = 0; r < rows; ++r)
    for (Index c = 0; c < cols; ++c)
      for (Index i = 0; i < 3; ++i)
        for (Index j = 0; j < 2; ++j)
          circulant((r + i) % rows * cols + (c + j) % cols, r * cols + c) += kernel(0, 0, i, j, 0);

  for (ImageSpectrum spectrum : {ImageSpectrum::white, ImageSpectrum::inverse_square}) {
    const Eigen::VectorXd nsr = noise_to_signal(rows, cols, 0.05, spectrum);
    Eigen::MatrixXd penalty(rows * cols, rows * cols);  // the circulant matrix with eigenvalues nsr
    for (Index a = 0; a < rows * cols; ++a)
      for (Index b = 0; b < rows * cols; ++b) {
        double sum = 0;
        for (Index f = 0; f < rows * cols; ++f)
          sum += nsr[f] * std::cos(2 * pi *
                                   (double((f / cols) * (a / cols - b / cols)) / double(rows) +
                                    double((f % cols) * (a % cols - b % cols)) / double(cols)));
        penalty(a, b) = sum / double(rows * cols);
      }
    const Eigen::LDLT<Eigen::MatrixXd> normal(circulant.transpose() * circulant + penalty);

    Tensor<double> restored(shape);
    Wiener<double>{.noise_to_signal = 0.05, .spectrum = spectrum}.restore(Cpu{}, blur, y.span(), restored.view());
    for (Index t = 0; t < shape.t; ++t)
      for (Index f = 0; f < shape.f; ++f) {
        Eigen::VectorXd padded = Eigen::VectorXd::Zero(rows * cols);
        for (Index r = 0; r < 8; ++r)
          for (Index c = 0; c < 6; ++c) padded[r * cols + c] = measured(0, t, r, c, f);
        const Eigen::VectorXd expected = normal.solve(circulant.transpose() * padded);
        for (Index h = 0; h < shape.h; ++h)
          for (Index w = 0; w < shape.w; ++w)
            REQUIRE(std::abs(restored(0, t, h, w, f) - expected[h * cols + w]) <= 1e-10);
      }
  }
}

TEST_CASE("Wiener's natural-image prior beats the inverse filter and the white one on a noisy, smooth video") {
  const Shape shape{.t = 2, .h = 30, .w = 26};
  Tensor<double> x(shape);
  for (Index h = 0; h < shape.h; ++h)
    for (Index w = 0; w < shape.w; ++w)
      for (Index t = 0; t < shape.t; ++t)
        x(0, t, h, w, 0) = 0.5 + 0.4 * std::sin(0.3 * double(h + t)) * std::cos(0.25 * double(w));
  const FullBlur<double> blur(shape, invertible_kernel<double>(4, 4));
  const Buffer<double> y = measure(blur, x, 0.05);
  const auto error = [&](const Wiener<double>& wiener) {
    Tensor<double> restored(shape);
    wiener.restore(Cpu{}, blur, y.span(), restored.view());
    return rms_error(restored, x);
  };
  const double ratio = 0.05 * 0.05 / 0.04;
  const double natural = error({.noise_to_signal = ratio, .spectrum = ImageSpectrum::inverse_square});
  const double white = error({.noise_to_signal = ratio, .spectrum = ImageSpectrum::white});
  const double inverse = error({.noise_to_signal = 0});
  CHECK(natural < white);
  CHECK(white < inverse);
}

TEST_CASE("Wiener sets frequencies that the kernel removes to zero") {
  const Shape shape{.t = 1, .h = 6, .w = 8};
  const FullBlur<double> difference(shape, Tensor<double>({.h = 1, .w = 2}, Buffer<double>{1, -1}.span()));
  const Buffer<double> y = measure(difference, random_video<double>(shape));
  Tensor<double> restored(shape);
  Wiener<double>{.noise_to_signal = 0}.restore(Cpu{}, difference, y.span(), restored.view());
  for (double v : restored.flat()) REQUIRE(std::isfinite(v));
  // What remains is x less the mean over its zero-padded row, of 11 entries.
  const Tensor<double> x = random_video<double>(shape);
  for (Index h = 0; h < shape.h; ++h) {
    double mean = 0;
    for (Index w = 0; w < shape.w; ++w) mean += x(0, 0, h, w, 0) / 11;
    for (Index w = 0; w < shape.w; ++w) CHECK(std::abs(restored(0, 0, h, w, 0) - (x(0, 0, h, w, 0) - mean)) <= 1e-12);
  }
}

TEST_CASE("Wiener does not depend on the number of threads") {
  const Shape shape{.t = 3, .h = 10, .w = 9, .f = 3};
  const FullBlur<float> blur(shape, invertible_kernel<float>(3, 3));
  const Buffer<float> y = measure(blur, random_video<float>(shape), 0.01);
  Tensor<float> one(shape), four(shape);
  Wiener<float>{}.restore(Cpu{.threads = 1}, blur, y.span(), one.view());
  Wiener<float>{}.restore(Cpu{.threads = 4}, blur, y.span(), four.view());
  for (Index i = 0; i < one.size(); ++i) REQUIRE(one[i] == four[i]);
}

TEST_CASE("Wiener transforms avoid the zeros of the usual kernels, and large primes") {
  for (auto [size, expected] :
       {std::pair<Index, Index>{1, 1}, {2, 5}, {12, 13}, {17, 17}, {35, 35}, {243, 245}, {1283, 1309}})
    CHECK(detail::transform_size(size) == expected);
}

TEST_CASE("Wiener refuses what does not fit in a sentence") {
  const Shape shape{.t = 2, .h = 6, .w = 5};
  const FullBlur<float> blur(shape, invertible_kernel<float>(3, 3));
  Buffer<float> y(blur.range().size());
  Tensor<float> x(shape), wrong({.t = 1, .h = 6, .w = 5});
  CHECK_THROWS_AS(Wiener<float>{}.restore(Cpu{}, blur, y.span().first(3), x.view()), ShapeError);
  CHECK_THROWS_AS(Wiener<float>{}.restore(Cpu{}, blur, y.span(), wrong.view()), ShapeError);
  CHECK_THROWS_WITH(Wiener<float>{.noise_to_signal = -1}.restore(Cpu{}, blur, y.span(), x.view()),
                    "Wiener::restore: noise_to_signal is -1, expected a number that is not negative");
}

}  // namespace wiener_test
