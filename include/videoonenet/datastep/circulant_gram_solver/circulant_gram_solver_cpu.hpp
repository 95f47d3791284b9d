// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the circulant data step: Fourier transforms of planes lying side by side, as small matrix products.

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/datastep/block_toeplitz_solver/block_toeplitz_solver_cpu.hpp"

namespace videoonenet::cpu {

/// Packs a matrix for `fourier_transform`: panels of `panel_rows` rows, column by column, filled up with zeros.
template <class Entry>
Buffer<double> pack_matrix(Index outputs, Index inputs, Entry&& entry) {
  Buffer<double> packed((outputs + panel_rows - 1) / panel_rows * panel_rows * inputs);
  for (Index k = 0; k < outputs; ++k)
    for (Index j = 0; j < inputs; ++j)
      packed[(k / panel_rows * inputs + j) * panel_rows + k % panel_rows] = entry(k, j);
  return packed;
}

namespace detail {

/// out[k] = Σ_j matrix[k][j] in[j] for `Width` planes side by side. Entries 2m and 2m + 1 are neighbours; consecutive
/// pairs lie `in_pairs` and `out_pairs` entries apart.
template <Index Width>
void transform_line(const double* matrix, Index inputs, Index outputs, const double* in, Index in_pairs, double* out,
                    Index out_pairs) {
  constexpr Index lanes = Width % panel_rows == 0 ? panel_rows : 4, vectors = Width / lanes;
  using V = typename Pack<lanes>::type;
  for (Index first = 0; first < outputs; first += panel_rows) {
    V acc[panel_rows][vectors] = {};
    for (Index j = 0; j < inputs; ++j, matrix += panel_rows) {
      const V* x = reinterpret_cast<const V*>(in + (j / 2 * in_pairs + j % 2) * Width);
#pragma GCC unroll 8
      for (Index r = 0; r < panel_rows; ++r)
#pragma GCC unroll 4
        for (Index v = 0; v < vectors; ++v) acc[r][v] += matrix[r] * x[v];
    }
    const Index count = std::min(panel_rows, outputs - first);
#pragma GCC unroll 8
    for (Index r = 0; r < panel_rows; ++r) {
      if (r >= count) break;
      const Index k = first + r;
      V* y = reinterpret_cast<V*>(out + (k / 2 * out_pairs + k % 2) * Width);
#pragma GCC unroll 4
      for (Index v = 0; v < vectors; ++v) y[v] = acc[r][v];
    }
  }
}

}  // namespace detail

/// Lays the planes of one group side by side, row-major, at the beginning of `values`.
template <class T>
void interleave_plane_group(const Executor&, const Shape& shape, const BandedRightHandSides& layout, Index group,
                            std::span<const T> video, std::span<double> values) {
  detail::interleave_group(shape, {.rows = shape.h, .columns = shape.w}, layout, group, video.data(), values.data());
}

/// The inverse of `interleave_plane_group`.
template <class T>
void separate_plane_group(const Executor&, const Shape& shape, const BandedRightHandSides& layout, Index group,
                          std::span<const double> values, Output<T> video) {
  detail::separate_group(shape, {.rows = shape.h, .columns = shape.w}, layout, group, values.data(), video.data());
}

/// Transforms `lines` lines, line i starting `i · in_step` and `i · out_step` entries after the first, on planes of the
/// given width side by side.
inline void fourier_transform(const Executor& ex, Index width, Index lines, std::span<const double> matrix,
                              Index inputs, Index outputs, std::span<const double> in, Index in_step, Index in_pairs,
                              std::span<double> out, Index out_step, Index out_pairs) {
  // Waking threads for less than some ten microseconds of work makes it slower.
  const Executor worth = ex.with_threads(lines * inputs * outputs * width < Index(1) << 20 ? 1 : ex.threads);
  const auto run = [&]<Index Width>(std::integral_constant<Index, Width>) {
    parallel_for(worth, lines, [&](Index i) {
      detail::transform_line<Width>(matrix.data(), inputs, outputs, in.data() + i * in_step * Width, in_pairs,
                                    out.data() + i * out_step * Width, out_pairs);
    });
  };
  switch (width) {
    case 4:
      return run(std::integral_constant<Index, 4>{});
    case 8:
      return run(std::integral_constant<Index, 8>{});
    case 12:
      return run(std::integral_constant<Index, 12>{});
    default:
      return run(std::integral_constant<Index, widest_group>{});
  }
}

/// Divides spectra of planes side by side by eigenvalue + shift, or sets to zero where that is not above `threshold`.
/// `eigenvalues` holds one spectrum a channel; the first plane has channel `first_channel`, the next ones follow round.
inline void divide_spectrum(const Executor& ex, Index width, Index channels, Index first_channel,
                            std::span<const double> eigenvalues, double shift, double threshold,
                            std::span<double> spectrum) {
  const Index size = std::ssize(eigenvalues) / channels, chunk = 1024;
  parallel_for(ex, (size + chunk - 1) / chunk, [&](Index c) {
    for (Index s = c * chunk; s < std::min(size, (c + 1) * chunk); ++s) {
      double* pair = spectrum.data() + 2 * s * width;
      for (Index r = 0; r < width; ++r) {
        const double value = eigenvalues[static_cast<std::size_t>((first_channel + r) % channels * size + s)] + shift;
        const double factor = value > threshold ? 1 / value : 0;
        pair[r] *= factor;
        pair[width + r] *= factor;
      }
    }
  });
}

/// z ← (b − z)/ρ, in double, where the difference cancels.
template <class T>
void woodbury_combine(const Executor& ex, double rho, Input<T> b, Output<T> z) {
  const T* pb = b.data();
  T* pz = z.data();
  detail::for_blocks(ex, std::ssize(z), [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) pz[i] = static_cast<T>((double(pb[i]) - double(pz[i])) / rho);
  });
}

}  // namespace videoonenet::cpu
