// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of bicubic interpolation: the taps of every output sample, and their application along one axis.

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "videoonenet/core/executor.hpp"

namespace videoonenet {

/// How `high` samples of a fine axis lie on the `low` samples of a coarse one: fine sample i at (i − center) / factor.
struct CubicAxis {
  Index low = 1, high = 1;
  double factor = 1, center = 0;
  double sharpness = -0.5;  ///< a of `keys_kernel`
};

}  // namespace videoonenet

namespace videoonenet::cpu {

/// The four samples one interpolated value depends on, and their weights.
template <class T>
struct CubicTaps {
  std::array<Index, 4> index{};
  std::array<T, 4> weight{};
};

/// Keys' convolution kernel at distance s.
///
/// Math: w(s) = (a+2)|s|³ − (a+3)|s|² + 1 for |s| ≤ 1, a|s|³ − 5a|s|² + 8a|s| − 4a for 1 < |s| < 2, else 0.
inline double keys_kernel(double s, double a) {
  s = std::abs(s);
  if (s <= 1) return ((a + 2) * s - (a + 3)) * s * s + 1;
  return s < 2 ? ((a * s - 5 * a) * s + 8 * a) * s - 4 * a : 0;
}

/// Taps of the value at `position`, in units of the `count` samples, which continue beyond their ends by replication.
template <class T>
CubicTaps<T> cubic_taps(double position, Index count, double a) {
  const double base = std::floor(position);
  CubicTaps<T> taps;
  for (int k = 0; k < 4; ++k) {
    const double sample = base + double(k) - 1;
    taps.index[static_cast<std::size_t>(k)] = std::clamp<Index>(static_cast<Index>(sample), 0, count - 1);
    taps.weight[static_cast<std::size_t>(k)] = static_cast<T>(keys_kernel(position - sample, a));
  }
  return taps;
}

/// Interpolates along the middle axis: y[outer, i, inner] = Σ_k w_ik x[outer, index_ik, inner].
///
/// Shapes: x is outer × low × inner, y outer × high × inner.
template <class T>
void cubic_interpolate(const Executor& ex, const CubicAxis& axis, Index inner, Input<T> x, Output<T> y) {
  std::vector<CubicTaps<T>> taps(static_cast<std::size_t>(axis.high));
  for (std::size_t i = 0; i < taps.size(); ++i)
    taps[i] = cubic_taps<T>((double(i) - axis.center) / axis.factor, axis.low, axis.sharpness);
  parallel_for(ex, std::ssize(y) / (axis.high * inner), [&](Index outer) {
    for (Index i = 0; i < axis.high; ++i) {
      const CubicTaps<T>& t = taps[static_cast<std::size_t>(i)];
      const T* px = x.data() + outer * axis.low * inner;
      const T *x0 = px + t.index[0] * inner, *x1 = px + t.index[1] * inner;
      const T *x2 = px + t.index[2] * inner, *x3 = px + t.index[3] * inner;
      T* py = y.data() + (outer * axis.high + i) * inner;
      for (Index j = 0; j < inner; ++j)
        py[j] = t.weight[0] * x0[j] + t.weight[1] * x1[j] + t.weight[2] * x2[j] + t.weight[3] * x3[j];
    }
  });
}

}  // namespace videoonenet::cpu
