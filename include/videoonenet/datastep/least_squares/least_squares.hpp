// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The classical data step: least squares, then dual ascent.

#include "videoonenet/concepts/data_step.hpp"
#include "videoonenet/core/arena.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/datastep/certificate.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"

namespace videoonenet {

/// Least squares with dual ascent, the data step of classical ADMM, HQS-like methods and OneNet.
///
/// Math: z⁰ = pinv(A) y, u⁰ = 0; then z = (AᵀA + ρI)⁻¹(Aᵀy + ρ(x + u)), u ← u + x − z.
/// Adjoint: the solve is its own adjoint (see NormalSolver).
/// Shapes: x, z, u have the operator's domain.  Cost: one solve and two passes.
/// Source: VON Alg. 1; the public OneNet code starts from Aᵀy instead (`Start::adjoint`).
struct LeastSquares {
  /// Where the iteration starts.
  enum class Start {
    pseudo_inverse,  ///< z⁰ = pinv(A) y, the paper's
    adjoint,         ///< z⁰ = Aᵀy, the public OneNet code's
  };

  SolverOptions solver{};
  Start start = Start::pseudo_inverse;

  /// Factors the operator and computes Aᵀy. `a` and `y` must outlive the result.
  template <Executor Ex, class A>
  auto bind(const Ex& ex, const A& a, std::span<const typename A::value_type> y) const;
};

/// LeastSquares prepared for one operator and its measurement.
template <class A, Executor Ex>
class BoundLeastSquares {
 public:
  using T = typename A::value_type;

  BoundLeastSquares(const Ex& ex, const LeastSquares& policy, const A& a, std::span<const T> y)
      : policy_(policy),
        a_(a),
        y_(checked(a, y)),
        solver_(ex, a, policy.solver),
        aty_(ex.template allocate<T>(shape().size())),
        rhs_(ex.template allocate<T>(shape().size())) {
    a.apply_adjoint(ex, y, aty_.span());
  }

  void start(const Ex& ex, View<T> z, View<T> u) {
    require_shape(z.shape, shape(), "LeastSquares::start", "z");
    require_shape(u.shape, shape(), "LeastSquares::start", "u");
    fill(ex, T(0), u.flat());
    if (policy_.start == LeastSquares::Start::pseudo_inverse)
      solver_.pseudo_inverse(ex, y_, z.flat());
    else
      copy(ex, aty_.span(), z.flat());
  }

  void step(const Ex& ex, T rho, View<const T> x, View<T> z, View<T> u) {
    require_shape(x.shape, shape(), "LeastSquares::step", "x");
    require_shape(z.shape, shape(), "LeastSquares::step", "z");
    require_shape(u.shape, shape(), "LeastSquares::step", "u");
    data_step_rhs(ex, aty_.span(), rho, x.flat(), u.flat(), rhs_.span());
    solver_.solve(ex, rho, rhs_.span(), z.flat());
    dual_ascent(ex, x.flat(), z.flat(), u.flat());
  }

  /// Videos this step works on.
  Shape shape() const { return a_.domain(); }
  /// Aᵀy.
  std::span<const T> adjoint_measurement() const { return aty_.span(); }
  /// How the last solve went.
  SolveReport report() const { return solver_.report(); }
  /// How well z, as the last step with penalty ρ left it, satisfies that step's normal equations.
  /// Cost: one A, one Aᵀ and their memory; call it beside the iteration, not inside.
  Certificate certificate(const Ex& ex, T rho, View<const T> z) const {
    return videoonenet::certificate(ex, a_, rho, rhs_.span(), z.flat());
  }

 private:
  /// A wrong size must not cost a factorisation first.
  static std::span<const T> checked(const A& a, std::span<const T> y) {
    require_size(std::ssize(y), Shape(a.range()).size(), "LeastSquares::bind", "the measurement y");
    return y;
  }

  LeastSquares policy_;
  const A& a_;
  std::span<const T> y_;
  NormalSolver<A> solver_;
  decltype(std::declval<const Ex&>().template allocate<T>(0)) aty_, rhs_;
};

template <Executor Ex, class A>
auto LeastSquares::bind(const Ex& ex, const A& a, std::span<const typename A::value_type> y) const {
  static_assert(require_linear_operator<A, Ex>());
  return BoundLeastSquares<A, Ex>(ex, *this, a, y);
}

}  // namespace videoonenet
