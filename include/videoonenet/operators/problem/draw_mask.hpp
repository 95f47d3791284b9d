// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The three inpainting masks of the papers.

#include <algorithm>
#include <cmath>

#include "videoonenet/core/tensor.hpp"
#include "videoonenet/operators/problem/draw_entries_cpu.hpp"

namespace videoonenet {

/// The nearest integer, halves to even.
inline Index round_half_even(double value) { return static_cast<Index>(std::nearbyint(value)); }

namespace detail {

/// Zeroes the part of a square box that lies in frame t.
template <class T>
void erase_box(const Shape& s, Index t, Index row, Index column, Index side, Buffer<T>& mask) {
  const Index first = std::clamp(column, Index(0), Index(s.w)), end = std::clamp(column + side, Index(0), Index(s.w));
  for (Index h = std::max(row, Index(0)); h < std::min(row + side, Index(s.h)); ++h)
    std::fill(mask.data() + s.offset(0, t, h, first, 0), mask.data() + s.offset(0, t, h, end, 0), T(0));
}

template <class T>
Buffer<T> ones(const Shape& shape) {
  Buffer<T> mask(shape.size());
  std::ranges::fill(mask, T(1));
  return mask;
}

}  // namespace detail

/// Keeps each entry with probability `keep`; one number of the stream per entry.  Source: SPEC §3 `pixel_inpaint`.
template <class T>
Buffer<T> draw_pixel_mask(const Cpu& ex, const Shape& video, double keep, Random& random) {
  Buffer<T> mask(video.size());
  draw_indicator(ex, random, mask.span(), keep);
  return mask;
}

/// A centred box of side ⌊ratio·H⌋ is missing in every frame, first row round(H/2 − side/2), halves to even, first
/// column the same of W.  Source: SPEC §3 `center_inpaint`.
template <class T>
Buffer<T> center_mask(const Shape& video, double ratio) {
  const auto side = static_cast<Index>(std::floor(ratio * double(video.h)));
  const Index row = round_half_even(double(video.h) / 2 - double(side) / 2);
  const Index column = round_half_even(double(video.w) / 2 - double(side) / 2);
  auto mask = detail::ones<T>(video);
  for (Index t = 0; t < video.t; ++t) detail::erase_box(video, t, row, column, side, mask);
  return mask;
}

/// Ten boxes of side b = ⌊ratio·H⌋ are missing in each frame, top-left row ⌊r·(H − 2·0.25b − b − 1) + 0.25b⌋ with r
/// uniform in [0, 1), then the column in the same way.  Source: SPEC §3 `scattered_inpaint`.
template <class T>
Buffer<T> draw_scattered_mask(const Shape& video, double ratio, Random& random) {
  constexpr int boxes = 10;
  const auto side = static_cast<Index>(std::floor(ratio * double(video.h)));
  const double b = double(side);
  // An explicit fused multiply-add: contraction left to the compiler would draw other boxes on other machines.
  const auto corner = [&](Index extent) {
    return static_cast<Index>(std::floor(std::fma(random.uniform(), double(extent) - 2 * 0.25 * b - b - 1, 0.25 * b)));
  };
  auto mask = detail::ones<T>(video);
  for (Index t = 0; t < video.t; ++t)
    for (int box = 0; box < boxes; ++box) {
      const Index row = corner(video.h), column = corner(video.w);
      detail::erase_box(video, t, row, column, side, mask);
    }
  return mask;
}

}  // namespace videoonenet
