// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// NormalSolver: (AᵀA + ρI)⁻¹ and pinv(A) for an operator, by the solver its structure tag selects.

#include <limits>

#include "videoonenet/concepts/linear_operator.hpp"

namespace videoonenet {

/// What a solver may spend and how exact an iterative one must be.
struct SolverOptions {
  /// Iterative solvers stop at ‖(AᵀA + ρI)z − b‖ ≤ tolerance · ‖b‖, per video.
  double tolerance = 1e-6;
  /// Iterative solvers give up after this many iterations.
  int max_iterations = 1000;
  /// Largest factorisation, in bytes, before a structured solver turns to an iterative one.
  Index memory_budget = Index(256) << 20;
  /// Start iterative solves from the z that is passed in; otherwise from zero.
  bool warm_start = true;
};

/// How the last solve went. A direct solver reports no iterations and a residual of NaN: it computes none.
struct SolveReport {
  int iterations = 0;  ///< the largest count over the videos of the batch
  double relative_residual = std::numeric_limits<double>::quiet_NaN();  ///< the largest over the videos
  bool converged = true;                                                 ///< for every video
};

/// Solves the data step's linear system for operators of type A, whose structure selects a specialisation.
///
/// Math: z = (AᵀA + ρI)⁻¹ b and z = pinv(A) y, the least-squares solution of minimum norm.
/// Adjoint: the first is symmetric in b; ∂z/∂ρ = −(AᵀA + ρI)⁻¹ z.
///
/// Every specialisation offers, for a solver s made by `NormalSolver<A, structure_of<A>, Ex>(ex, a, options)` (a must
/// outlive it), or `NormalSolver<A>(ex, a, options)` on the host:
///  - `s.solve(ex, rho, b, z)`, ρ > 0, any ρ after one factorisation where the structure allows it; on entry z holds an
///    initial guess for iterative solvers; b and z have n entries and do not overlap;
///  - `s.pseudo_inverse(ex, y, z)`, y with d entries;
///  - `s.report()`, a SolveReport of the last call.
/// Neither call allocates after the first one with the same ρ. Solvers are not safe to share between threads.
///
/// `Ex` is the executor it solves on, and whose memory b, y and z lie in. A solver that is the same everywhere is one
/// specialisation for any executor; where a device needs another method there is a second one for a DeviceExecutor.
template <class A, class Structure = structure_of<A>, class Ex = Cpu>
class NormalSolver;

namespace detail {

/// Checks the arguments of NormalSolver::solve.
template <class T>
void require_solve(Index n, T rho, Index b_size, Index z_size) {
  require_size(b_size, n, "NormalSolver::solve", "b");
  require_size(z_size, n, "NormalSolver::solve", "z");
  if (!(rho > T(0)) || rho > std::numeric_limits<T>::max())
    throw InputError(sentence("NormalSolver::solve: rho is ", rho, ", expected a positive number"));
}

/// Checks the arguments of NormalSolver::pseudo_inverse.
inline void require_pseudo_inverse(Index d, Index n, Index y_size, Index z_size) {
  require_size(y_size, d, "NormalSolver::pseudo_inverse", "y");
  require_size(z_size, n, "NormalSolver::pseudo_inverse", "z");
}

}  // namespace detail

}  // namespace videoonenet
