// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Row kernels of total variation: the divergence of the dual, its ascent step, and the duality gap.
///
/// The dual of an axis is zero wherever its forward difference would leave the video. Addresses therefore wrap around:
/// the neighbour before the first entry is the last one, whose dual is zero, and no loop treats a border differently.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "videoonenet/proximal/total_variation/total_variation_problem.hpp"

namespace videoonenet::cpu::detail {

/// 1/√s by Newton's iteration, to a few units in the last place; finite for s = 0.
///
/// std::sqrt may set errno, which keeps compilers from vectorising the loops below under their default options.
template <class T>
T reciprocal_sqrt(T s) {
  constexpr bool single = sizeof(T) == sizeof(std::uint32_t);
  using Bits = std::conditional_t<single, std::uint32_t, std::uint64_t>;
  constexpr Bits magic = single ? Bits(0x5F375A86u) : static_cast<Bits>(0x5FE6EB50C7B537A9u);
  T y = std::bit_cast<T>(static_cast<Bits>(magic - (std::bit_cast<Bits>(s) >> 1)));  // within 3.5%
  y *= T(1.5) - T(0.5) * s * y * y;
  y *= T(1.5) - T(0.5) * s * y * y;
  y *= T(1.5) - T(0.5) * s * y * y;
  if constexpr (!single) y *= T(1.5) - T(0.5) * s * y * y;
  return y;
}

/// A step of dual ascent: p ← P(q + σ g), then q ← p + β (p − previous p).
template <class T>
struct DualStep {
  T sigma, momentum;
};

/// x = v + p_t − p_t(before) + …, the weighted duals' negative adjoint difference, `count` entries.
template <bool Time, class T>
void subtract_divergence(const DifferenceWeights<T>& a, const DualField<T>& p, const DualField<T>& before, const T* v,
                         T* x, Index count) {
#pragma omp simd
  for (Index i = 0; i < count; ++i) {
    T sum = a.h * (p.h[i] - before.h[i]) + a.w * (p.w[i] - before.w[i]);
    if constexpr (Time) sum += a.t * (p.t[i] - before.t[i]);
    x[i] = v[i] + sum;
  }
}

/// The dual step of `count` entries; next_* are the neighbours of x, x itself where the difference would leave the
/// video.
template <bool Isotropic, bool Time, class T>
void ascend_dual(const DifferenceWeights<T>& a, const DualStep<T>& step, const T* x, const T* next_t, const T* next_h,
                 const T* next_w, const DualField<T>& p, const DualField<T>& q, Index count) {
  const T st = step.sigma * a.t, sh = step.sigma * a.h, sw = step.sigma * a.w, beta = step.momentum;
  const auto clip = [](T y) { return std::min(std::max(y, T(-1)), T(1)); };
  const T unchanged = reciprocal_sqrt(T(1));
#pragma omp simd
  for (Index i = 0; i < count; ++i) {
    T yt = T(0), yh = q.h[i] + sh * (next_h[i] - x[i]), yw = q.w[i] + sw * (next_w[i] - x[i]);
    if constexpr (Time) yt = q.t[i] + st * (next_t[i] - x[i]);
    if constexpr (Isotropic) {
      const T square = yt * yt + yh * yh + yw * yw;
      const T shrink = std::min(reciprocal_sqrt(square), unchanged);
      yt *= shrink, yh *= shrink, yw *= shrink;
    } else {
      yt = clip(yt), yh = clip(yh), yw = clip(yw);
    }
    if constexpr (Time) {
      q.t[i] = yt + beta * (yt - p.t[i]);
      p.t[i] = yt;
    }
    q.h[i] = yh + beta * (yh - p.h[i]);
    p.h[i] = yh;
    q.w[i] = yw + beta * (yw - p.w[i]);
    p.w[i] = yw;
  }
}

/// What the rows of x add to the total variation and to the duality gap TV(x) − ⟨p, Dx⟩, in double: the gap is a small
/// difference of large sums.
struct VariationSums {
  double variation = 0, gap = 0;
  VariationSums& operator+=(const VariationSums& other) {
    variation += other.variation;
    gap += other.gap;
    return *this;
  }
};

template <bool Isotropic, class T>
VariationSums variation_sums(const DifferenceWeights<T>& a, const T* x, const T* next_t, const T* next_h,
                             const T* next_w, const DualField<T>& p, Index count) {
  double variation = 0, product = 0;
#pragma omp simd reduction(+ : variation, product)
  for (Index i = 0; i < count; ++i) {
    const double gt = double(a.t) * (double(next_t[i]) - double(x[i])),
                 gh = double(a.h) * (double(next_h[i]) - double(x[i])),
                 gw = double(a.w) * (double(next_w[i]) - double(x[i]));
    if constexpr (Isotropic) {
      const double square = gt * gt + gh * gh + gw * gw;
      variation += square * reciprocal_sqrt(square);
    } else {
      variation += std::abs(gt) + std::abs(gh) + std::abs(gw);
    }
    product += gt * double(p.t[i]) + gh * double(p.h[i]) + gw * double(p.w[i]);
  }
  return {variation, variation - product};
}

}  // namespace videoonenet::cpu::detail
