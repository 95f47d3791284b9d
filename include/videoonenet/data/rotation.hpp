// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Rotation of 8-bit pictures by any angle, with the arithmetic that made Rotated MNIST.

#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>

#include "videoonenet/core/errors.hpp"
#include "videoonenet/core/shape.hpp"

namespace videoonenet {

/// Rotates a grey 8-bit picture about its centre, counter-clockwise, without changing its size.
///
/// Math: the centre of output pixel (w, h) is taken back by the inverse rotation; the four input pixels around it are
/// interpolated linearly, positions clamped at the border, the result truncated to an integer; points outside the
/// picture are 0.  Equal to Pillow's `Image.rotate(angle, BILINEAR)`.
/// Shapes: height·width entries each, not overlapping.  Units: degrees.  Errors: ShapeError, InputError (not finite).
/// Source: SPEC §4.
inline void rotate_bilinear(std::span<const std::uint8_t> input, Index height, Index width, double degrees,
                            std::span<std::uint8_t> output) {
  require_valid({.h = height, .w = width}, "rotate_bilinear");
  require_size(std::ssize(input), height * width, "rotate_bilinear", "the input");
  require_size(std::ssize(output), height * width, "rotate_bilinear", "the output");
  if (!std::isfinite(degrees)) throw InputError(sentence("rotate_bilinear: an angle of ", degrees, " is not finite"));
  // Rounding to 15 digits makes quarter turns exact.
  const double angle = -std::fmod(degrees, 360.0) * std::numbers::pi / 180;
  const double c = std::round(std::cos(angle) * 1e15) / 1e15, s = std::round(std::sin(angle) * 1e15) / 1e15;
  const double cx = double(width) / 2, cy = double(height) / 2;
  const double x_offset = cx - c * cx - s * cy, y_offset = cy + s * cx - c * cy;
  const auto pixel = [&](Index y, Index x) { return double(input[static_cast<std::size_t>(y * width + x)]); };
  for (Index h = 0; h < height; ++h)
    for (Index w = 0; w < width; ++w) {
      const double ox = double(w) + 0.5, oy = double(h) + 0.5;
      const double x = c * ox + s * oy + x_offset, y = -s * ox + c * oy + y_offset;
      std::uint8_t value = 0;
      if (x >= 0 && x < double(width) && y >= 0 && y < double(height)) {
        const double fx = std::floor(x - 0.5), fy = std::floor(y - 0.5), dx = x - 0.5 - fx, dy = y - 0.5 - fy;
        const Index left = std::max<Index>(static_cast<Index>(fx), 0), top = std::max<Index>(static_cast<Index>(fy), 0);
        const Index right = std::min(static_cast<Index>(fx) + 1, width - 1);
        const Index bottom = std::min(static_cast<Index>(fy) + 1, height - 1);
        const double upper = pixel(top, left) + (pixel(top, right) - pixel(top, left)) * dx;
        const double lower = pixel(bottom, left) + (pixel(bottom, right) - pixel(bottom, left)) * dx;
        value = static_cast<std::uint8_t>(upper + (lower - upper) * dy);
      }
      output[static_cast<std::size_t>(h * width + w)] = value;
    }
}

}  // namespace videoonenet
