// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the banded Cholesky factor: panels of a few rows, vectorised over right-hand sides.

#include <algorithm>
#include <cmath>

#include "videoonenet/core/executor.hpp"

namespace videoonenet::cpu {

/// Rows of a panel: as many as the registers hold accumulators for.
#if defined(__AVX512F__)
inline constexpr Index panel_rows = 8;
#else
inline constexpr Index panel_rows = 4;
#endif
/// Right-hand sides a thread works on at once.
inline constexpr Index widest_group = 2 * panel_rows;

/// Where the factor lies: a panel for every `panel_rows` rows, column by column, then its diagonal block, row by row,
/// with the reciprocals of L's diagonal in place of the diagonal. The last panel is filled up with rows of the
/// identity.
struct BandLayout {
  Index n = 0, half_bandwidth = 0;

  Index panels() const { return (n + panel_rows - 1) / panel_rows; }
  /// Columns of a panel left of its diagonal block.
  Index columns() const { return (half_bandwidth + panel_rows - 1) / panel_rows * panel_rows; }
  Index first_column(Index panel) const { return std::max<Index>(0, panel * panel_rows - columns()); }
  Index panel_offset(Index panel) const { return panel * (columns() + panel_rows) * panel_rows; }
  Index diagonal_offset(Index panel) const { return panel_offset(panel) + columns() * panel_rows; }
  Index doubles() const { return panel_offset(panels()); }
};

/// Where `count` right-hand sides of n entries lie: in groups of at most `widest_group`, within a group row by row with
/// the group's right-hand sides side by side, widths filled up to multiples of four.
struct BandedRightHandSides {
  Index n = 0, count = 0;

