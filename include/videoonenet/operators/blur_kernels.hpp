// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Blur kernels: disks, lines, Gaussians and boxes in space, boxes in time.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "videoonenet/core/tensor.hpp"

namespace videoonenet {

namespace detail {

/// Checks the side of a kernel.
inline void require_side(Index k, const char* where) {
  if (k < 1 || k > 4096) throw InputError(sentence(where, ": a side of ", k, " was given, expected 1 to 4096"));
}

/// The k×k kernel (1×1×k×k×1) of weight(row, column), divided by the sum of the weights unless that is zero.
template <class T, class Weight>
Tensor<T> normalized_kernel(Index k, Weight&& weight) {
  Tensor<T> kernel(Shape{.h = k, .w = k});
  Tensor<double> weights(kernel.shape());
  double sum = 0;
  for (Index i = 0; i < k; ++i)
    for (Index j = 0; j < k; ++j) sum += weights[i * k + j] = weight(i, j);
  for (Index i = 0; i < kernel.size(); ++i) kernel[i] = static_cast<T>(sum > 0 ? weights[i] / sum : 0.0);
  return kernel;
}

/// Cosine and sine of an angle in degrees.
struct Direction {
  explicit Direction(double degrees, const char* where) {
    if (!std::isfinite(degrees))
      throw InputError(sentence(where, ": an angle of ", degrees, " degrees was given, expected a finite number"));
    const double radians = std::fmod(degrees, 360.0) * (std::numbers::pi / 180);
    cosine = snap(std::cos(radians));
    sine = snap(std::sin(radians));
  }
  double cosine, sine;

 private:
  // Multiples of 90° give exact zeros, which lines along an axis need.
  static double snap(double v) { return std::abs(v) < 1e-12 ? 0.0 : v; }
};

}  // namespace detail

/// The published out-of-focus kernel: 4×4, twelve equal taps within distance 2 of the centre, sum 1.
/// Source: SPEC §3 `disk_blur`.
template <class T>
Tensor<T> disk_kernel() {
  return detail::normalized_kernel<T>(4, [](Index i, Index j) {
    const double y = double(i) - 1.5, x = double(j) - 1.5;
    return x * x + y * y <= 4 ? 1.0 : 0.0;
  });
}

/// The published motion kernel: 3×3, a line along the bottom row, rotated counter-clockwise about the centre, nearest
/// neighbour, sum 1; all zero should the line leave the frame.
/// Units: degrees.  Errors: InputError when the angle is not finite.  Source: SPEC §3 `motion_blur`, the public code.
template <class T>
Tensor<T> motion_kernel_published(double angle_degrees) {
  const detail::Direction d(angle_degrees, "motion_kernel_published");
  // Halves round up; 1e-9 keeps rounding errors of sine and cosine from moving a half (30°, 120°, …).
  const auto nearest = [](double v) { return std::floor(v + 0.5 + 1e-9); };
  return detail::normalized_kernel<T>(3, [=](Index i, Index j) {
    const double y = double(i) - 1, x = double(j) - 1;
    const double source_x = nearest(d.cosine * x - d.sine * y), source_y = nearest(d.sine * x + d.cosine * y);
    return source_y == 1 && std::abs(source_x) <= 1 ? 1.0 : 0.0;
  });
}

/// A k×k motion kernel: a line of length k through the centre, at an angle counter-clockwise from the horizontal.
/// Math: the weight of a pixel is the length of the line within it, divided by k (exact antialiasing), sum 1.
/// Units: degrees.  Errors: InputError.  Source: SPEC §3 `motion_blur`, the general operator.
template <class T>
Tensor<T> line_kernel(Index k, double angle_degrees) {
  detail::require_side(k, "line_kernel");
  const detail::Direction d(angle_degrees, "line_kernel");
  const double half = double(k) / 2;
  return detail::normalized_kernel<T>(k, [=](Index i, Index j) {
    // The part of t ∈ [−k/2, k/2] for which t·(cos, −sin) lies in the closed unit square around the pixel's centre.
    double begin = -half, end = half;
    const auto clip = [&](double speed, double centre) {
      if (speed == 0) {
        if (std::abs(centre) > 0.5) end = begin;
        return;
      }
      const double a = (centre - 0.5) / speed, b = (centre + 0.5) / speed;
      begin = std::max(begin, std::min(a, b));
      end = std::min(end, std::max(a, b));
    };
    clip(d.cosine, double(j) - (double(k) - 1) / 2);
    clip(-d.sine, double(i) - (double(k) - 1) / 2);
    return std::max(0.0, end - begin);
  });
}

/// A k×k Gaussian of standard deviation `sigma` pixels, sampled at pixel centres, sum 1.
/// Units: pixels.  Errors: InputError.
template <class T>
Tensor<T> gaussian_kernel(Index k, double sigma) {
  detail::require_side(k, "gaussian_kernel");
  if (!(sigma > 0) || !std::isfinite(sigma))
    throw InputError(sentence("gaussian_kernel: a sigma of ", sigma, " was given, expected a positive number"));
  const double centre = (double(k) - 1) / 2;
  return detail::normalized_kernel<T>(k, [=](Index i, Index j) {
    const double y = double(i) - centre, x = double(j) - centre;
    return std::exp(-(x * x + y * y) / (2 * sigma * sigma));
  });
}

/// A k×k box, every tap 1/k².
/// Errors: InputError.
template <class T>
Tensor<T> flat_kernel(Index k) {
  detail::require_side(k, "flat_kernel");
  return detail::normalized_kernel<T>(k, [](Index, Index) { return 1.0; });
}

/// k equal taps 1/k over time; the published temporal blur has four.
/// Errors: InputError.  Source: SPEC §3 `temporal_disk_blur`.
template <class T>
Buffer<T> temporal_taps(Index k = 4) {
  detail::require_side(k, "temporal_taps");
  Buffer<T> taps(k);
  std::ranges::fill(taps, static_cast<T>(1.0 / double(k)));
  return taps;
}

}  // namespace videoonenet
