// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Data step of operators with a diagonal AᵀA: masks, frame selections.

#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver_cpu.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"

namespace videoonenet {

/// Math: z = b / (m + ρ) and pinv(A) y = Aᵀy / m where m > 0, else 0, with m = diag(AᵀA).
/// Cost: one pass, no factor.  Source: SPEC §3.1.
template <class A, Executor Ex>
class NormalSolver<A, structure::Diagonal, Ex> {
 public:
  using T = typename A::value_type;

  NormalSolver(const Ex&, const A& a, const SolverOptions& = {}) : a_(a) {
    require_size(std::ssize(a.normal_diagonal()), n(), "NormalSolver<Diagonal>", "the operator's normal_diagonal()");
    if constexpr (copied) copy_ = Buffer<T>(a.normal_diagonal());
  }

  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
    detail::require_solve(n(), rho, std::ssize(b), std::ssize(z));
    diagonal_solve(ex, diagonal(ex), rho, b, z);
  }
  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    detail::require_pseudo_inverse(Shape(a_.range()).size(), n(), std::ssize(y), std::ssize(z));
    a_.apply_adjoint(ex, y, z);
    diagonal_pseudo_inverse(ex, diagonal(ex), z);
  }
  SolveReport report() const { return {}; }

 private:
  /// Whether the operator leaves it to the solver to bring the diagonal to a device.
  static constexpr bool mirrored = requires(const A& a, const Ex& ex) { a.normal_diagonal_on(ex); };
  static constexpr bool copied = DeviceExecutor<Ex> && !mirrored;

  Index n() const { return Shape(a_.domain()).size(); }
  /// diag(AᵀA) in memory of the executor.
  std::span<const T> diagonal(const Ex& ex) const {
    if constexpr (mirrored)
      return a_.normal_diagonal_on(ex);
    else if constexpr (copied)
      return copy_.on(ex);
    else
      return a_.normal_diagonal();
  }

  const A& a_;
  Mirrored<T> copy_;
};

}  // namespace videoonenet
