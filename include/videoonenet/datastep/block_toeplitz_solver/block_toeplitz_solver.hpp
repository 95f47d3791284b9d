// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Data step of full convolutions: banded Cholesky while the factor fits the memory budget, conjugate gradients beyond.

#include <variant>

#include "videoonenet/datastep/block_toeplitz_solver/banded_toeplitz.hpp"
#include "videoonenet/datastep/block_toeplitz_solver/device_toeplitz.hpp"
#include "videoonenet/datastep/block_toeplitz_solver/iterative_toeplitz.hpp"

namespace videoonenet {

/// Math: AᵀA is, for every frame and channel, the same HW × HW Toeplitz matrix with the kernel's autocorrelation
/// and the half bandwidth b = (kh − 1)·W + kw − 1 (pixels along the shorter side). Its banded Cholesky factor is kept
/// for the last few ρ and solves all frames and channels at once. pinv(A) y is the least-squares solution, unique
/// unless the kernel is zero, where it is zero.
///
/// Accuracy: in double for float as well. The relative error of z is about 1e-16·(1 + ‖k‖₁²/ρ), that of pinv(A) y about
/// 1e-16·cond(A) while cond(A) < 1e7 (the 4×4 disk: 63 on 14×14, 282 on 32×32). A wide Gaussian may exceed any bound;
/// then the report's relative residual of the normal equations is what is left to judge by.
///
/// Beyond options.memory_budget: conjugate gradients per frame and channel to options.tolerance, condition at most
/// (‖k‖₁² + ρ)/ρ. A circulant preconditioner would save iterations (240×320, disk, tolerance 1e-6: 8 instead of 13 at
/// ρ = 0.3, 49 instead of 136 at ρ = 1e-3), but its pair of fast transforms takes nine times as long as AᵀA; only
/// for one-dimensional kernels and ρ ≤ 1e-3 would the two draw level. pinv of a large frame takes many iterations (the
/// same frame: 800), and the tolerance bounds the residual of its normal equations, not its error: read report().
///
/// Cost: factor H·W·b²/2 multiply-adds, once for each ρ; solve 2·H·W·b for each frame and channel.
/// Errors: NumericalError when AᵀA + ρI is singular to double precision.  Source: SPEC §3.1.
template <class A, Executor Ex>
class NormalSolver<A, structure::BlockToeplitz, Ex> {
 public:
  using T = typename A::value_type;

  NormalSolver(const Ex& ex, const A& a, const SolverOptions& options = {})
      : model_(Shape(a.domain()), Shape(a.range()), a.kernel()), engine_(make_engine(ex, model_, options)) {}

  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
    detail::require_solve(model_.domain.size(), rho, std::ssize(b), std::ssize(z));
    report_ = std::visit([&](auto& engine) { return engine.solve(ex, model_, double(rho), b, z); }, engine_);
  }
  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    detail::require_pseudo_inverse(model_.range.size(), model_.domain.size(), std::ssize(y), std::ssize(z));
    if (model_.kernel.empty()) {
      std::ranges::fill(z, T(0));
      report_ = {};
      return;
    }
    report_ = std::visit([&](auto& engine) { return engine.pseudo_inverse(ex, model_, y, z); }, engine_);
  }
  SolveReport report() const { return report_; }

  /// Whether solves use the banded factor.
  bool direct() const { return std::holds_alternative<detail::BandedToeplitz<T>>(engine_); }
  /// Bytes held: factors and scratch.
  Index memory_bytes() const {
    return std::visit([](const auto& engine) { return engine.memory_bytes(); }, engine_);
  }

 private:
  using Engine = std::variant<detail::BandedToeplitz<T>, detail::IterativeToeplitz<T>>;

  static Engine make_engine(const Ex& ex, const detail::ToeplitzModel& model, const SolverOptions& options) {
    if (detail::BandedToeplitz<T>::factor_bytes(model) <= options.memory_budget)
      return Engine(std::in_place_type<detail::BandedToeplitz<T>>, ex, model, options.memory_budget);
    return Engine(std::in_place_type<detail::IterativeToeplitz<T>>, ex, model, options);
  }

  detail::ToeplitzModel model_;
  Engine engine_;
  SolveReport report_;
};

}  // namespace videoonenet
