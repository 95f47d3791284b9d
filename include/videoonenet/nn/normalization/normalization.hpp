// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What instance norm and batch norm share: entries with a common mean and deviation are brought to mean β and
/// deviation γ.
///
/// Math: an array of groups × pixels × channels, channels last; every (group, channel) has the mean μ and the
/// population deviation σ of its n = pixels entries, every channel its γ and β:
///   v = γ (x − μ)/s + β, y = f(v), with s = σ + ε or s = √(σ² + ε).
/// Adjoint, with g = f′(v) grad_y and x̂ = (x − μ)/s, sums over the n entries:
///   grad_β += Σ g, grad_γ += Σ g x̂,
///   grad_x += γ/s (g − Σg/n − (x − μ) k Σ(g x̂)/n), k = (∂s/∂σ)/σ, which is 1/σ or 1/s;
/// without the two sums where μ and σ are constants. Where σ = 0 all entries equal μ and σ has no derivative: the last
/// term is left out, which is its limit along every direction that keeps the entries equal.

#include <cmath>

#include "videoonenet/core/config.hpp"
#include "videoonenet/core/view.hpp"

namespace videoonenet {

/// Where ε, which keeps s from 0, is added.
enum class EpsilonPlacement {
  deviation,  ///< s = σ + ε, the public VideoOneNet code's
  variance,   ///< s = √(σ² + ε)
};

/// Mean and population standard deviation.
struct Moments {
  double mean = 0, deviation = 0;
};

/// Which entries are normalised together, and how.
struct Normalization {
  Index groups = 1, pixels = 1, channels = 1;
  double epsilon = 1e-3;
  EpsilonPlacement placement = EpsilonPlacement::deviation;
  bool constant_moments = false;  ///< whether μ and σ do not depend on x

  VIDEOONENET_HOST_DEVICE constexpr Index size() const { return groups * pixels * channels; }
  /// s.
  VIDEOONENET_HOST_DEVICE double divisor(double deviation) const {
    return placement == EpsilonPlacement::deviation ? deviation + epsilon : std::sqrt(deviation * deviation + epsilon);
  }
  /// k = (∂s/∂σ)/σ.
  VIDEOONENET_HOST_DEVICE double curvature(double deviation) const {
    if (placement == EpsilonPlacement::variance) return 1 / divisor(deviation);
    return deviation > 0 ? 1 / deviation : 0;
  }
};

}  // namespace videoonenet
