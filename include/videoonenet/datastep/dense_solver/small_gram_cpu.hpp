// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The Gram matrix of the dense data step, on the host.

#include <Eigen/Core>

#include "videoonenet/core/executor.hpp"
#include "videoonenet/core/simd.hpp"

namespace videoonenet::cpu {

namespace detail {

/// The block of the Gram matrix whose sums the registers hold: rows × columns, each row of it a lane.
struct GramBlock {
  static constexpr Index lanes = simd::lanes<double>;
  static constexpr Index vectors = lanes < 4 ? 4 / lanes : 3;
  static constexpr Index rows = vectors * lanes;
  static constexpr Index columns = lanes < 8 ? 4 : 8;  // divides `rows`, so that one packing serves both factors
  static constexpr Index depth = 256;                  ///< terms that are summed before they are added to the result
  static constexpr Index tile = 192;                   ///< packed rows that stay in the second-level cache
  static_assert(rows % columns == 0 && tile % rows == 0);

  /// sums[c·rows + r] = Σ_k left[k·rows + r] · right[k·rows + c].
  static void multiply(Index count, const double* left, const double* right, double* sums) {
    simd::Vector<double> sum[columns][vectors] = {};
    for (Index k = 0; k < count; ++k) {
      simd::Vector<double> x[vectors];
      for (Index v = 0; v < vectors; ++v) x[v] = simd::load(left + k * rows + v * lanes);
#pragma GCC unroll 8
      for (Index c = 0; c < columns; ++c)
#pragma GCC unroll 4
        for (Index v = 0; v < vectors; ++v) sum[c][v] += x[v] * right[k * rows + c];
    }
    for (Index c = 0; c < columns; ++c)
      for (Index v = 0; v < vectors; ++v) simd::store(sums + c * rows + v * lanes, sum[c][v]);
  }
};

/// packed[k·rows + r] = entries[r·row_stride + k·term_stride] for k < count, and zero for the rows from `present` on.
template <class T>
void pack_gram_block(const T* entries, Index row_stride, Index term_stride, Index present, Index count,
                     double* packed) {
  constexpr Index rows = GramBlock::rows;
  if (present < rows) std::fill_n(packed, count * rows, 0.0);
  for (Index k = 0; k < count; ++k)
    for (Index r = 0; r < present; ++r) packed[k * rows + r] = double(entries[r * row_stride + k * term_stride]);
}

}  // namespace detail

/// MMᵀ (d ≤ n) or MᵀM (d > n) for a row-major d × n matrix M, in double; only the lower triangle is meaningful.
///
/// Blocks above the diagonal are not formed. Every entry is summed in one order, whatever the number of threads.
/// Cost: d·n·min(d, n) flops; beside the result 256·min(d, n) doubles.
template <class T>
Eigen::MatrixXd small_gram(const Executor& ex, std::span<const T> matrix, Index d, Index n) {
  using Block = detail::GramBlock;
  const Index size = std::min(d, n), length = std::max(d, n);
  const Index row_stride = d <= n ? n : 1, term_stride = d <= n ? 1 : n;
  const Index blocks = (size + Block::rows - 1) / Block::rows, tiles = (size + Block::tile - 1) / Block::tile;
  Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(size, size);
  Buffer<double> panel(blocks * Block::rows * Block::depth);
  for (Index k = 0; k < length; k += Block::depth) {
    const Index count = std::min(Block::depth, length - k);
    parallel_for(ex, blocks, [&](Index i) {
      detail::pack_gram_block(matrix.data() + i * Block::rows * row_stride + k * term_stride, row_stride, term_stride,
                              std::min(Block::rows, size - i * Block::rows), count,
                              panel.data() + i * Block::rows * Block::depth);
    });
    parallel_for(ex, tiles * (tiles + 1) / 2, [&](Index task) {
      Index i = 0;
      while ((i + 1) * (i + 2) / 2 <= task) ++i;
      const Index j = task - i * (i + 1) / 2;
      for (Index column = j * Block::tile; column < std::min((j + 1) * Block::tile, size); column += Block::columns) {
        const Index right_block = column / Block::rows;
        const double* right = panel.data() + right_block * Block::rows * Block::depth + column % Block::rows;
        const Index end = std::min((i + 1) * Block::tile, size);
        for (Index row = std::max(i * Block::tile, right_block * Block::rows); row < end; row += Block::rows) {
          double sums[Block::rows * Block::columns];
          Block::multiply(count, panel.data() + row * Block::depth, right, sums);
          for (Index c = 0; c < std::min(Block::columns, size - column); ++c)
            for (Index r = 0; r < std::min(Block::rows, size - row); ++r)
              gram(row + r, column + c) += sums[c * Block::rows + r];
        }
      }
    });
  }
  return gram;
}

}  // namespace videoonenet::cpu
