// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Procedural digits: pen strokes of varying hand, rotating like Rotated MNIST.

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "videoonenet/core/random.hpp"

namespace videoonenet {

namespace detail {

/// A cubic Bézier stroke of one digit in the unit square, y down: four control points.
struct DigitStroke {
  int digit;
  std::array<double, 8> points;
};

inline constexpr DigitStroke digit_strokes[] = {
    {0, {.50, .12, .15, .12, .15, .88, .50, .88}}, {0, {.50, .88, .85, .88, .85, .12, .50, .12}},
    {1, {.36, .28, .42, .24, .50, .18, .55, .12}}, {1, {.55, .12, .55, .40, .55, .60, .55, .88}},
    {2, {.25, .30, .28, .05, .76, .05, .74, .33}}, {2, {.74, .33, .73, .55, .35, .70, .24, .87}},
    {2, {.24, .87, .42, .87, .60, .87, .78, .87}}, {3, {.27, .20, .40, .05, .75, .08, .72, .30}},
    {3, {.72, .30, .70, .45, .55, .48, .45, .48}}, {3, {.45, .48, .62, .48, .78, .55, .76, .70}},
    {3, {.76, .70, .74, .93, .38, .95, .24, .80}}, {4, {.62, .12, .50, .28, .35, .46, .22, .62}},
    {4, {.22, .62, .42, .62, .60, .62, .80, .62}}, {4, {.62, .12, .62, .40, .62, .60, .62, .90}},
    {5, {.72, .13, .58, .13, .45, .13, .32, .13}}, {5, {.32, .13, .31, .25, .30, .35, .29, .45}},
    {5, {.29, .45, .50, .36, .77, .45, .75, .67}}, {5, {.75, .67, .73, .93, .40, .95, .25, .82}},
    {6, {.66, .12, .40, .20, .26, .45, .27, .68}}, {6, {.27, .68, .28, .95, .74, .95, .73, .67}},
    {6, {.73, .67, .72, .42, .30, .42, .27, .68}}, {7, {.24, .14, .42, .14, .60, .14, .76, .14}},
    {7, {.76, .14, .60, .40, .47, .60, .42, .88}}, {8, {.50, .48, .18, .42, .22, .10, .50, .10}},
    {8, {.50, .10, .78, .10, .82, .42, .50, .48}}, {8, {.50, .48, .13, .55, .18, .90, .50, .90}},
    {8, {.50, .90, .82, .90, .87, .55, .50, .48}}, {9, {.72, .33, .70, .06, .26, .06, .27, .34}},
    {9, {.27, .34, .28, .60, .70, .58, .72, .33}}, {9, {.72, .33, .74, .60, .66, .80, .56, .90}}};

}  // namespace detail

/// One handwritten-looking digit turning about the centre of the frame; coordinates as in TextureScene.
///
/// Math: strokes are cubic Bézier curves with jittered control points, slant and aspect; brightness falls from one to
/// zero over one pixel at half the pen's width from the curve.  Turns counter-clockwise by 40° a frame.
/// Source: SPEC §4 (Rotated MNIST).
class StrokeScene {
 public:
  using Color = std::array<double, 3>;

  explicit StrokeScene(Random& random) {
    const auto digit = static_cast<int>(random.integer(10));
    const double slant = 0.18 * random.normal(), width = 0.72 + 0.12 * random.uniform(), height = 0.80;
    phase_ = 2 * std::numbers::pi * random.uniform();
    half_pen_ = 0.035 + 0.025 * random.uniform();
    for (double& c : ink_) c = 0.55 + 0.45 * random.uniform();
    ink_[static_cast<std::size_t>(random.integer(3))] = 1;
    for (const auto& stroke : detail::digit_strokes)
      if (stroke.digit == digit) add_stroke(stroke, slant, width, height, random);
  }

  /// Colour of the point (x, y) at time t, for a frame with `pixels` pixels per unit.
  Color color(double x, double y, double t, double pixels) const {
    const double brightness = coverage(x, y, t, pixels);
    return {brightness * ink_[0], brightness * ink_[1], brightness * ink_[2]};
  }

  /// How much of the point the pen covers, in [0, 1].
  double coverage(double x, double y, double t, double pixels) const {
    const double a = phase_ + t * 40 * std::numbers::pi / 180;
    const double px = x * std::cos(a) - y * std::sin(a), py = x * std::sin(a) + y * std::cos(a);
    double nearest = 1e9;
    for (const Segment& s : segments_) {
      const double along = std::clamp(((px - s.x) * s.dx + (py - s.y) * s.dy) / s.squared_length, 0.0, 1.0);
      const double ex = px - s.x - along * s.dx, ey = py - s.y - along * s.dy;
      nearest = std::min(nearest, ex * ex + ey * ey);
    }
    return std::clamp(0.5 + (half_pen_ - std::sqrt(nearest)) * pixels, 0.0, 1.0);
  }

 private:
  struct Segment {
    double x, y, dx, dy, squared_length;
  };

  void add_stroke(const detail::DigitStroke& stroke, double slant, double width, double height, Random& random) {
    std::array<double, 8> p = stroke.points;
    for (std::size_t i = 2; i < 6; ++i) p[i] += 0.02 * random.normal();  // the ends stay joined
    for (std::size_t i = 0; i < 8; i += 2) {
      const double u = (p[i] - 0.5) * width, v = (p[i + 1] - 0.5) * height;
      p[i] = u - slant * v;
      p[i + 1] = v;
    }
    constexpr int pieces = 14;
    double x = p[0], y = p[1];
    for (int k = 1; k <= pieces; ++k) {
      const double s = double(k) / pieces, r = 1 - s;
      const double b0 = r * r * r, b1 = 3 * r * r * s, b2 = 3 * r * s * s, b3 = s * s * s;
      const double nx = b0 * p[0] + b1 * p[2] + b2 * p[4] + b3 * p[6];
      const double ny = b0 * p[1] + b1 * p[3] + b2 * p[5] + b3 * p[7];
      const double dx = nx - x, dy = ny - y;
      segments_.push_back({x, y, dx, dy, std::max(dx * dx + dy * dy, 1e-12)});
      x = nx;
      y = ny;
    }
  }

  double phase_ = 0, half_pen_ = 0;
  Color ink_{};
  std::vector<Segment> segments_;
};

}  // namespace videoonenet
