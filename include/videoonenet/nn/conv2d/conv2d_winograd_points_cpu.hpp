// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Winograd's F(M, K) for K = 3 and 5, M = 4 and 2: the transforms along one side of a tile, and their adjoints.
///
/// Math: the M outputs y_r = Σ_s k_s d_{r+s} are Aᵀ [(G k) ⊙ (Bᵀ d)]. G k are the values of Σ_s k_s x^s at M + K − 1
/// points: 0, ∞ and pairs p, −p. F(2, K) has all of them but the last pair, so that tiles of both sizes share a
/// transformed kernel. Row p of Bᵀ are the coefficients of Π (x − q) over the other finite points q, and
/// A_pr = p^r / Π (p − q).
/// ±3/4 and ±3/2 have rounding errors a third of those of ±1 and ±2; ±1/2, ±2 and ±1 have the smallest of three pairs,
/// and ±1/2 with ±2 those of two of them.
/// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (2016); Barabasz et al., Error Analysis
/// and Improving the Accuracy of Winograd Convolution for Deep Neural Networks (2020).

#include "videoonenet/nn/conv2d/conv2d_blocks_cpu.hpp"

namespace videoonenet::cpu::convolution::winograd {

/// Outputs along a side of a tile: as many as save most, or those that are left at the frame's edge.
inline constexpr Index wide = 4, narrow = 2;

/// Points along a side of M outputs, and of wide tiles.
template <Index M, Index K>
inline constexpr Index points_of = M + K - 1;
template <Index K>
inline constexpr Index points = points_of<wide, K>;
/// 0 and ∞, and points with their opposites.
template <Index K>
inline constexpr Index pairs = points<K> / 2;

/// The transforms of values V, registers or numbers, with factors T, for kernels of K taps. N points stand in the order
/// 0, ∞, p_0, −p_0, p_1, −p_1 …
template <class T, Index K>
struct Interpolation {
  static_assert(K == 3 || K == 5);
  static constexpr std::array<T, pairs<K> - 1> p = [] {
    if constexpr (K == 3)
      return std::array{T(0.75), T(1.5)};
    else
      return std::array{T(0.5), T(2), T(1)};
  }();

  /// Bᵀ d.
  template <class V, std::size_t N>
  VIDEOONENET_ALWAYS_INLINE static constexpr std::array<V, N> source(const std::array<V, N>& d) {
    constexpr Index opposites = N / 2 - 1;
    std::array<V, N> v{};
    v[0] = product<opposites, none>(d, 0);
    v[1] = product<opposites, none>(d, 1);
    unrolled<opposites>([&](auto i) VIDEOONENET_ALWAYS_INLINE {
      const V even = product<opposites, i>(d, 2), odd = product<opposites, i>(d, 1);
      v[2 * i + 2] = even + p[i] * odd;
      v[2 * i + 3] = even - p[i] * odd;
    });
    return v;
  }

  /// Aᵀ m.
  template <class V, std::size_t N>
  VIDEOONENET_ALWAYS_INLINE static constexpr std::array<V, N - K + 1> outputs(const std::array<V, N>& m) {
    constexpr Index opposites = N / 2 - 1, M = N - K + 1;
    std::array<V, M> y{};
    std::array<V, opposites> sum{}, difference{};
    unrolled<opposites>([&](auto i) VIDEOONENET_ALWAYS_INLINE {
      sum[i] = m[2 * i + 2] + m[2 * i + 3];
      difference[i] = m[2 * i + 2] - m[2 * i + 3];
    });
    unrolled<M>([&](auto r) VIDEOONENET_ALWAYS_INLINE {
      const auto& terms = r % 2 == 0 ? sum : difference;
      V total = output_factor<opposites, 0, r> * terms[0];
      unrolled<opposites - 1>(
          [&](auto i) VIDEOONENET_ALWAYS_INLINE { total += output_factor<opposites, i + 1, r> * terms[i + 1]; });
      if constexpr (r == 0) total += zero_factor<opposites> * m[0];
      if constexpr (r == M - 1) total += m[1];
      y[r] = total;
    });
    return y;
  }

  /// A e.
  template <class V, std::size_t M>
  VIDEOONENET_ALWAYS_INLINE static constexpr std::array<V, M + K - 1> gradient(const std::array<V, M>& e) {
    constexpr Index opposites = (M + K - 1) / 2 - 1;
    std::array<V, M + K - 1> m{};
    m[0] = zero_factor<opposites> * e[0];
    m[1] = e[M - 1];
    unrolled<opposites>([&](auto i) VIDEOONENET_ALWAYS_INLINE {
      V even = output_factor<opposites, i, 0> * e[0], odd = output_factor<opposites, i, 1> * e[1];
      unrolled<static_cast<Index>(M) / 2 - 1>([&](auto r) VIDEOONENET_ALWAYS_INLINE {
        even += output_factor<opposites, i, 2 * r + 2> * e[2 * r + 2];
        odd += output_factor<opposites, i, 2 * r + 3> * e[2 * r + 3];
      });
      m[2 * i + 2] = even + odd;
      m[2 * i + 3] = even - odd;
    });
    return m;
  }

