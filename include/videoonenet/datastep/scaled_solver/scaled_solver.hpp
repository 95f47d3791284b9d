// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Data step of a multiple of an operator, through the operator's own.

#include <cmath>
#include <optional>

#include "videoonenet/core/executor_buffer.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"

namespace videoonenet {

/// Math: A = sB: (s²BᵀB + ρI)⁻¹ b = (BᵀB + (ρ/s²) I)⁻¹ (b/s²) and pinv(A) y = pinv(B) y / s; for s = 0, b/ρ and 0.
/// An initial guess reaches B's solver unchanged, and so does the relative tolerance.
/// Errors: InputError when s is not finite; NumericalError when ρ/s² leaves the range of T.
/// Cost: B's and one pass; memory for n entries.
template <class A, Executor Ex>
class NormalSolver<A, structure::Scaled, Ex> {
 public:
  using T = typename A::value_type;
  using Inner = std::remove_cvref_t<decltype(std::declval<const A&>().inner())>;

  NormalSolver(const Ex& ex, const A& a, const SolverOptions& options = {})
      : a_(a), scaled_rhs_(ex.template allocate<T>(n())) {
    if (!std::isfinite(a.factor()))
      throw InputError(
          sentence("NormalSolver<Scaled>: the operator's factor() is ", a.factor(), ", expected a finite number"));
    if (a.factor() != T(0)) inner_.emplace(ex, a.inner(), options);
  }

  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
    detail::require_solve(n(), rho, std::ssize(b), std::ssize(z));
    const double squared = double(a_.factor()) * double(a_.factor()), inner_rho = double(rho) / squared;
    using Limits = std::numeric_limits<T>;
    // Near the end of T's range s²BᵀB lies far below the rounding error of ρ.
    negligible_ = !inner_ || inner_rho > double(Limits::max()) * double(Limits::epsilon()) * double(Limits::epsilon());
    if (negligible_) return axpby(ex, T(1) / rho, b, T(0), z);
    if (inner_rho < double(Limits::min()) || 1 / squared < double(Limits::min()) || 1 / squared > double(Limits::max()))
      throw NumericalError(sentence("NormalSolver<Scaled>: rho = ", rho, " divided by factor^2 = ", squared,
                                    " leaves the range of the scalar type"));
    axpby(ex, static_cast<T>(1 / squared), b, T(0), scaled_rhs_.span());
    inner_->solve(ex, static_cast<T>(inner_rho), scaled_rhs_.span(), z);
  }
  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    detail::require_pseudo_inverse(Shape(a_.range()).size(), n(), std::ssize(y), std::ssize(z));
    negligible_ = !inner_;
    if (negligible_) return fill(ex, T(0), z);
    inner_->pseudo_inverse(ex, y, z);
    axpby(ex, T(1) / a_.factor(), z, T(0), z);
  }
  SolveReport report() const { return negligible_ ? SolveReport{} : inner_->report(); }

 private:
  Index n() const { return Shape(a_.domain()).size(); }
  const A& a_;
  std::optional<NormalSolver<Inner, structure_of<Inner>, Ex>> inner_;
  ExecutorBuffer<T> scaled_rhs_;
  bool negligible_ = true;  // the last call, if any, did not use inner_
};

}  // namespace videoonenet
