// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Wiener deconvolution, the closed-form classical baseline for blur in space or time.

#include <cmath>

#include "videoonenet/baselines/wiener/wiener_cpu.hpp"
#include "videoonenet/operators/full_blur/full_blur.hpp"
#include "videoonenet/operators/temporal_blur/temporal_blur.hpp"

namespace videoonenet {

/// What a Wiener filter takes the spectrum of a clean image to be.
enum class ImageSpectrum {
  white,           ///< S(f) constant: Tikhonov regularisation
  inverse_square,  ///< S(f) ∝ 1/|f|², as natural images have it (Field 1987)
};

namespace detail {

/// The smallest size ≥ `size` whose prime factors lie between 5 and 31.
///
/// Neither 2 nor 3, because the usual kernels vanish at halves and thirds of the sampling rate (the disk at ½ and ⅓,
/// the temporal blur at ½), frequencies that only grids divisible by them have; small, because the transform's cost
/// grows with its largest prime.
inline Index transform_size(Index size) {
  for (Index candidate = size;; ++candidate) {
    Index rest = candidate;
    for (Index prime : {5, 7, 11, 13, 17, 19, 23, 29, 31})
      while (rest % prime == 0) rest /= prime;
    if (rest == 1) return candidate;
  }
}

}  // namespace detail

/// The linear estimate of least mean squared error from a blurred, noisy video, were videos periodic and Gaussian.
///
/// Math: X = conj(K) Y / (|K|² + NSR(f)) per frame and channel, then cropped, NSR(f) = σ² / S(f). A full convolution is
/// circular on any grid that holds its output, so no boundary is invented; the grid's sides are `transform_size` of the
/// output's. S is scaled so that Σ S(f) = P·Q·variance, hence NSR = r for a white spectrum, and r |f|² mean(1/|f|²)
/// for 1/|f|², whose mean brightness is not shrunk, with r = `noise_to_signal`. Frequencies that neither the kernel nor
/// the noise reaches are set to zero. Blur over time is the same in one dimension.
/// Shapes: y has the operator's range, x its domain; they do not overlap.  Units: values in [0, 1].
/// Errors: ShapeError, InputError for a negative or non-finite ratio.  Computes in double.
/// Cost: two transforms of the grid for every two frames and channels.  Allocates its grids in every call.
/// Source: Wiener (1949); INV's comparison.
template <class T>
struct Wiener {
  /// Noise variance over the variance of the clean video: 1e-4 stands for σ = 0.0025 at a standard deviation of 0.25,
  /// a little more than the rounding of 8-bit values. 0 is the inverse filter.
  double noise_to_signal = 1e-4;
  ImageSpectrum spectrum = ImageSpectrum::inverse_square;

  /// Undoes a full two-dimensional convolution.
  template <Executor Ex>
  void restore(const Ex& ex, const FullBlur<T>& blur, std::span<const T> y, View<T> x) const {
    require(blur, y, x);
    filter(ex, blur.kernel(), View<const T>{y.data(), blur.range()}, x);
  }

  /// Undoes a full convolution over time: every pixel's course is a column of one tall image.
  template <Executor Ex>
  void restore(const Ex& ex, const TemporalBlur<T>& blur, std::span<const T> y, View<T> x) const {
    require(blur, y, x);
    const auto columns = [](const Shape& s) { return Shape{.h = Index(s.t), .f = s.frame_size()}; };
    const std::span<const T> taps = blur.taps();
    filter(ex, View<const T>{taps.data(), Shape{.h = std::ssize(taps)}}, View<const T>{y.data(), columns(blur.range())},
           View<T>{x.data, columns(x.shape)});
  }

 private:
  template <class A>
  void require(const A& blur, std::span<const T> y, View<T> x) const {
    require_size(std::ssize(y), blur.range().size(), "Wiener::restore", "the measurement y");
    require_shape(x.shape, blur.domain(), "Wiener::restore", "x");
    if (!(noise_to_signal >= 0) || !std::isfinite(noise_to_signal))
      throw InputError(sentence("Wiener::restore: noise_to_signal is ", noise_to_signal,
                                ", expected a number that is not negative"));
  }

  template <Executor Ex>
  void filter(const Ex& ex, View<const T> kernel, View<const T> y, View<T> x) const {
    const Index rows = detail::transform_size(y.shape.h);
    const Index cols = y.shape.w == 1 ? 1 : detail::transform_size(y.shape.w);
    wiener_filter(ex,
                  wiener_response(ex, kernel, rows, cols, noise_to_signal, spectrum == ImageSpectrum::inverse_square),
                  rows, cols, y, x);
  }
};

}  // namespace videoonenet