  /// G k.
  template <class V>
  VIDEOONENET_ALWAYS_INLINE static constexpr std::array<V, points<K>> kernel(const std::array<V, K>& k) {
    std::array<V, points<K>> u{};
    u[0] = k[0];
    u[1] = k[K - 1];
    unrolled<pairs<K> - 1>([&](auto i) VIDEOONENET_ALWAYS_INLINE {
      V even = k[0], odd = p[i] * k[1];
      unrolled<K / 2>([&](auto s) VIDEOONENET_ALWAYS_INLINE { even += power(p[i], 2 * s + 2) * k[2 * s + 2]; });
      unrolled<K / 2 - 1>([&](auto s) VIDEOONENET_ALWAYS_INLINE { odd += power(p[i], 2 * s + 3) * k[2 * s + 3]; });
      u[2 * i + 2] = even + odd;
      u[2 * i + 3] = even - odd;
    });
    return u;
  }
  /// Gᵀ u.
  template <class V>
  VIDEOONENET_ALWAYS_INLINE static constexpr std::array<V, K> kernel_gradient(const std::array<V, points<K>>& u) {
    std::array<V, K> k{};
    k[0] = u[0];
    k[K - 1] = u[1];
    unrolled<pairs<K> - 1>([&](auto i) VIDEOONENET_ALWAYS_INLINE {
      const V sum = u[2 * i + 2] + u[2 * i + 3], difference = u[2 * i + 2] - u[2 * i + 3];
      unrolled<K>([&](auto s) VIDEOONENET_ALWAYS_INLINE { k[s] += power(p[i], s) * (s % 2 == 0 ? sum : difference); });
    });
    return k;
  }

 private:
  static constexpr Index none = -1;

  static constexpr T power(T x, Index exponent) {
    T result = 1;
    for (Index i = 0; i < exponent; ++i) result *= x;
    return result;
  }

  /// Coefficient `of` x^2of of Π (x² − q²) over the first `count` of p, but for the `skipped` one.
  static constexpr T coefficient(Index count, Index skipped, Index of) {
    std::array<T, pairs<K> + 1> c{1};
    for (Index i = 0; i < count; ++i) {
      if (i == skipped) continue;
      const T square = p[static_cast<std::size_t>(i)] * p[static_cast<std::size_t>(i)];
      for (std::size_t j = c.size() - 1; j > 0; --j) c[j] = c[j - 1] - square * c[j];
      c[0] *= -square;
    }
    return c[static_cast<std::size_t>(of)];
  }
  template <Index Count, Index Skipped, Index Of>
  static constexpr T coefficient_of = coefficient(Count, Skipped, Of);

  /// Σ_j c_j d[from + 2j] with the coefficients c of that product.
  template <Index Count, Index Skipped, class V, std::size_t N>
  VIDEOONENET_ALWAYS_INLINE static constexpr V product(const std::array<V, N>& d, std::size_t from) {
    constexpr Index degree = Count - (Skipped == none ? 0 : 1);
    V sum = d[from + 2 * degree];
    unrolled<degree>([&](auto i) VIDEOONENET_ALWAYS_INLINE {
      constexpr Index j = degree - 1 - i;
      sum += coefficient_of<Count, Skipped, j> * d[from + 2 * j];
    });
    return sum;
  }

  /// 1 / Π (0 − q), and p_i^r / Π (p_i − q), over the other finite points q of the first `Count` pairs.
  template <Index Count>
  static constexpr T zero_factor = 1 / coefficient(Count, none, 0);
  static constexpr T weight(Index count, Index i, Index r) {
    const T x = p[static_cast<std::size_t>(i)];
    T others = 2 * x * x;
    for (Index j = 0; j < count; ++j)
      if (const T q = p[static_cast<std::size_t>(j)]; j != i) others *= x * x - q * q;
    return power(x, r) / others;
  }
  template <Index Count, Index I, Index R>
  static constexpr T output_factor = weight(Count, I, R);
};

/// Two neighbouring points of a transform as sums of its even and of its odd inputs: 0 and ∞ need one of them each, a
/// point and its opposite both, added and subtracted.
template <class T, Index K>
struct PairOfPoints {
  std::array<Index, points<K>> input{};  ///< of the terms of the even sum at even places, of the odd one at odd places
  std::array<T, points<K>> factor{};     ///< 0 where there are fewer terms

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
    const auto transform = [](const auto& d) { return Interpolation<T, K>::source(d); };
    return outputs == wide ? of<points_of<wide, K>>(pair, transform) : of<points_of<narrow, K>>(pair, transform);
  }
  /// Of A.
  static PairOfPoints gradient(Index outputs, Index pair) {
    const auto transform = [](const auto& e) { return Interpolation<T, K>::gradient(e); };
    return outputs == wide ? of<wide>(pair, transform) : of<narrow>(pair, transform);
  }
};

}  // namespace videoonenet::cpu::convolution::winograd