  Index rows() const { return (n + panel_rows - 1) / panel_rows * panel_rows; }
  Index groups() const { return (count + widest_group - 1) / widest_group; }
  Index used(Index group) const { return std::min(widest_group, count - group * widest_group); }
  Index width(Index group) const { return (used(group) + 3) / 4 * 4; }
  Index offset(Index group) const { return group * widest_group * rows(); }
  Index doubles() const { return offset(groups() - 1) + width(groups() - 1) * rows(); }
};

namespace detail {

/// `Lanes` doubles in one register, or a few.
template <Index Lanes>
struct Pack {
  using type [[gnu::vector_size(Lanes * sizeof(double)), gnu::may_alias]] = double;
};

/// A panel's rows times the rows of `w`: acc[r] −= Σ_k panel[k][r] w[k].
template <Index Vectors, class V>
[[gnu::always_inline]] inline void panel_multiply(const double* panel, Index columns, const double* w,
                                                  V (&acc)[panel_rows][Vectors]) {
  const V* pw = reinterpret_cast<const V*>(w);
  for (Index k = 0; k < columns; ++k, panel += panel_rows, pw += Vectors)
#pragma GCC unroll 8
    for (Index r = 0; r < panel_rows; ++r)
#pragma GCC unroll 4
      for (Index v = 0; v < Vectors; ++v) acc[r][v] -= panel[r] * pw[v];
}

/// Forward substitution of one panel's rows: w_block ← D⁻¹(w_block − panel · w).
template <Index Width>
void panel_forward(const double* panel, const double* diagonal, Index columns, const double* w, double* w_block) {
  constexpr Index lanes = Width % panel_rows == 0 ? panel_rows : 4, vectors = Width / lanes;
  using V = typename Pack<lanes>::type;
  V acc[panel_rows][vectors];
  V* own = reinterpret_cast<V*>(w_block);
#pragma GCC unroll 8
  for (Index r = 0; r < panel_rows; ++r)
#pragma GCC unroll 4
    for (Index v = 0; v < vectors; ++v) acc[r][v] = own[r * vectors + v];
  panel_multiply<vectors>(panel, columns, w, acc);
#pragma GCC unroll 8
  for (Index r = 0; r < panel_rows; ++r)
#pragma GCC unroll 4
    for (Index v = 0; v < vectors; ++v) {
#pragma GCC unroll 8
      for (Index q = 0; q < r; ++q) acc[r][v] -= diagonal[r * panel_rows + q] * acc[q][v];
      acc[r][v] *= diagonal[r * panel_rows + r];
      own[r * vectors + v] = acc[r][v];
    }
}

/// Backward substitution of one panel's rows: w_block ← D⁻ᵀ w_block, then w ← w − panelᵀ · w_block.
template <Index Width>
void panel_backward(const double* panel, const double* diagonal, Index columns, double* w, double* w_block) {
  constexpr Index lanes = Width % panel_rows == 0 ? panel_rows : 4, vectors = Width / lanes;
  using V = typename Pack<lanes>::type;
  V z[panel_rows][vectors];
  V* own = reinterpret_cast<V*>(w_block);
#pragma GCC unroll 8
  for (Index r = panel_rows - 1; r >= 0; --r)
#pragma GCC unroll 4
    for (Index v = 0; v < vectors; ++v) {
      V sum = own[r * vectors + v];
#pragma GCC unroll 8
      for (Index q = r + 1; q < panel_rows; ++q) sum -= diagonal[q * panel_rows + r] * z[q][v];
      z[r][v] = sum * diagonal[r * panel_rows + r];
      own[r * vectors + v] = z[r][v];
    }
  V* pw = reinterpret_cast<V*>(w);
  for (Index k = 0; k < columns; ++k, panel += panel_rows, pw += vectors)
#pragma GCC unroll 4
    for (Index v = 0; v < vectors; ++v) {
      V sum = pw[v];
#pragma GCC unroll 8
      for (Index r = 0; r < panel_rows; ++r) sum -= panel[r] * z[r][v];
      pw[v] = sum;
    }
}

/// Both substitutions for one group.
template <Index Width>
void banded_solve_group(const BandLayout& band, const double* factor, double* w) {
  for (Index p = 0; p < band.panels(); ++p) {
    const Index first = band.first_column(p), row = p * panel_rows;
    panel_forward<Width>(factor + band.panel_offset(p), factor + band.diagonal_offset(p), row - first,
                         w + first * Width, w + row * Width);
  }
  for (Index p = band.panels() - 1; p >= 0; --p) {
    const Index first = band.first_column(p), row = p * panel_rows;
    panel_backward<Width>(factor + band.panel_offset(p), factor + band.diagonal_offset(p), row - first,
                          w + first * Width, w + row * Width);
  }
}

/// Cholesky factor of one diagonal block in place, reciprocals on the diagonal; false for a pivot that rounding alone
/// could have produced.
inline bool diagonal_block_factor(const double* original_diagonal, double* d) {
  for (Index r = 0; r < panel_rows; ++r)
    for (Index q = 0; q <= r; ++q) {
      double sum = d[r * panel_rows + q];
      for (Index k = 0; k < q; ++k) sum -= d[r * panel_rows + k] * d[q * panel_rows + k];
      if (q < r) {
        d[r * panel_rows + q] = sum * d[q * panel_rows + q];
      } else {
        constexpr double smallest_pivot = 1e-14;
        if (!(sum > smallest_pivot * original_diagonal[r])) return false;
        d[r * panel_rows + r] = 1 / std::sqrt(sum);
      }
    }
  return true;
}

}  // namespace detail

/// Factors the matrix whose rows `row(i, set)` gives; false when it is not positive definite.
template <class Row>
bool banded_factor(const Executor&, const BandLayout& band, Row& row, std::span<double> factor) {
  std::fill(factor.begin(), factor.end(), 0.0);
  for (Index p = 0; p < band.panels(); ++p) {
    const Index begin = p * panel_rows, first = band.first_column(p), columns = begin - first;
    double* panel = factor.data() + band.panel_offset(p);
    double* diagonal = factor.data() + band.diagonal_offset(p);
    for (Index r = 0; r < panel_rows; ++r)
      if (begin + r < band.n)
        row(begin + r, [&](Index j, double value) {
          (j < begin ? panel[(j - first) * panel_rows + r] : diagonal[r * panel_rows + j - begin]) = value;
        });
      else
        diagonal[r * panel_rows + r] = 1;

    // The panel, transposed, is a right-hand side of the rows above: its columns are those rows' unknowns.
    for (Index above = first / panel_rows; above < p; ++above) {
      const Index skipped = first - band.first_column(above), row_above = above * panel_rows;
      detail::panel_forward<panel_rows>(factor.data() + band.panel_offset(above) + skipped * panel_rows,
                                        factor.data() + band.diagonal_offset(above), row_above - first, panel,
                                        panel + (row_above - first) * panel_rows);
    }
    using V = typename detail::Pack<panel_rows>::type;
    V acc[panel_rows][1];
    double original_diagonal[panel_rows];
    for (Index r = 0; r < panel_rows; ++r) {
      acc[r][0] = reinterpret_cast<const V*>(diagonal)[r];
      original_diagonal[r] = diagonal[r * panel_rows + r];
    }
    detail::panel_multiply<1>(panel, columns, panel, acc);
    for (Index r = 0; r < panel_rows; ++r) reinterpret_cast<V*>(diagonal)[r] = acc[r][0];
    if (!detail::diagonal_block_factor(original_diagonal, diagonal)) return false;
  }
  return true;
}

/// Solves for all right-hand sides, one group a thread at a time.
inline void banded_solve(const Executor& ex, const BandLayout& band, std::span<const double> factor,
                         const BandedRightHandSides& layout, std::span<double> values) {
  parallel_for(ex, layout.groups(), [&](Index g) {
    double* w = values.data() + layout.offset(g);
    switch (layout.width(g)) {
      case 4:
        return detail::banded_solve_group<4>(band, factor.data(), w);
      case 8:
        return detail::banded_solve_group<8>(band, factor.data(), w);
      case 12:
        return detail::banded_solve_group<12>(band, factor.data(), w);
      default:
        return detail::banded_solve_group<widest_group>(band, factor.data(), w);
    }
  });
}

}  // namespace videoonenet::cpu
