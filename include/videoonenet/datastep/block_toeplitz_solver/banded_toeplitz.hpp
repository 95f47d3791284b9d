// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The block-Toeplitz data step by banded Cholesky factors, one for each of the last few ρ.

#include <list>

#include "videoonenet/datastep/banded_cholesky/banded_cholesky.hpp"
#include "videoonenet/datastep/block_toeplitz_solver/block_toeplitz_solver_cpu.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"

namespace videoonenet::detail {

/// Solves all planes (frame, channel) at once with one HW × HW factor, in double whatever T is.
template <class T>
class BandedToeplitz {
 public:
  template <Executor Ex>
  BandedToeplitz(const Ex& ex, const ToeplitzModel& model, Index memory_budget)
      : layout_{model.frame.size(), model.planes()},
        values_(ex.template allocate<double>(layout_.doubles())),
        most_factors_(std::clamp<Index>(memory_budget / factor_bytes(model), 1, 4)) {}

  /// Bytes one factor takes.
  static Index factor_bytes(const ToeplitzModel& m) { return BandedCholesky::bytes(m.frame.size(), m.half_bandwidth); }

  template <Executor Ex>
  SolveReport solve(const Ex& ex, const ToeplitzModel& model, double rho, std::span<const T> b, std::span<T> z) {
    const BandedCholesky& factor = factor_for(ex, model, rho);
    interleave_planes(ex, model.domain, model.frame, layout_, b, values_.span());
    factor.solve(ex, layout_, values_.span());
    separate_planes(ex, model.domain, model.frame, layout_, values_.span(), z);
    return {};
  }

  /// Least squares by corrected seminormal equations (Björck, Numerical Methods for Least Squares Problems, §6.6.5):
  /// z ← z + (KᵀK + δI)⁻¹ Kᵀ(y − K z), so that rounding is amplified by cond(K), not by its square. δ is zero unless
  /// KᵀK is singular to double precision; then more corrections make up for it as far as they can.
  template <Executor Ex>
  SolveReport pseudo_inverse(const Ex& ex, const ToeplitzModel& model, std::span<const T> y, std::span<T> z) {
    const cpu::BandedRightHandSides measured{model.measured.size(), model.planes()};
    if (residual_.size() == 0) {
      residual_ = ex.template allocate<double>(measured.doubles());
      solution_ = ex.template allocate<double>(layout_.doubles());
      norms_ = ex.template allocate<double>(2 * model.planes());
    }
    const auto norms = norms_.span().first(static_cast<std::size_t>(model.planes()));
    const auto first_norms = norms_.span().last(static_cast<std::size_t>(model.planes()));
    const BandedCholesky& factor = factor_for(ex, model, 0);
    const int corrections = cached_.front().shift == 0 ? 2 : 50;
    std::ranges::fill(solution_, 0.0);
    for (int k = 0; k <= corrections + 1; ++k) {
      interleave_planes(ex, model.range, model.measured, measured, y, residual_.span());
      if (k > 0)
        filter_planes(ex, model.frame, layout_, model.measured, measured, model.kernel, -1, -1, 1, solution_.span(),
                      residual_.span());
      filter_planes(ex, model.measured, measured, model.frame, layout_, model.kernel, 1, 1, 0, residual_.span(),
                    values_.span());
      plane_norms(ex, layout_, values_.span(), k == 0 ? first_norms : norms);
      if (k == corrections + 1) break;
      factor.solve(ex, layout_, values_.span());
      for (Index i = 0; i < solution_.size(); ++i) solution_[i] += values_[i];
    }
    separate_planes(ex, model.domain, model.frame, layout_, solution_.span(), z);
    SolveReport report{.iterations = corrections, .relative_residual = 0};
    for (std::size_t p = 0; p < norms.size(); ++p)
      if (norms[p] != 0)
        report.relative_residual = std::max(report.relative_residual, std::sqrt(norms[p] / first_norms[p]));
    return report;
  }

  Index memory_bytes() const {
    Index bytes = 8 * (values_.size() + residual_.size() + solution_.size() + norms_.size());
    for (const Cached& c : cached_) bytes += c.factor.memory_bytes();
    return bytes;
  }

 private:
  struct Cached {
    double rho;    ///< asked for
    double shift;  ///< factored: ρ, or a little more for a pseudo-inverse that is singular in double precision
    BandedCholesky factor;
  };

  /// The factor of KᵀK + ρI, from the cache when it is there; moves it to the front.
  template <Executor Ex>
  const BandedCholesky& factor_for(const Ex& ex, const ToeplitzModel& model, double rho) {
    const auto found = std::ranges::find(cached_, rho, &Cached::rho);
    if (found != cached_.end()) {
      cached_.splice(cached_.begin(), cached_, found);
      return cached_.front().factor;
    }
    if (std::ssize(cached_) < most_factors_)
      cached_.push_front({rho, rho, BandedCholesky(layout_.n, model.half_bandwidth)});
    else
      cached_.splice(cached_.begin(), cached_, std::prev(cached_.end()));
    Cached& c = cached_.front();
    c.rho = std::numeric_limits<double>::quiet_NaN();  // not to be found should the factorisation fail
    double shift = rho;
    while (!factor(ex, model, shift, c.factor)) {
      const double scale = model.diagonal();
      if (rho > 0 || !(shift < scale))
        throw NumericalError(
            sentence("NormalSolver<BlockToeplitz>: AᵀA + ρI is not positive definite for rho = ", rho));
      shift = shift == 0 ? 1e-13 * scale : 10 * shift;
    }
    c.shift = shift;
    c.rho = rho;
    return c.factor;
  }

  template <Executor Ex>
  static bool factor(const Ex& ex, const ToeplitzModel& model, double shift, BandedCholesky& result) {
    const PixelGrid& grid = model.frame;
    return result.factor(ex, [&](Index i, auto&& set) {
      const Index row = grid.columns_first ? i % grid.rows : i / grid.columns;
      const Index column = grid.columns_first ? i / grid.rows : i % grid.columns;
      for (const FilterTap& tap : model.autocorrelation) {
        if (!grid.contains(row + tap.row, column + tap.column)) continue;
        const Index j = grid.number(row + tap.row, column + tap.column);
        if (j < i) set(j, tap.value);
      }
      set(i, model.diagonal() + shift);
    });
  }

  cpu::BandedRightHandSides layout_;
  Buffer<double> values_, residual_, solution_, norms_;
  std::list<Cached> cached_;
  Index most_factors_;
};

}  // namespace videoonenet::detail
