// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Certificates of a data step: how well a solution, and the gradient through it, satisfy the normal equations.

#include <algorithm>
#include <cmath>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet {

/// How well z satisfies (AᵀA + ρI) z = b.
struct Certificate {
  double residual = 0;  ///< ‖(AᵀA + ρI)z − b‖ / ‖b‖; ‖(AᵀA + ρI)z‖ itself for b = 0
};

/// How well g_b is the gradient by b of ⟨z(b), g_z⟩, z(b) = (AᵀA + ρI)⁻¹ b.
struct GradientCertificate {
  double residual = 0;  ///< ‖(AᵀA + ρI) g_b − g_z‖ / ‖g_z‖: the adjoint solve is the same solve
  double symmetry_defect = 0;  ///< |⟨z, g_z⟩ − ⟨b, g_b⟩| / max(‖z‖‖g_z‖, ‖b‖‖g_b‖), zero for zero vectors
};

/// Certifies a data step's solution, whichever solver it came from.
///
/// Math: ‖(AᵀA + ρI)z − b‖ / ‖b‖; the norms are accumulated in double, A runs in its scalar type T, so a value below
/// about eps(T) (‖A‖² + ρ) ‖z‖ / ‖b‖ says no more than "exact to rounding". The error of z is at most (1 + ‖A‖²/ρ)
/// times the residual, relative to ‖z‖. Errors: ShapeError when b or z is not of the domain.  Cost: one A, one Aᵀ,
/// three passes and their memory.
template <Executor Ex, class A, class T = typename A::value_type>
Certificate certificate(const Ex& ex, const A& a, std::type_identity_t<T> rho,
                        std::span<const std::type_identity_t<T>> b, std::span<const std::type_identity_t<T>> z) {
  static_assert(require_linear_operator<A, Ex>());
  const Index n = Shape(a.domain()).size();
  require_size(std::ssize(b), n, "certificate", "b");
  require_size(std::ssize(z), n, "certificate", "z");
  auto image = ex.template allocate<T>(Shape(a.range()).size());
  auto product = ex.template allocate<T>(n);
  a.apply(ex, z, image.span());
  a.apply_adjoint(ex, std::span<const T>(image.span()), product.span());
  axpby(ex, rho, z, T(1), product.span());
  const double b_norm = std::sqrt(squared_norm(ex, b));
  const double defect = std::sqrt(squared_distance(ex, std::span<const T>(product.span()), b));
  return {b_norm > 0 ? defect / b_norm : defect};
}

/// Certifies the gradient through a data step, given z = solve(b) and g_b = solve(g_z).
///
/// Math: the residual of the adjoint solve, and the defect of ⟨solve(b), g_z⟩ = ⟨b, solve(g_z)⟩.
/// Errors: ShapeError when a vector is not of the domain.  Cost: one A, one Aᵀ, nine passes.
template <Executor Ex, class A, class T = typename A::value_type>
GradientCertificate gradient_certificate(const Ex& ex, const A& a, std::type_identity_t<T> rho,
                                         std::span<const std::type_identity_t<T>> b,
                                         std::span<const std::type_identity_t<T>> z,
                                         std::span<const std::type_identity_t<T>> grad_z,
                                         std::span<const std::type_identity_t<T>> grad_b) {
  const Index n = Shape(a.domain()).size();
  require_size(std::ssize(b), n, "gradient_certificate", "b");
  require_size(std::ssize(z), n, "gradient_certificate", "z");
  GradientCertificate result{.residual = certificate(ex, a, rho, grad_z, grad_b).residual};
  const double scale = std::sqrt(
      std::max(squared_norm(ex, z) * squared_norm(ex, grad_z), squared_norm(ex, b) * squared_norm(ex, grad_b)));
  const double defect = std::abs(dot(ex, z, grad_z) - dot(ex, b, grad_b));
  result.symmetry_defect = scale > 0 ? defect / scale : defect;
  return result;
}

/// Fails loudly when a certificate does not meet the tolerance; NaN never does.
/// Errors: NumericalError naming `where`, with both numbers.
inline void require(const Certificate& c, double tolerance, const char* where) {
  if (!(c.residual <= tolerance))
    throw NumericalError(sentence(where, ": the relative residual of the data step's normal equations is ", c.residual,
                                  ", expected at most ", tolerance));
}

/// The same for the gradient: both its residual and its symmetry defect.
inline void require(const GradientCertificate& c, double tolerance, const char* where) {
  if (!(c.residual <= tolerance))
    throw NumericalError(sentence(where, ": the relative residual of the data step's adjoint solve is ", c.residual,
                                  ", expected at most ", tolerance));
  if (!(c.symmetry_defect <= tolerance))
    throw NumericalError(sentence(where, ": <solve(b), g> and <b, solve(g)> differ by ", c.symmetry_defect,
                                  " of their scale, expected at most ", tolerance, "; the solve is not symmetric"));
}

}  // namespace videoonenet
