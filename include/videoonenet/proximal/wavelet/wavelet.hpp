// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Wavelet sparsity of a video: its proximal operator is soft thresholding of wavelet coefficients.

#include "videoonenet/concepts/proximal_operator.hpp"
#include "videoonenet/proximal/wavelet/wavelet_transform.hpp"
#include "videoonenet/proximal/weight.hpp"

namespace videoonenet {

/// Sparsity of the coefficients of an orthonormal wavelet transform over frames, rows and columns.
///
/// Math: φ(x) = λ‖W x‖₁, prox_{τφ}(v) = Wᵀ soft(W v, τλ), exact because WᵀW = I; with `Approximation::keep` the norm
/// leaves out the approximation (mean brightness has no reason to be sparse).
/// Shapes: any batch; the videos of a batch are independent.
/// Errors: InputError for a negative or infinite weight, or for levels that the videos do not have.
/// Cost: one transform and its inverse, and a pass; see WaveletTransform.
/// Source: VON §4 (baseline "3D wavelet sparsity"), for which see `published`.
template <class T>
struct Wavelet {
  using value_type = T;

  /// What happens to the approximation, the coefficients that are left after the last level.
  enum class Approximation {
    keep,       ///< it is not thresholded
    threshold,  ///< it is thresholded like the details
  };

  T lambda = T(0.05);                                 ///< weight λ ≥ 0
  AxisWavelets wavelets{};                            ///< temporal Haar, spatial db4
  Levels levels = Levels::automatic;                  ///< how often each axis is halved
  Approximation approximation = Approximation::keep;  ///< whether it counts in φ

  /// The baseline of VON's tables: one wavelet and one number of levels for all axes, every coefficient thresholded.
  static Wavelet published(T lambda = T(0.05), WaveletName name = WaveletName::db4) {
    return {.lambda = lambda,
            .wavelets = {.t = name, .h = name, .w = name},
            .levels = Levels::published,
            .approximation = Approximation::threshold};
  }

  /// The transform for videos of one shape and the memory of a call.
  template <Executor Ex>
  struct Cache {
    WaveletTransform<T> transform;
    WaveletScratch<T, Ex> scratch;
    decltype(std::declval<const Ex&>().template allocate<T>(0)) coefficients;  ///< of the last call
  };

  template <Executor Ex>
  Cache<Ex> make_cache(const Ex& ex, const Shape& shape) const {
    WaveletTransform<T> transform(shape, wavelets, levels);
    return {transform, transform.make_scratch(ex), ex.template allocate<T>(shape.size())};
  }

  template <Executor Ex>
  void apply(const Ex& ex, Cache<Ex>& cache, View<const T> v, T tau, View<T> x) const {
    const T weight = proximal_weight(tau, lambda, "Wavelet");
    if (cache.transform.plan().levels() == 0 && approximation == Approximation::threshold)
      return soft_threshold(ex, weight, v.flat(), x.flat());  // W = I
    const std::span<T> c = cache.coefficients.span();
    cache.transform.forward(ex, cache.scratch, v.flat(), c);
    wavelet_threshold(ex, cache.transform.plan(), spared(cache.transform), weight, c);
    cache.transform.inverse(ex, cache.scratch, c, x.flat());
  }
  /// φ(x).
  template <Executor Ex>
  double value(const Ex& ex, Cache<Ex>& cache, View<const T> x) const {
    const std::span<T> c = cache.coefficients.span();
    cache.transform.forward(ex, cache.scratch, x.flat(), c);
    return double(lambda) * wavelet_l1_norm(ex, cache.transform.plan(), spared(cache.transform), std::span<const T>(c));
  }

 private:
  Shape spared(const WaveletTransform<T>& transform) const {
    return approximation == Approximation::keep ? transform.approximation() : Shape{.t = 0, .h = 0, .w = 0};
  }
};

}  // namespace videoonenet
