// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The orthonormal separable wavelet transform of videos.

#include "videoonenet/proximal/wavelet/wavelet_cpu.hpp"
#include "videoonenet/proximal/wavelet/wavelet_plan.hpp"

namespace videoonenet {

/// Memory of a wavelet transform on one executor.
template <class T, Executor Ex>
struct WaveletScratch {
  decltype(std::declval<const Ex&>().template allocate<T>(0)) memory;
};

/// Orthonormal wavelets over frames, rows and columns, any number of levels each; channels are not mixed.
///
/// Math: c = W x with WᵀW = I. Level l transforms, of the running approximation, every axis that has at least l levels;
/// along an axis the approximation comes first, then the details, as PyWavelets' `coeffs_to_array` packs them. With the
/// same number of levels on all axes and extents that stay even, c equals `wavedecn(mode="periodization")`.
/// An odd number n of entries is transformed like its first n − 1, periodised, and the last entry is carried unchanged
/// behind their approximations: that is orthonormal, so thresholding stays an exact proximal operator. (PyWavelets
/// repeats the last entry instead, which makes n + 1 coefficients and no orthonormal transform.)
/// Adjoint: x = Wᵀ c = W⁻¹ c.
/// Shapes: c has the shape of x.  Units: those of x.
/// Errors: ShapeError, InputError for levels or wavelets that do not exist.
/// Cost: 2L multiply-adds an entry for every transformed axis (L taps), times at most 8/7 over the levels; on a device
/// a launch for every axis of every level, and scratch memory of two batches. Source: Mallat, "A theory for
/// multiresolution signal decomposition" (1989); Daubechies (1988).
template <class T>
class WaveletTransform {
 public:
  using value_type = T;

  WaveletTransform(const Shape& shape, const AxisWavelets& wavelets, const Levels& levels)
      : levels_((require_valid(shape, "WaveletTransform"), resolve_levels(levels, shape, wavelets))),
        plan_{
            .shape = shape, .t = {wavelets.t, levels_.t}, .h = {wavelets.h, levels_.h}, .w = {wavelets.w, levels_.w}} {}

  Shape shape() const { return plan_.shape; }
  /// The levels of each axis, as numbers.
  const Levels& levels() const { return levels_; }
  /// Extents of the approximation, which is the corner of c at the origin.
  Shape approximation() const { return plan_.approximation(plan_.levels()); }
  const WaveletPlan<T>& plan() const { return plan_; }

  /// The memory that forward and inverse need; one for each call that runs at the same time.
  template <Executor Ex>
  WaveletScratch<T, Ex> make_scratch(const Ex& ex) const {
    return {ex.template allocate<T>(wavelet_scratch_size(ex, plan_))};
  }

  /// c = W x; c may be the memory of x.
  template <Executor Ex>
  void forward(const Ex& ex, WaveletScratch<T, Ex>& scratch, std::span<const T> x, std::span<T> c) const {
    require_size(std::ssize(x), shape().size(), "WaveletTransform::forward", "x");
    require_size(std::ssize(c), shape().size(), "WaveletTransform::forward", "c");
    wavelet_analysis(ex, plan_, x, scratch.memory.span(), c);
  }
  /// x = Wᵀ c; c is overwritten, and x may be its memory.
  template <Executor Ex>
  void inverse(const Ex& ex, WaveletScratch<T, Ex>& scratch, std::span<T> c, std::span<T> x) const {
    require_size(std::ssize(c), shape().size(), "WaveletTransform::inverse", "c");
    require_size(std::ssize(x), shape().size(), "WaveletTransform::inverse", "x");
    wavelet_synthesis(ex, plan_, c, scratch.memory.span(), x);
  }

 private:
  Levels levels_;
  WaveletPlan<T> plan_;
};

}  // namespace videoonenet
