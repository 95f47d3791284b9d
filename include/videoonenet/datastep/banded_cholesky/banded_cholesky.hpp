// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Cholesky factor of a symmetric positive definite banded matrix, made for many right-hand sides at once.

#include <algorithm>

#include "videoonenet/datastep/banded_cholesky/banded_cholesky_cpu.hpp"

namespace videoonenet {

/// L Lᵀ = M for a banded M of n rows, in double.
///
/// Math: block row by block row, L_I: is the forward substitution of M_I: through the rows above it, then the Cholesky
/// factor of the diagonal block; the factorisation and the solve share one kernel (Golub and Van Loan, §4.3.5).
/// Shapes: right-hand sides lie as `BandedRightHandSides` says.
/// Errors: ShapeError for a size that is not positive or a half bandwidth outside [0, n).
/// Cost: about n·b²/2 multiply-adds to factor, 2·n·b per right-hand side to solve, 8·n·(b + 16) bytes at most.
class BandedCholesky {
 public:
  BandedCholesky(Index n, Index half_bandwidth) : band_(layout(n, half_bandwidth)), factor_(band_.doubles()) {}

  /// Bytes a factor takes.
  static Index bytes(Index n, Index half_bandwidth) {
    return layout(n, half_bandwidth).doubles() * static_cast<Index>(sizeof(double));
  }

  /// Factors M; false when it is not positive definite to working accuracy, and then the factor is of no use.
  ///
  /// `row(i, set)` calls `set(j, value)` for the entries of row i with i − half_bandwidth ≤ j ≤ i that are not zero.
  template <Executor Ex, class Row>
  [[nodiscard]] bool factor(const Ex& ex, Row&& row) {
    return banded_factor(ex, band_, row, factor_.span());
  }

  /// Replaces the right-hand sides by M⁻¹ times them.
  /// Errors: ShapeError for an array of another layout.
  template <Executor Ex>
  void solve(const Ex& ex, const cpu::BandedRightHandSides& layout, std::span<double> values) const {
    require_size(layout.n, band_.n, "BandedCholesky::solve", "a right-hand side");
    require_size(std::ssize(values), layout.doubles(), "BandedCholesky::solve", "the array of right-hand sides");
    banded_solve(ex, band_, factor_.span(), layout, values);
  }

  /// Bytes this factor takes.
  Index memory_bytes() const { return factor_.size() * static_cast<Index>(sizeof(double)); }

 private:
  static cpu::BandLayout layout(Index n, Index half_bandwidth) {
    if (n <= 0 || half_bandwidth < 0 || half_bandwidth >= n)
      throw ShapeError(sentence("BandedCholesky: ", n, " rows with half bandwidth ", half_bandwidth,
                                " were given, expected at least one row and a half bandwidth below their number"));
    return {n, half_bandwidth};
  }

  cpu::BandLayout band_;
  Buffer<double> factor_;
};

}  // namespace videoonenet
