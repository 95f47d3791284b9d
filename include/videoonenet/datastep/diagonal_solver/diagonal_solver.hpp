// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Data step of operators with a diagonal AᵀA: masks, frame selections.

#include "videoonenet/datastep/diagonal_solver/diagonal_solver_cpu.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"

namespace videoonenet {

/// Math: z = b / (m + ρ) and pinv(A) y = Aᵀy / m where m > 0, else 0, with m = diag(AᵀA).
/// Cost: one pass, no factor.  Source: SPEC §3.1.
template <class A>
class NormalSolver<A, structure::Diagonal> {
 public:
  using T = typename A::value_type;

  template <Executor Ex>
  NormalSolver(const Ex&, const A& a, const SolverOptions& = {}) : a_(a) {
    require_size(std::ssize(a.normal_diagonal()), n(), "NormalSolver<Diagonal>", "the operator's normal_diagonal()");
  }

  template <Executor Ex>
  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
    detail::require_solve(n(), rho, std::ssize(b), std::ssize(z));
    diagonal_solve(ex, a_.normal_diagonal(), rho, b, z);
  }
  template <Executor Ex>
  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    detail::require_pseudo_inverse(Shape(a_.range()).size(), n(), std::ssize(y), std::ssize(z));
    a_.apply_adjoint(ex, y, z);
    diagonal_pseudo_inverse(ex, a_.normal_diagonal(), z);
  }
  SolveReport report() const { return {}; }

 private:
  Index n() const { return Shape(a_.domain()).size(); }
  const A& a_;
};

}  // namespace videoonenet
