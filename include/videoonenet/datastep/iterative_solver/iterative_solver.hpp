// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Data step of operators of unknown structure: conjugate gradients on the matrix-free operator.

#include "videoonenet/core/executor_buffer.hpp"
#include "videoonenet/datastep/conjugate_gradient/conjugate_gradient.hpp"

namespace videoonenet {

/// Math: conjugate gradients on (AᵀA + ρI) z = b to ‖(AᵀA + ρI)z − b‖ ≤ tolerance · ‖b‖, and CGLS from zero for pinv(A)
/// y. The error of z is at most (1 + ‖A‖²/ρ) times that residual. In float the attainable residual is about 1e-7 (‖A‖²
/// + ρ) ‖z‖ / ‖b‖; a tolerance below is reported as not converged. A batch (N > 1) is one system, because an unknown
/// operator may couple its videos: one norm and one step size for all. Videos that must converge each by itself go into
/// a BlockDiagonal operator. Cost: per iteration one A, one Aᵀ and six passes; memory for five vectors of n and three
/// of d entries. Source: SPEC §3.1, last row.
template <class A, Executor Ex>
class NormalSolver<A, structure::Unknown, Ex> {
 public:
  using T = typename A::value_type;

  NormalSolver(const Ex& ex, const A& a, const SolverOptions& options = {})
      : a_(a),
        options_(options),
        solve_work_(ex, n()),
        start_work_(ex, n(), d()),
        image_(ex.template allocate<T>(d())) {
    static_assert(require_linear_operator<A, Ex>());
    detail::require_iterative_options(options);
  }

  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
    detail::require_solve(n(), rho, std::ssize(b), std::ssize(z));
    const auto normal = [&](std::span<const T> p, std::span<T> q) {
      a_.apply(ex, p, image_.span());
      a_.apply_adjoint(ex, std::span<const T>(image_.span()), q);
      axpby(ex, rho, p, T(1), q);
    };
    report_ = conjugate_gradient(ex, normal, b, z, solve_work_, options_);
  }
  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    detail::require_pseudo_inverse(d(), n(), std::ssize(y), std::ssize(z));
    report_ = conjugate_gradient_least_squares(ex, a_, y, z, start_work_, options_);
  }
  SolveReport report() const { return report_; }

 private:
  Index n() const { return Shape(a_.domain()).size(); }
  Index d() const { return Shape(a_.range()).size(); }
  const A& a_;
  SolverOptions options_;
  ConjugateGradientWorkspace<T, ExecutorBuffer<T>> solve_work_;
  LeastSquaresWorkspace<T, ExecutorBuffer<T>> start_work_;
  ExecutorBuffer<T> image_;
  SolveReport report_{};
};

}  // namespace videoonenet
