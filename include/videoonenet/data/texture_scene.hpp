// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Procedural colour scenes: textured objects that move over a moving background.

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "videoonenet/core/random.hpp"

namespace videoonenet {

/// A random scene that can be looked at from any frame size at any time; positions are in units of the shorter side,
/// from the centre of the frame, x to the right and y down.
///
/// Math: textures are sums of cosine waves with amplitudes ∝ 1/frequency, each faded out before the frame's Nyquist
/// frequency, so that the picture is band-limited; objects are smooth closed curves whose edge is one pixel soft, on
/// Lissajous paths.  Units: time in frames.
class TextureScene {
 public:
  using Color = std::array<double, 3>;

  explicit TextureScene(Random& random) {
    background_ = draw_surface(random, 26, 1.0, 0.30);
    drift_angle_ = turn(random);
    const Index count = 5 + random.integer(3);
    for (Index i = 0; i < count; ++i) objects_.push_back(draw_object(random, double(i) / double(count)));
  }

  /// Colour of the point (x, y) at time t, for a frame with `pixels` pixels per unit.
  Color color(double x, double y, double t, double pixels) const {
    const double zoom = 1 + 0.12 * std::sin(0.05 * t + drift_angle_), roll = 0.10 * std::sin(0.04 * t);
    const double path = 0.010 * t;
    const double bx = zoom * (x * std::cos(roll) - y * std::sin(roll)) + path * std::cos(drift_angle_);
    const double by = zoom * (x * std::sin(roll) + y * std::cos(roll)) + path * std::sin(drift_angle_);
    Color c = shade(background_, bx, by, pixels / zoom);
    const double light = 1.04 - 0.22 * (x * x + y * y) - 0.10 * y;
    for (double& v : c) v *= light;
    for (const Object& o : objects_) paint(o, x, y, t, pixels, c);
    return c;
  }

 private:
  struct Wave {
    double kx, ky, phase, frequency;
    Color amplitude;
  };
  struct Surface {
    Color base;
    std::vector<Wave> waves;
  };
  struct Object {
    Surface surface;
    double radius, cx, cy, ax, ay, wx, wy, px, py, angle, spin;
    std::array<double, 3> lobe, lobe_phase;
  };

  static double turn(Random& random) { return 2 * std::numbers::pi * random.uniform(); }
  static double between(Random& random, double low, double high) { return low + (high - low) * random.uniform(); }

  /// A colour of the given hue in [0, 1), not fully saturated.
  static Color hue_color(double hue, double saturation, double value) {
    Color c;
    for (std::size_t i = 0; i < 3; ++i) {
      const double wave = 0.5 + 0.5 * std::cos(2 * std::numbers::pi * (hue - double(i) / 3));
      c[i] = value * (1 - saturation + saturation * wave);
    }
    return c;
  }

  static Surface draw_surface(Random& random, int waves, double lowest, double contrast) {
    const double hue = random.uniform();
    Surface s{hue_color(hue, between(random, 0.35, 0.6), between(random, 0.5, 0.75)), {}};
    double power = 0;
    for (int i = 0; i < waves; ++i) {
      const double frequency = lowest * std::pow(28.0, (double(i) + random.uniform()) / waves),
                   direction = turn(random);
      const double k = 2 * std::numbers::pi * frequency, amplitude = std::pow(frequency / lowest, -0.75);
      const Color tint = hue_color(hue + 0.25 * random.normal(), 0.45, 1.0);
      Wave w{k * std::cos(direction), k * std::sin(direction), turn(random), frequency, {}};
      for (std::size_t c = 0; c < 3; ++c) w.amplitude[c] = amplitude * tint[c];
      power += amplitude * amplitude / 2;
      s.waves.push_back(w);
    }
    for (Wave& w : s.waves)
      for (double& a : w.amplitude) a *= 0.6 * contrast / std::sqrt(power);
    return s;
  }

