// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Data step of operators with AAᵀ = c I: box downsampling, colorization.

#include <cmath>

#include "videoonenet/core/executor_buffer.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"
#include "videoonenet/datastep/tight_frame_solver/tight_frame_solver_cpu.hpp"

namespace videoonenet {

/// Math: z = (b − Aᵀ(A b)/(ρ + c))/ρ (Woodbury) and pinv(A) y = Aᵀy / c; zero for c = 0.
/// The operator runs in T, so the relative error is at most about eps(T) · (ρ + c)/ρ.
/// Errors: InputError when c is negative or not finite.
/// Cost: one A, one Aᵀ and one pass, no factor, any ρ; memory for d entries.  Source: SPEC §3.1.
template <class A, Executor Ex>
class NormalSolver<A, structure::TightFrame, Ex> {
 public:
  using T = typename A::value_type;

  NormalSolver(const Ex& ex, const A& a, const SolverOptions& = {}) : a_(a), image_(ex.template allocate<T>(d())) {
    if (!(a.frame_bound() >= T(0)) || !std::isfinite(a.frame_bound()))
      throw InputError(sentence("NormalSolver<TightFrame>: the operator's frame_bound() is ", a.frame_bound(),
                                ", expected zero or a positive number"));
  }

  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
    detail::require_solve(n(), rho, std::ssize(b), std::ssize(z));
    a_.apply(ex, b, image_.span());
    a_.apply_adjoint(ex, std::span<const T>(image_.span()), z);
    tight_frame_combine(ex, double(rho), double(a_.frame_bound()), b, z);
  }
  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    detail::require_pseudo_inverse(d(), n(), std::ssize(y), std::ssize(z));
    const T c = a_.frame_bound();
    a_.apply_adjoint(ex, y, z);
    axpby(ex, c > T(0) ? T(1) / c : T(0), z, T(0), z);
  }
  SolveReport report() const { return {}; }

 private:
  Index n() const { return Shape(a_.domain()).size(); }
  Index d() const { return Shape(a_.range()).size(); }
  const A& a_;
  ExecutorBuffer<T> image_;
};

}  // namespace videoonenet
