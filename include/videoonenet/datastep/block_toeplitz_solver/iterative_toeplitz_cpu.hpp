// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the iterative block-Toeplitz data step, on one zero-padded plane (frame, channel) at a time.

#include <cstring>

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/datastep/block_toeplitz_solver/block_toeplitz_solver_cpu.hpp"

namespace videoonenet::cpu {

/// Where a plane lies among zeros: enough of them right of each row, above and below that a filter never leaves them.
/// The zeros right of a row serve as those left of the next.
struct PaddedPlane {
  Index rows = 1, columns = 1;
  Index reach_rows = 0, reach_columns = 0;  ///< of the widest filter

  static constexpr Index lanes = 8;
  Index stride() const { return (columns + reach_columns + lanes - 1) / lanes * lanes; }
  Index origin() const { return (reach_rows + 1) * stride(); }
  Index size() const { return 2 * origin() + (rows + 1) * stride(); }
  Index at(Index row, Index column) const { return origin() + row * stride() + column; }
};

namespace detail {

/// q[0 … Vectors·lanes) = shift · p + Σ taps · p, returning nothing; offsets are those of the taps in a padded plane.
template <int Vectors>
[[gnu::always_inline]] inline void toeplitz_chunk(const double* p, std::span<const FilterTap> taps,
                                                  const Index* offsets, double shift, double* q) {
  using V = typename Pack<PaddedPlane::lanes>::type;
  V sum[Vectors];
  for (int v = 0; v < Vectors; ++v) sum[v] = shift * reinterpret_cast<const V*>(p)[v];
  for (std::size_t t = 0; t < taps.size(); ++t) {
    const double* source = p + offsets[t];
    for (int v = 0; v < Vectors; ++v) {
      V x;
      std::memcpy(&x, source + v * PaddedPlane::lanes, sizeof(V));
      sum[v] += taps[t].value * x;
    }
  }
  for (int v = 0; v < Vectors; ++v) reinterpret_cast<V*>(q)[v] = sum[v];
}

}  // namespace detail

/// q = (KᵀK + shift·I) p on padded planes; `offsets` are the autocorrelation taps' offsets in them.
inline void toeplitz_apply(const Executor&, const PaddedPlane& plane, std::span<const FilterTap> taps,
                           std::span<const Index> offsets, double shift, std::span<const double> p,
                           std::span<double> q) {
  constexpr Index wide = 4 * PaddedPlane::lanes;
  for (Index i = 0; i < plane.rows; ++i) {
    const double* source = p.data() + plane.at(i, 0);
    double* target = q.data() + plane.at(i, 0);
    Index j = 0;
    for (; j + wide <= plane.columns; j += wide)
      detail::toeplitz_chunk<4>(source + j, taps, offsets.data(), shift, target + j);
    for (; j < plane.columns; j += PaddedPlane::lanes)
      detail::toeplitz_chunk<1>(source + j, taps, offsets.data(), shift, target + j);
    std::fill(target + plane.columns, target + plane.stride(), 0.0);
  }
}

/// Reads plane (frame, channel) number `index` of a video.
template <class T>
void load_plane(const Executor&, const Shape& shape, Index index, std::span<const T> video, const PaddedPlane& plane,
                std::span<double> values) {
  const T* source = video.data() + index / shape.f * shape.frame_size() + index % shape.f;
  for (Index i = 0; i < plane.rows; ++i) {
    double* target = values.data() + plane.at(i, 0);
    for (Index j = 0; j < plane.columns; ++j) target[j] = double(source[(i * plane.columns + j) * shape.f]);
  }
}

/// Writes plane number `index` of a video.
template <class T>
void store_plane(const Executor&, const Shape& shape, Index index, std::span<const double> values,
                 const PaddedPlane& plane, Output<T> video) {
  T* target = video.data() + index / shape.f * shape.frame_size() + index % shape.f;
  for (Index i = 0; i < plane.rows; ++i) {
    const double* source = values.data() + plane.at(i, 0);
    for (Index j = 0; j < plane.columns; ++j) target[(i * plane.columns + j) * shape.f] = static_cast<T>(source[j]);
  }
}

/// values = Kᵀ y for plane number `index` of the measurement y.
template <class T>
void load_adjoint_plane(const Executor&, const Shape& range, Index index, std::span<const T> y,
                        std::span<const FilterTap> kernel, const PaddedPlane& plane, std::span<double> values) {
  const T* source = y.data() + index / range.f * range.frame_size() + index % range.f;
  for (Index i = 0; i < plane.rows; ++i) {
    double* target = values.data() + plane.at(i, 0);
    std::fill_n(target, plane.columns, 0.0);
    for (const FilterTap& tap : kernel) {
      const T* row = source + ((i + tap.row) * range.w + tap.column) * range.f;
      for (Index j = 0; j < plane.columns; ++j) target[j] += tap.value * double(row[j * range.f]);
    }
  }
}

}  // namespace videoonenet::cpu
