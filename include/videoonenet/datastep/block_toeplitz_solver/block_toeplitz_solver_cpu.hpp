// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the banded block-Toeplitz data step, on planes (frame, channel) lying side by side per pixel.

#include <array>
#include <cmath>

#include "videoonenet/datastep/banded_cholesky/banded_cholesky_cpu.hpp"
#include "videoonenet/datastep/block_toeplitz_solver/toeplitz_model.hpp"

namespace videoonenet::cpu {

using videoonenet::detail::FilterTap;
using videoonenet::detail::PixelGrid;

namespace detail {

/// Offsets in a T×H×W×F video of the first pixel of a group's planes.
inline std::array<Index, widest_group> plane_offsets(const Shape& shape, const BandedRightHandSides& layout, Index g) {
  std::array<Index, widest_group> offsets{};
  for (Index r = 0; r < layout.used(g); ++r) {
    const Index plane = g * widest_group + r;
    offsets[static_cast<std::size_t>(r)] = plane / shape.f * shape.frame_size() + plane % shape.f;
  }
  return offsets;
}

/// Lays one group's planes of a video side by side.
template <class T>
void interleave_group(const Shape& shape, const PixelGrid& grid, const BandedRightHandSides& layout, Index g,
                      const T* video, double* out) {
  const Index width = layout.width(g), used = layout.used(g);
  const auto offsets = plane_offsets(shape, layout, g);
  for (Index i = 0; i < grid.rows; ++i)
    for (Index j = 0; j < grid.columns; ++j) {
      const T* source = video + (i * grid.columns + j) * shape.f;
      double* target = out + grid.number(i, j) * width;
      for (Index r = 0; r < used; ++r) target[r] = double(source[offsets[static_cast<std::size_t>(r)]]);
      for (Index r = used; r < width; ++r) target[r] = 0;
    }
  std::fill(out + layout.n * width, out + layout.rows() * width, 0.0);
}

/// The inverse of `interleave_group`.
template <class T>
void separate_group(const Shape& shape, const PixelGrid& grid, const BandedRightHandSides& layout, Index g,
                    const double* in, T* video) {
  const Index width = layout.width(g), used = layout.used(g);
  const auto offsets = plane_offsets(shape, layout, g);
  for (Index i = 0; i < grid.rows; ++i)
    for (Index j = 0; j < grid.columns; ++j) {
      T* target = video + (i * grid.columns + j) * shape.f;
      const double* source = in + grid.number(i, j) * width;
      for (Index r = 0; r < used; ++r) target[offsets[static_cast<std::size_t>(r)]] = static_cast<T>(source[r]);
    }
}

/// out = sign · Σ taps · in + keep · out for one group of planes.
template <Index Width>
void filter_group(const PixelGrid& from, const PixelGrid& to, std::span<const FilterTap> taps, Index direction,
                  double sign, double keep, const double* in, double* out) {
  for (Index i = 0; i < to.rows; ++i)
    for (Index j = 0; j < to.columns; ++j) {
      std::array<double, Width> sum{};
      for (const FilterTap& tap : taps) {
        const Index row = i + direction * tap.row, column = j + direction * tap.column;
        if (!from.contains(row, column)) continue;
        const double* source = in + from.number(row, column) * Width;
        for (std::size_t r = 0; r < Width; ++r) sum[r] += tap.value * source[r];
      }
      double* target = out + to.number(i, j) * Width;
      for (std::size_t r = 0; r < Width; ++r) target[r] = sign * sum[r] + keep * target[r];
    }
}

}  // namespace detail

/// Lays the planes of a video side by side, pixel by pixel; rows and planes that only fill up are set to zero.
template <class T>
void interleave_planes(const Executor& ex, const Shape& shape, const PixelGrid& grid,
                       const BandedRightHandSides& layout, std::span<const T> video, std::span<double> values) {
  parallel_for(ex, layout.groups(), [&](Index g) {
    detail::interleave_group(shape, grid, layout, g, video.data(), values.data() + layout.offset(g));
  });
}

/// The inverse of `interleave_planes`.
template <class T>
void separate_planes(const Executor& ex, const Shape& shape, const PixelGrid& grid, const BandedRightHandSides& layout,
                     std::span<const double> values, Output<T> video) {
  parallel_for(ex, layout.groups(), [&](Index g) {
    detail::separate_group(shape, grid, layout, g, values.data() + layout.offset(g), video.data());
  });
}

/// out = sign · Σ_taps value · in[pixel + direction · tap] + keep · out on interleaved planes: direction 1 is Kᵀ, −1 is
/// K.
inline void filter_planes(const Executor& ex, const PixelGrid& from, const BandedRightHandSides& from_layout,
                          const PixelGrid& to, const BandedRightHandSides& to_layout, std::span<const FilterTap> taps,
                          Index direction, double sign, double keep, std::span<const double> in,
                          std::span<double> out) {
  parallel_for(ex, to_layout.groups(), [&](Index g) {
    const double* source = in.data() + from_layout.offset(g);
    double* target = out.data() + to_layout.offset(g);
    switch (to_layout.width(g)) {
      case 4:
        return detail::filter_group<4>(from, to, taps, direction, sign, keep, source, target);
      case 8:
        return detail::filter_group<8>(from, to, taps, direction, sign, keep, source, target);
      case 12:
        return detail::filter_group<12>(from, to, taps, direction, sign, keep, source, target);
      default:
        return detail::filter_group<widest_group>(from, to, taps, direction, sign, keep, source, target);
    }
  });
}

/// ‖·‖² of every plane.
inline void plane_norms(const Executor& ex, const BandedRightHandSides& layout, std::span<const double> values,
                        std::span<double> norms) {
  parallel_for(ex, layout.groups(), [&](Index g) {
    const Index width = layout.width(g);
    double* sum = norms.data() + g * widest_group;
    std::fill_n(sum, layout.used(g), 0.0);
    for (Index i = 0; i < layout.n; ++i)
      for (Index r = 0; r < layout.used(g); ++r) {
        const double v = values[static_cast<std::size_t>(layout.offset(g) + i * width + r)];
        sum[r] += v * v;
      }
  });
}

}  // namespace videoonenet::cpu
