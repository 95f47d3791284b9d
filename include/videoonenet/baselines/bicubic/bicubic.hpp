// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Bicubic interpolation, the closed-form classical baseline for super resolution.

#include <cmath>

#include "videoonenet/baselines/bicubic/bicubic_cpu.hpp"
#include "videoonenet/operators/box_downsample/box_downsample.hpp"
#include "videoonenet/operators/strided_blur/strided_blur.hpp"

namespace videoonenet {

/// Cubic convolution of every frame and channel of a low-resolution video, back to the video's grid.
///
/// Math: x[h, w] = Σᵢⱼ y[i, j] w(p(h) − i) w(p(w) − j) with Keys' kernel w (see `keys_kernel`) and p(h) = (h − c) / q,
/// where c is the row of the video that the first measured row is centred on: (q − 1)/2 for q × q boxes, 0 or ½ for a
/// kernel of odd or even size kept every q-th pixel. y continues beyond its border by replication, and so do rows and
/// columns that no box covers. Constants are reproduced everywhere, linear ramps two measured pixels from the border.
/// Shapes: y has the operator's range, x its domain; they may share memory.
/// Errors: ShapeError, InputError for a sharpness that is not finite.
/// Cost: eight multiply-adds an entry and one intermediate T×h×W×F video, allocated in every call.
/// Source: Keys, "Cubic convolution interpolation for digital image processing" (1981).
template <class T>
struct Bicubic {
  /// The slope a of the kernel at distance 1: −0.5 is Keys' third-order choice (also Pillow's and MATLAB's), −0.75 is
  /// sharper (OpenCV's and PyTorch's).
  double sharpness = -0.5;

  /// Interpolates box means.
  template <Executor Ex>
  void restore(const Ex& ex, const BoxDownsample<T>& a, std::span<const T> y, View<T> x) const {
    require(a, y, x);
    const double center = (double(a.factor()) - 1) / 2;
    interpolate(ex, a.range(), a.factor(), {center, center}, y, x);
  }

  /// Interpolates a blurred video of which every q-th pixel was kept.
  template <Executor Ex>
  void restore(const Ex& ex, const StridedBlur<T>& a, std::span<const T> y, View<T> x) const {
    require(a, y, x);
    const auto center = [](Index extent) { return double(extent / 2) - (double(extent) - 1) / 2; };
    interpolate(ex, a.range(), a.stride(), {center(a.kernel().shape.h), center(a.kernel().shape.w)}, y, x);
  }

 private:
  template <class A>
  void require(const A& a, std::span<const T> y, View<T> x) const {
    require_size(std::ssize(y), a.range().size(), "Bicubic::restore", "the measurement y");
    require_shape(x.shape, a.domain(), "Bicubic::restore", "x");
    if (!std::isfinite(sharpness))
      throw InputError(sentence("Bicubic::restore: the sharpness is ", sharpness, ", expected a finite number"));
  }

  /// Where in the video the first measured pixel is centred.
  struct Center {
    double row, column;
  };

  template <Executor Ex>
  void interpolate(const Ex& ex, const Shape& low, Index factor, Center center, std::span<const T> y, View<T> x) const {
    const Shape& high = x.shape;
    auto wide = ex.template allocate<T>(low.t * low.h * high.w * high.f);
    const auto axis = [&](Index from, Index to, double first) {
      return CubicAxis{.low = from, .high = to, .factor = double(factor), .center = first, .sharpness = sharpness};
    };
    cubic_interpolate(ex, axis(low.w, high.w, center.column), low.f, y, wide.span());
    cubic_interpolate(ex, axis(low.h, high.h, center.row), high.w * high.f, wide.span(), x.flat());
  }
};

}  // namespace videoonenet