  static Object draw_object(Random& random, double depth) {
    Object o{};
    o.surface = draw_surface(random, 10, 2.5, 0.34);
    const double value = between(random, 0.6, 0.95);
    o.surface.base = hue_color(random.uniform(), between(random, 0.55, 0.9), value);
    add_pattern(random, o.surface);
    o.radius = between(random, 0.10, 0.17) * (1 + 0.45 * depth);
    o.cx = between(random, -0.5, 0.5);
    o.cy = between(random, -0.38, 0.38);
    o.ax = between(random, 0.10, 0.28);
    o.ay = between(random, 0.06, 0.18);
    const double speed = between(random, 0.015, 0.035);  // units a frame
    o.wx = speed / o.ax;
    o.wy = speed / o.ay * between(random, 0.5, 0.9);
    o.px = turn(random);
    o.py = turn(random);
    o.angle = turn(random);
    o.spin = between(random, 0.02, 0.09) * (random.uniform() < 0.5 ? -1 : 1);
    for (std::size_t k = 0; k < 3; ++k) {
      o.lobe[k] = between(random, 0.0, 0.16 / double(k + 1));
      o.lobe_phase[k] = turn(random);
    }
    return o;
  }

  /// Stripes, or two crossed stripes, that make an object's own motion visible.
  static void add_pattern(Random& random, Surface& s) {
    const double frequency = between(random, 4, 9), direction = turn(random), k = 2 * std::numbers::pi * frequency;
    const Index stripes = 1 + random.integer(2);
    for (Index i = 0; i < stripes; ++i) {
      const double a = direction + double(i) * std::numbers::pi / 2, sign = random.uniform() < 0.5 ? -1 : 1;
      Wave w{k * std::cos(a), k * std::sin(a), turn(random), frequency, {}};
      for (std::size_t c = 0; c < 3; ++c) w.amplitude[c] = sign * between(random, 0.05, 0.2) / double(stripes);
      s.waves.push_back(w);
    }
  }

  static Color shade(const Surface& s, double x, double y, double pixels) {
    Color c = s.base;
    for (const Wave& w : s.waves) {
      const double relative = w.frequency / (0.3 * pixels);
      if (relative > 1.6) continue;
      const double value = std::cos(w.kx * x + w.ky * y + w.phase) * std::exp(-relative * relative * relative);
      for (std::size_t i = 0; i < 3; ++i) c[i] += value * w.amplitude[i];
    }
    return c;
  }

  /// Signed distance inside the object's outline, roughly, in units; dx and dy from its centre.
  static double inside(const Object& o, double dx, double dy, double angle) {
    const double r = std::hypot(dx, dy);
    if (r > 1.5 * o.radius) return -1;
    const double a = std::atan2(dy, dx) - angle;
    double outline = 1;
    for (std::size_t k = 0; k < 3; ++k) outline += o.lobe[k] * std::cos(double(k + 2) * a + o.lobe_phase[k]);
    return o.radius * outline - r;
  }

  static void paint(const Object& o, double x, double y, double t, double pixels, Color& c) {
    const double dx = x - o.cx - o.ax * std::sin(o.wx * t + o.px), dy = y - o.cy - o.ay * std::sin(o.wy * t + o.py);
    const double angle = o.angle + o.spin * t;
    const double shadow = inside(o, dx - 0.02, dy - 0.03, angle);
    const double darkness = 0.4 * std::clamp(0.5 + shadow / 0.05, 0.0, 1.0);
    for (double& v : c) v *= 1 - darkness;
    const double depth = inside(o, dx, dy, angle), alpha = std::clamp(0.5 + 0.8 * depth * pixels, 0.0, 1.0);
    if (alpha == 0) return;
    const double u = std::cos(angle) * dx + std::sin(angle) * dy, v = std::cos(angle) * dy - std::sin(angle) * dx;
    const Color own = shade(o.surface, u, v, pixels);
    const double rim = std::clamp(1 - depth / o.radius, 0.0, 1.0);
    const double light = 1.08 - 0.35 * rim * rim - 0.22 * (dx + 1.4 * dy) / o.radius;
    for (std::size_t i = 0; i < 3; ++i) c[i] += alpha * (own[i] * light - c[i]);
  }

  Surface background_;
  double drift_angle_ = 0;
  std::vector<Object> objects_;
};

}  // namespace videoonenet
