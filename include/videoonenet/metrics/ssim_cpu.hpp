// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernel of the structural similarity.

#include <array>
#include <cmath>
#include <vector>

#include "videoonenet/core/executor.hpp"

namespace videoonenet::cpu {

namespace detail {

/// The largest odd window of at most 11 taps that fits into `extent` entries, Gaussian with σ = 1.5 and sum 1.
inline std::vector<double> ssim_window(Index extent) {
  const Index size = std::min<Index>(11, extent % 2 == 1 ? extent : extent - 1);
  std::vector<double> taps(static_cast<std::size_t>(size));
  double sum = 0;
  for (Index i = 0; i < size; ++i) {
    const double d = double(i - size / 2) / 1.5;
    sum += taps[static_cast<std::size_t>(i)] = std::exp(-d * d / 2);
  }
  for (double& tap : taps) tap /= sum;
  return taps;
}

/// Five windowed moments: E x, E y, E x², E y², E xy.
using WindowMoments = std::array<double, 5>;

inline double similarity(const WindowMoments& m) {
  constexpr double c1 = 0.01 * 0.01, c2 = 0.03 * 0.03;
  const auto [mx, my, mxx, myy, mxy] = m;
  return (2 * mx * my + c1) * (2 * (mxy - mx * my) + c2) /
         ((mx * mx + my * my + c1) * (mxx - mx * mx + myy - my * my + c2));
}

/// Sum of the similarity over the valid positions of one channel of one frame.
template <class T>
double frame_similarity(const Shape& s, Index channel, const T* x, const T* y) {
  const auto rows = ssim_window(s.h), columns = ssim_window(s.w);
  const Index valid_h = s.h - std::ssize(rows) + 1, valid_w = s.w - std::ssize(columns) + 1;
  std::vector<WindowMoments> vertical(static_cast<std::size_t>(Index(s.w)));
  double sum = 0;
  for (Index h = 0; h < valid_h; ++h) {
    for (Index w = 0; w < s.w; ++w) {
      WindowMoments m{};
      for (std::size_t k = 0; k < rows.size(); ++k) {
        const Index i = s.offset(0, 0, h + static_cast<Index>(k), w, channel);
        const double a = double(x[i]), b = double(y[i]), tap = rows[k];
        m[0] += tap * a;
        m[1] += tap * b;
        m[2] += tap * a * a;
        m[3] += tap * b * b;
        m[4] += tap * a * b;
      }
      vertical[static_cast<std::size_t>(w)] = m;
    }
    for (Index w = 0; w < valid_w; ++w) {
      WindowMoments m{};
      for (std::size_t k = 0; k < columns.size(); ++k)
        for (std::size_t j = 0; j < m.size(); ++j) m[j] += columns[k] * vertical[static_cast<std::size_t>(w) + k][j];
      sum += similarity(m);
    }
  }
  return sum / double(valid_h * valid_w);
}

}  // namespace detail

/// Mean structural similarity over frames and channels; frames are spread over threads and added in order.
template <class T>
double structural_similarity(const Executor& ex, const Shape& s, Input<T> x, Input<T> y) {
  std::vector<double> scores(static_cast<std::size_t>(s.t * s.f));
  parallel_for(ex, s.t * s.f, [&](Index i) {
    const Index begin = i / s.f * s.frame_size();
    scores[static_cast<std::size_t>(i)] = detail::frame_similarity(s, i % s.f, x.data() + begin, y.data() + begin);
  });
  double sum = 0;
  for (double score : scores) sum += score;
  return sum / double(s.t * s.f);
}

}  // namespace videoonenet::cpu
