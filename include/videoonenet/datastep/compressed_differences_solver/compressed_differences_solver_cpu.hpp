// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the compressed-differences data step: into the eigenvectors of ΦᵀΦ and back, in double.
///
/// A column is one frame and channel, j = t·F + f. Matrices are packed in blocks of `packed_width` columns, each block
/// row-major, so that a product streams them once while its sums stay in vector registers.

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu {

inline constexpr Index packed_width = 16;  ///< entries of a packed row: two AVX-512 or four AVX2 registers

/// The smallest multiple of `packed_width` that holds `count` entries.
constexpr Index padded(Index count) { return (count + packed_width - 1) / packed_width * packed_width; }

namespace detail {

inline constexpr Index column_group = 6;  ///< columns summed at a time: twelve AVX-512 registers

/// out[j·out_stride + l] = Σ_k packed[k·packed_width + l] d[k·d_stride + j] for j < Columns.
template <Index Columns>
void combine_block(const double* packed, Index count, const double* d, Index d_stride, double* out, Index out_stride) {
  double sum[Columns][packed_width] = {};
  for (Index k = 0; k < count; ++k)
    for (Index j = 0; j < Columns; ++j) {
      const double factor = d[k * d_stride + j];
#pragma omp simd
      for (Index l = 0; l < packed_width; ++l) sum[j][l] += packed[k * packed_width + l] * factor;
    }
  for (Index j = 0; j < Columns; ++j) std::copy_n(sum[j], packed_width, out + j * out_stride);
}

/// The same for at most column_group columns, their number known at run time.
template <Index Columns = column_group>
void combine_columns(Index columns, const double* packed, Index count, const double* d, Index d_stride, double* out,
                     Index out_stride) {
  if constexpr (Columns > 0) {
    if (columns == Columns) return combine_block<Columns>(packed, count, d, d_stride, out, out_stride);
    combine_columns<Columns - 1>(columns, packed, count, d, d_stride, out, out_stride);
  }
}

}  // namespace detail

/// columns[i·(T·F) + t·F + f] = x[t, i, f], the frames as columns.
template <class T>
void frames_to_columns(const Executor& ex, Index frames, Index pixels, Index channels, std::span<const T> x,
                       std::span<double> columns) {
  const T* px = x.data();
  double* pc = columns.data();
  parallel_for(ex, frames, [=](Index t) {
    for (Index i = 0; i < pixels; ++i)
      for (Index f = 0; f < channels; ++f)
        pc[(i * frames + t) * channels + f] = double(px[(t * pixels + i) * channels + f]);
  });
}

/// c[j, r] = Σ_k matrix[k, r] d[k, j]: `matrix` packed with `count` rows, c with padded(rank) entries a column.
inline void project_columns(const Executor& ex, std::span<const double> matrix, Index count, Index rank, Index columns,
                            std::span<const double> d, std::span<double> c) {
  const Index blocks = padded(rank) / packed_width,
              groups = (columns + detail::column_group - 1) / detail::column_group;
  parallel_for(ex, blocks * groups, [=](Index task) {
    const Index block = task / groups, first = task % groups * detail::column_group;
    detail::combine_columns(std::min(detail::column_group, columns - first),
                            matrix.data() + block * count * packed_width, count, d.data() + first, columns,
                            c.data() + first * padded(rank) + block * packed_width, padded(rank));
  });
}

/// z[t, i, f] = gains[t] base[t, i, f] + Σ_r matrix[r, i] e[r, j]; base is not read where its gain is zero.
template <class T>
void lift_columns(const Executor& ex, std::span<const double> matrix, Index rank, Index pixels, Index channels,
                  std::span<const double> e, std::span<const double> gains, Input<T> base, Output<T> z) {
  const Index frames = std::ssize(gains), columns = frames * channels;
  parallel_for(ex, padded(pixels) / packed_width, [=](Index block) {
    const Index begin = block * packed_width, width = std::min(packed_width, pixels - begin);
    double sum[detail::column_group][packed_width];
    for (Index first = 0; first < columns; first += detail::column_group) {
      const Index count = std::min(detail::column_group, columns - first);
      detail::combine_columns(count, matrix.data() + begin * rank, rank, e.data() + first, columns, sum[0],
                              packed_width);
      for (Index j = first; j < first + count; ++j) {
        const Index t = j / channels, at = (t * pixels + begin) * channels + j % channels;
        const double gain = gains[static_cast<std::size_t>(t)];
        for (Index l = 0; l < width; ++l) {
          const double lifted = sum[j - first][l];
          z[static_cast<std::size_t>(at + l * channels)] = static_cast<T>(
              gain == 0 ? lifted : gain * double(base[static_cast<std::size_t>(at + l * channels)]) + lifted);
        }
      }
    }
  });
}

/// LDLᵀ of E₀₀ + s_r DᵀD + ρI for every r: multipliers s/δ_t and reciprocals 1/δ_t, frames × padded(rank).
///
/// Math: δ_t = s [t < T−1] + γ_t, γ_0 = 1 + ρ, γ_t = ρ + s γ_{t−1}/(s + γ_{t−1}): no difference, so nothing cancels.
inline void factor_tridiagonals(const Executor&, double rho, Index frames, std::span<const double> eigenvalues,
                                std::span<double> multipliers, std::span<double> reciprocals) {
  const Index width = std::ssize(eigenvalues);
  for (Index r = 0; r < width; ++r) {
    const double s = eigenvalues[static_cast<std::size_t>(r)];
    double gamma = 1 + rho;
    for (Index t = 0; t < frames; ++t) {
      const double delta = t + 1 < frames ? s + gamma : gamma;
      multipliers[static_cast<std::size_t>(t * width + r)] = s / delta;
      reciprocals[static_cast<std::size_t>(t * width + r)] = 1 / delta;
      gamma = rho + s * (gamma / delta);
    }
  }
}

/// Solves the tridiagonal systems for every channel: `work` receives the solutions, c keeps the right-hand sides.
inline void solve_tridiagonals(const Executor& ex, Index frames, Index channels, Index width,
                               std::span<const double> multipliers, std::span<const double> reciprocals,
                               std::span<const double> c, std::span<double> work) {
  const double *pm = multipliers.data(), *pd = reciprocals.data(), *pc = c.data();
  double* pw = work.data();
  parallel_for(ex, channels, [=](Index f) {
    const auto at = [=](Index t) { return (t * channels + f) * width; };
    for (Index t = 0; t < frames; ++t)
      for (Index r = 0; r < width; ++r)
        pw[at(t) + r] = t == 0 ? pc[at(t) + r] : pc[at(t) + r] + pm[(t - 1) * width + r] * pw[at(t - 1) + r];
    for (Index t = frames - 1; t >= 0; --t)
      for (Index r = 0; r < width; ++r) {
        const double scaled = pw[at(t) + r] * pd[t * width + r];
        pw[at(t) + r] = t + 1 == frames ? scaled : scaled + pm[t * width + r] * pw[at(t + 1) + r];
      }
  });
}

}  // namespace videoonenet::cpu
