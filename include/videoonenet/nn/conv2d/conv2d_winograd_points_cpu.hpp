// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Winograd's F(4, 3) and F(2, 3): the transforms along one side of a tile, and their adjoints.
///
/// Math: the M outputs y_r = Σ_s k_s d_{r+s} are Aᵀ [(G k) ⊙ (Bᵀ d)]. G k are the values of k_0 + k_1 x + k_2 x² at the
/// points 0, ∞, a, −a, b, −b; F(2, 3) has the first four, so that tiles of both sizes share a transformed kernel.
/// Row p of Bᵀ are the coefficients of Π (x − q) over the other finite points q, and A_pr = p^r / Π (p − q).
/// a = 3/4 and b = 3/2 have short products and rounding errors a third of those of 1 and 2.
/// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (2016); Barabasz et al., Error Analysis
/// and Improving the Accuracy of Winograd Convolution for Deep Neural Networks (2020).

#include "videoonenet/nn/conv2d/conv2d_blocks_cpu.hpp"

namespace videoonenet::cpu::convolution::winograd {

/// Outputs along a side of a tile: as many as save most, or those that are left at the frame's edge.
inline constexpr Index wide = 4, narrow = 2;

/// Points along a side of M outputs, and of wide tiles.
template <Index M>
inline constexpr Index points_of = M + 2;
inline constexpr Index points = points_of<wide>, pairs = points / 2;

/// The transforms of values V, registers or numbers, with factors T.
template <class T>
struct Interpolation {
  static constexpr T a = T(0.75), b = T(1.5), a2 = a * a, b2 = b * b;

  /// Bᵀ d. That of F(4, 3) is F(2, 3)'s of the differences that b leaves, and two points more.
  template <class V>
  VIDEOONENET_ALWAYS_INLINE static constexpr std::array<V, 4> source(const std::array<V, 4>& d) {
    return {d[2] - a2 * d[0], d[3] - a2 * d[1], d[2] + a * d[1], d[2] - a * d[1]};
  }
  template <class V>
  VIDEOONENET_ALWAYS_INLINE static constexpr std::array<V, 6> source(const std::array<V, 6>& d) {
    const std::array<V, 4> left{d[2] - b2 * d[0], d[3] - b2 * d[1], d[4] - b2 * d[2], d[5] - b2 * d[3]};
    const auto t = source(left);
    const V even = d[4] - a2 * d[2], odd = d[3] - a2 * d[1];
    return {t[0], t[1], t[2], t[3], even + b * odd, even - b * odd};
  }

  /// Aᵀ m.
  template <class V>
  VIDEOONENET_ALWAYS_INLINE static constexpr std::array<V, 2> outputs(const std::array<V, 4>& m) {
    return {narrow_0 * m[0] + narrow_a * (m[2] + m[3]), a * narrow_a * (m[2] - m[3]) + m[1]};
  }
  template <class V>
  VIDEOONENET_ALWAYS_INLINE static constexpr std::array<V, 4> outputs(const std::array<V, 6>& m) {
    const V sum_a = m[2] + m[3], sum_b = m[4] + m[5], less_a = m[2] - m[3], less_b = m[4] - m[5];
    return {wide_0 * m[0] + wide_a * sum_a + wide_b * sum_b, a * wide_a * less_a + b * wide_b * less_b,
            a2 * wide_a * sum_a + b2 * wide_b * sum_b, a * a2 * wide_a * less_a + b * b2 * wide_b * less_b + m[1]};
  }

  /// A e.
  template <class V>
  VIDEOONENET_ALWAYS_INLINE static constexpr std::array<V, 4> gradient(const std::array<V, 2>& e) {
    const V even = narrow_a * e[0], odd = a * narrow_a * e[1];
    return {narrow_0 * e[0], e[1], even + odd, even - odd};
  }
  template <class V>
  VIDEOONENET_ALWAYS_INLINE static constexpr std::array<V, 6> gradient(const std::array<V, 4>& e) {
    const V even_a = wide_a * e[0] + a2 * wide_a * e[2], odd_a = a * wide_a * e[1] + a * a2 * wide_a * e[3];
    const V even_b = wide_b * e[0] + b2 * wide_b * e[2], odd_b = b * wide_b * e[1] + b * b2 * wide_b * e[3];
    return {wide_0 * e[0], e[3], even_a + odd_a, even_a - odd_a, even_b + odd_b, even_b - odd_b};
  }

  /// G k.
  template <class V>
  VIDEOONENET_ALWAYS_INLINE static constexpr std::array<V, 6> kernel(const std::array<V, 3>& k) {
    const V even_a = k[0] + a2 * k[2], even_b = k[0] + b2 * k[2];
    return {k[0], k[2], even_a + a * k[1], even_a - a * k[1], even_b + b * k[1], even_b - b * k[1]};
  }
  /// Gᵀ u.
  template <class V>
  VIDEOONENET_ALWAYS_INLINE static constexpr std::array<V, 3> kernel_gradient(const std::array<V, 6>& u) {
    const V sum_a = u[2] + u[3], sum_b = u[4] + u[5];
    return {u[0] + sum_a + sum_b, a * (u[2] - u[3]) + b * (u[4] - u[5]), a2 * sum_a + b2 * sum_b + u[1]};
  }

 private:
  /// 1 / Π (p − q).
  static constexpr T narrow_0 = -1 / a2, narrow_a = 1 / (2 * a2);
  static constexpr T wide_0 = 1 / (a2 * b2), wide_a = 1 / (2 * a2 * (a2 - b2)), wide_b = 1 / (2 * b2 * (b2 - a2));
};

/// Two neighbouring points of a transform as sums of its even and of its odd inputs: 0 and ∞ need one of them each, a
/// point and its opposite both, added and subtracted.
template <class T>
struct PairOfPoints {
  std::array<Index, points> input{};  ///< of the terms of the even sum at even places, of the odd one at odd places
  std::array<T, points> factor{};     ///< 0 where there are fewer terms

  /// The pair-th one of a transform of N numbers.
  template <std::size_t N, class Transform>
  static PairOfPoints of(Index pair, Transform transform) {
    PairOfPoints terms;
    std::array<std::size_t, 2> place{0, 1};
    for (std::size_t j = 0; j < N; ++j) {
      std::array<T, N> unit{};
      unit[j] = T(1);
      const T factor = transform(unit)[static_cast<std::size_t>(2 * pair) + (pair == 0 ? j % 2 : 0)];
      if (factor == 0) continue;
      std::size_t& i = place[j % 2];
      terms.input[i] = static_cast<Index>(j), terms.factor[i] = factor;
      i += 2;
    }
    return terms;
  }

  /// Of Bᵀ for tiles of `outputs` a side.
  static PairOfPoints source(Index outputs, Index pair) {
    const auto transform = [](const auto& d) { return Interpolation<T>::source(d); };
    return outputs == wide ? of<points_of<wide>>(pair, transform) : of<points_of<narrow>>(pair, transform);
  }
  /// Of A.
  static PairOfPoints gradient(Index outputs, Index pair) {
    const auto transform = [](const auto& e) { return Interpolation<T>::gradient(e); };
    return outputs == wide ? of<wide>(pair, transform) : of<narrow>(pair, transform);
  }
};

}  // namespace videoonenet::cpu::convolution::winograd
