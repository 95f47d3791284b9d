// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Conjugate gradients for symmetric positive definite systems and for least squares, matrix-free.

#include <cmath>

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"

namespace videoonenet {

/// Memory of conjugate gradients, allocated once: three or four vectors of n entries.
template <class T, class Memory = Buffer<T>>
struct ConjugateGradientWorkspace {
  /// With `preconditioned`, also the preconditioned residual.
  template <Executor Ex>
  ConjugateGradientWorkspace(const Ex& ex, Index n, bool preconditioned = false)
      : residual(ex.template allocate<T>(n)),
        direction(ex.template allocate<T>(n)),
        image(ex.template allocate<T>(n)),
        preconditioned_residual(ex.template allocate<T>(preconditioned ? n : 0)) {}
  Memory residual, direction, image, preconditioned_residual;
};

/// Says that conjugate gradients run without a preconditioner.
struct NoPreconditioner {};

namespace detail {

template <Executor Ex, class T>
double norm(const Ex& ex, std::span<T> x) {
  return std::sqrt(squared_norm(ex, std::span<const T>(x)));
}

inline void require_iterative_options(const SolverOptions& options) {
  if (!(options.tolerance >= 0) || !std::isfinite(options.tolerance))
    throw InputError(
        sentence("SolverOptions: the tolerance is ", options.tolerance, ", expected zero or a positive number"));
  if (options.max_iterations < 0)
    throw InputError(sentence("SolverOptions: max_iterations is ", options.max_iterations, ", expected zero or more"));
}

/// One more cycle is worth its cost only while the true residual still halves; below that rounding has won.
inline constexpr double least_progress = 0.5;

}  // namespace detail

/// Solves M z = b for a symmetric positive definite M.
///
/// Math: preconditioned conjugate gradients until ‖M z − b‖ ≤ tolerance · ‖b‖. Because the residual of the recurrence
/// drifts from the true one, the true one decides: where it does not meet the tolerance yet the iteration restarts from
/// it, as long as that still helps. What is attainable in the scalar type T is about eps(T) · ‖M‖ ‖z‖ / ‖b‖.
/// `normal(p, q)` writes q = M p; `precondition(r, s)` writes s = K⁻¹ r for a symmetric positive definite K.
/// On entry z is the initial guess when `options.warm_start` is set; one that is worse than zero, or not finite, is
/// dropped. A zero right-hand side gives exactly zero after no iteration. Errors: InputError for bad options;
/// NumericalError when b is not finite or M turns out not to be positive definite. Returns the true final residual;
/// `converged` is false when the tolerance was not met. Cost: per iteration one M, one K⁻¹ and five passes; no
/// allocation. Scalars are accumulated in double. Source: Hestenes and Stiefel (1952); restarts on the true residual as
/// in van der Vorst and Ye (2000).
template <Executor Ex, class T, class Memory, class Normal, class Precondition = NoPreconditioner>
SolveReport conjugate_gradient(const Ex& ex, const Normal& normal, std::span<const std::type_identity_t<T>> b,
                               std::span<std::type_identity_t<T>> z, ConjugateGradientWorkspace<T, Memory>& work,
                               const SolverOptions& options, const Precondition& precondition = {}) {
  constexpr bool preconditioned = !std::is_same_v<Precondition, NoPreconditioner>;
  detail::require_iterative_options(options);
  const std::span<T> r = work.residual.span(), p = work.direction.span(), q = work.image.span();
  const std::span<T> s = preconditioned ? work.preconditioned_residual.span() : r;
  const auto true_residual = [&] {  // r = b − M z
    normal(std::span<const T>(z), q);
    linear_combination(ex, T(1), b, T(-1), q, r);
    return detail::norm(ex, r);
  };
  const auto descend = [&] {  // s = K⁻¹ r, ⟨r, s⟩
    if constexpr (preconditioned) precondition(std::span<const T>(r), s);
    return dot(ex, std::span<const T>(r), s);
  };

  const double b_norm = detail::norm(ex, b), target = options.tolerance * b_norm;
  if (!std::isfinite(b_norm)) throw NumericalError("conjugate_gradient: the right-hand side is not finite");
  double r_norm = b_norm > 0 && options.warm_start ? true_residual() : std::numeric_limits<double>::infinity();
  if (!(r_norm <= b_norm)) {
    fill(ex, T(0), z);
    copy(ex, b, r);
    r_norm = b_norm;
  }

  SolveReport report{.iterations = 0, .relative_residual = 0, .converged = true};
  if (b_norm == 0) return report;
  double cycle_start = std::numeric_limits<double>::infinity();
  while (r_norm > target && report.iterations < options.max_iterations &&
         r_norm < detail::least_progress * cycle_start) {
    cycle_start = r_norm;
    double rs = descend();
    copy(ex, s, p);
    while (report.iterations < options.max_iterations) {
      normal(std::span<const T>(p), q);
      const double curvature = dot(ex, std::span<const T>(p), q);
      if (!(curvature > 0) || !std::isfinite(curvature) || !(rs > 0))
        throw NumericalError(sentence("conjugate_gradient: at iteration ", report.iterations + 1, " <p, Mp> is ",
                                      curvature, " and <r, r> is ", rs,
                                      ", expected positive numbers: an entry is not finite, or the ",
                                      "operator's adjoint is not its transpose"));
      const T alpha = static_cast<T>(rs / curvature);
      axpby(ex, alpha, p, T(1), z);
      axpby(ex, -alpha, q, T(1), r);
      ++report.iterations;
      if (detail::norm(ex, r) <= target) break;
      const double previous = std::exchange(rs, descend());
      axpby(ex, T(1), s, static_cast<T>(rs / previous), p);
    }
    r_norm = true_residual();
  }
  if (!std::isfinite(r_norm))
    throw NumericalError(
        sentence("conjugate_gradient: the residual is not finite after iteration ", report.iterations));
  report.relative_residual = r_norm / b_norm;
  report.converged = r_norm <= target;
  return report;
}

/// Memory of conjugate gradients for least squares: two vectors of the domain, two of the range.
template <class T, class Memory = Buffer<T>>
struct LeastSquaresWorkspace {
  template <Executor Ex>
  LeastSquaresWorkspace(const Ex& ex, Index n, Index d)
      : residual(ex.template allocate<T>(d)),
        image(ex.template allocate<T>(d)),
        gradient(ex.template allocate<T>(n)),
        direction(ex.template allocate<T>(n)) {}
  Memory residual, image, gradient, direction;
};

/// Writes the least-squares solution of minimum norm, z = pinv(A) y.
///
/// Math: conjugate gradients on AᵀA z = Aᵀy from z = 0, in the form that keeps y − A z (CGLS): every iterate lies in
/// the range of Aᵀ, which makes the limit the one of minimum norm. Stops at ‖Aᵀ(A z − y)‖ ≤ tolerance · ‖Aᵀy‖, judged
/// by the true residual and restarted as `conjugate_gradient` is. Errors: InputError for bad options; NumericalError
/// when a number is not finite. Cost: per iteration one A, one Aᵀ and six passes; no allocation. Source: Hestenes and
/// Stiefel (1952); Björck, Numerical Methods for Least Squares Problems (1996), §7.4.
template <Executor Ex, class A, class T, class Memory>
SolveReport conjugate_gradient_least_squares(const Ex& ex, const A& a, std::span<const std::type_identity_t<T>> y,
                                             std::span<std::type_identity_t<T>> z,
                                             LeastSquaresWorkspace<T, Memory>& work, const SolverOptions& options) {
  detail::require_iterative_options(options);
  const std::span<T> r = work.residual.span(), q = work.image.span();
  const std::span<T> s = work.gradient.span(), p = work.direction.span();
  const auto gradient = [&] {  // s = Aᵀ r
    a.apply_adjoint(ex, std::span<const T>(r), s);
    return detail::norm(ex, s);
  };

  fill(ex, T(0), z);
  copy(ex, y, r);
  const double start = gradient(), target = options.tolerance * start;
  if (!std::isfinite(start)) throw NumericalError("conjugate_gradient_least_squares: the adjoint of y is not finite");
  SolveReport report{.iterations = 0, .relative_residual = 0, .converged = true};
  if (start == 0) return report;

  double s_norm = start, cycle_start = std::numeric_limits<double>::infinity();
  while (s_norm > target && report.iterations < options.max_iterations &&
         s_norm < detail::least_progress * cycle_start) {
    cycle_start = s_norm;
    copy(ex, s, p);
    while (report.iterations < options.max_iterations) {
      a.apply(ex, std::span<const T>(p), q);
      const double curvature = squared_norm(ex, std::span<const T>(q));
      if (!(curvature > 0) || !std::isfinite(curvature))
        throw NumericalError(sentence("conjugate_gradient_least_squares: at iteration ", report.iterations + 1,
                                      " ||Ap||^2 is ", curvature,
                                      ", expected a positive number: an entry is not finite, or ",
                                      "the operator's adjoint is not its transpose"));
      const T alpha = static_cast<T>(s_norm * s_norm / curvature);
      axpby(ex, alpha, p, T(1), z);
      axpby(ex, -alpha, q, T(1), r);
      ++report.iterations;
      const double previous = std::exchange(s_norm, gradient());
      if (s_norm <= target) break;
      const double ratio = s_norm / previous;
      axpby(ex, T(1), s, static_cast<T>(ratio * ratio), p);
    }
    a.apply(ex, std::span<const T>(z), q);
    linear_combination(ex, T(1), y, T(-1), q, r);
    s_norm = gradient();
  }
  if (!std::isfinite(s_norm))
    throw NumericalError(
        sentence("conjugate_gradient_least_squares: the residual is not finite after iteration ", report.iterations));
  report.relative_residual = s_norm / start;
  report.converged = s_norm <= target;
  return report;
}

}  // namespace videoonenet
