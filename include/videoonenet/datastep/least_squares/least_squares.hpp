// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The classical data step: least squares, then dual ascent.

#include <optional>

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/concepts/data_step.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/datastep/certificate.hpp"
#include "videoonenet/datastep/iterative_solver/iterative_solver.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"
#include "videoonenet/operators/transpose/transpose.hpp"

namespace videoonenet {

/// Where a network's adjoint adds its gradients by what it was given; an empty span is not wanted.
template <class T>
struct MeasurementGradient {
  std::span<T> aty{};    ///< by Aᵀy
  std::span<T> start{};  ///< by z⁰
};

/// Least squares with dual ascent, the data step of classical ADMM, HQS-like methods and OneNet.
///
/// Math: z⁰ = pinv(A) y, u⁰ = 0; then z = (AᵀA + ρI)⁻¹(Aᵀy + ρ(x + u)), u ← u + x − z.
/// Adjoint: with w = (AᵀA + ρI)⁻¹(grad_z − grad_u), the solve being its own adjoint: grad_x += ρw + grad_u,
/// grad_u ← ρw + grad_u, grad_z ← 0, grad_Aᵀy += w, and ∂/∂ρ = ⟨w, x + u − z⟩ = ⟨w, next u⟩.
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

  /// As a step of a trained network (see UnrolledNetwork): nothing to train, and only ∂/∂ρ needs anything remembered.
  template <class T>
  struct Cache {
    std::span<T> next_u{};  ///< empty when ρ is not learned
  };
  Index parameter_count() const { return 0; }
  std::vector<Parameter> parameters() const { return {}; }
  template <class T, Executor Ex>
  Cache<T> make_cache(Memory<Ex>& memory, const Shape& video, bool learns_rho) const {
    const bool remember = learns_rho && memory.purpose == Purpose::training;
    return {remember ? memory.kept.template take<T>(video.size()) : std::span<T>{}};
  }
  template <Executor Ex, class Bound, class T>
  void step(const Ex& ex, Input<T> /*parameters*/, Bound& bound, std::type_identity_t<T> rho,
            View<const std::type_identity_t<T>> x, View<T> z, View<T> u, Cache<T>& cache) const {
    bound.step(ex, rho, x, z, u);
    if (!cache.next_u.empty()) copy(ex, u.flat(), cache.next_u);
  }
  /// Turns grad_z and grad_u from gradients by the next z and u into gradients by the present ones, adds to grad_x, and
  /// returns ∂/∂ρ (zero when it was not asked for).
  template <Executor Ex, class Bound, class T>
  double step_adjoint(const Ex& ex, Input<T> /*parameters*/, Bound& bound, std::type_identity_t<T> rho,
                      const Cache<T>& cache, View<T> grad_x, View<T> grad_z, View<T> grad_u,
                      std::span<T> /*grad_parameters*/, const MeasurementGradient<T>& grad_measurement) const {
    return bound.step_adjoint(ex, rho, cache.next_u, grad_x, grad_z, grad_u, grad_measurement);
  }
};

namespace detail {

template <class A, class Ex>
concept HasSolver = requires { sizeof(NormalSolver<A, structure_of<A>, Ex>); };

/// Stands where a solver is missing, so that nothing but the sentence about it is reported.
struct MissingSolver {
  explicit MissingSolver(const auto&...) {}
  void solve(const auto&...) {}
  void pseudo_inverse(const auto&...) {}
  SolveReport report() const { return {}; }
};

template <class A, class Ex>
struct SolverFor {
  using type = MissingSolver;
};
template <class A, class Ex>
  requires HasSolver<A, Ex>
struct SolverFor<A, Ex> {
  using type = NormalSolver<A, structure_of<A>, Ex>;
};

}  // namespace detail

/// LeastSquares prepared for one operator and its measurement.
template <class A, Executor Ex>
class BoundLeastSquares {
 public:
  using T = typename A::value_type;

  BoundLeastSquares(const Ex& ex, const LeastSquares& policy, const A& a, std::span<const T> y)
      : policy_(policy),
        a_(&a),
        y_(checked(a, y)),
        solver_(std::in_place, ex, a, policy.solver),
        aty_(ex.template allocate<T>(shape().size())),
        rhs_(ex.template allocate<T>(shape().size())) {
    static_assert(detail::HasSolver<A, Ex>,
                  "videoonenet: the solver for this operator's structure is not included: include "
                  "videoonenet/datastep/datastep.hpp, or datastep/<structure>_solver/<structure>_solver.hpp. "
                  "Read docs/concepts.md#structure-tags");
    a.apply_adjoint(ex, y, aty_.span());
  }

  /// Takes another measurement of the same operator; nothing is factored or allocated. `y` must outlive it.
  void rebind(const Ex& ex, std::span<const T> y) {
    y_ = checked(*a_, y);
    a_->apply_adjoint(ex, y, aty_.span());
  }
  /// Takes another problem for videos of the same shape; only its factors take new memory. `a` and `y` must outlive it.
  void rebind(const Ex& ex, const A& a, std::span<const T> y) {
    require_shape(a.domain(), shape(), "LeastSquares::rebind", "the operator's video");
    checked(a, y);
    Solver solver(ex, a, policy_.solver);
    solver_.emplace(std::move(solver));
    a_ = &a;
    rebind(ex, y);
  }

  void start(const Ex& ex, View<T> z, View<T> u) {
    require_shape(u.shape, shape(), "LeastSquares::start", "u");
    start(ex, z);
    fill(ex, T(0), u.flat());
  }
  /// z⁰ alone.
  void start(const Ex& ex, View<T> z) {
    require_shape(z.shape, shape(), "LeastSquares::start", "z");
    if (policy_.start == LeastSquares::Start::pseudo_inverse)
      solver_->pseudo_inverse(ex, y_, z.flat());
    else
      copy(ex, aty_.span(), z.flat());
  }

  void step(const Ex& ex, T rho, View<const T> x, View<T> z, View<T> u) {
    require_shape(x.shape, shape(), "LeastSquares::step", "x");
    require_shape(z.shape, shape(), "LeastSquares::step", "z");
    require_shape(u.shape, shape(), "LeastSquares::step", "u");
    data_step_rhs(ex, aty_.span(), rho, x.flat(), u.flat(), rhs_.span());
    solver_->solve(ex, rho, rhs_.span(), z.flat());
    dual_ascent(ex, x.flat(), z.flat(), u.flat());
  }

  /// The adjoint of `step`; see LeastSquares. `next_u` is the u that step wrote, or empty when ∂/∂ρ is not wanted.
  double step_adjoint(const Ex& ex, T rho, std::span<const T> next_u, View<T> grad_x, View<T> grad_z, View<T> grad_u,
                      const MeasurementGradient<T>& grad_measurement = {}) {
    linear_combination(ex, T(1), grad_z.flat(), T(-1), grad_u.flat(), rhs_.span());
    const std::span<T> w = grad_z.flat();
    solver_->solve(ex, rho, rhs_.span(), w);
    axpby(ex, rho, w, T(1), grad_u.flat());
    axpby(ex, T(1), grad_u.flat(), T(1), grad_x.flat());
    if (!grad_measurement.aty.empty()) axpby(ex, T(1), w, T(1), grad_measurement.aty);
    const double grad_rho = next_u.empty() ? 0 : dot(ex, next_u, w);
    fill(ex, T(0), w);
    return grad_rho;
  }
  /// The gradient by the measurement y: grad_y += A grad_Aᵀy + (∂z⁰/∂y)ᵀ grad_z⁰.
  /// Cost: memory of its own, and conjugate gradients when the start is the pseudoinverse, whose adjoint is the
  /// pseudoinverse of Aᵀ.
  void measurement_adjoint(const Ex& ex, const MeasurementGradient<T>& gradient, std::span<T> grad_y) {
    auto from_aty = ex.template allocate<T>(shape().size()), in_range = ex.template allocate<T>(std::ssize(y_));
    copy(ex, gradient.aty, from_aty.span());
    if (policy_.start == LeastSquares::Start::adjoint) axpby(ex, T(1), gradient.start, T(1), from_aty.span());
    a_->apply(ex, from_aty.span(), in_range.span());
    axpby(ex, T(1), in_range.span(), T(1), grad_y);
    if (policy_.start == LeastSquares::Start::adjoint) return;
    const Transpose<A> at(*a_);
    NormalSolver<Transpose<A>, structure::Unknown, Ex> transposed(ex, at, policy_.solver);
    transposed.pseudo_inverse(ex, gradient.start, in_range.span());
    axpby(ex, T(1), in_range.span(), T(1), grad_y);
  }

  /// Videos this step works on.
  Shape shape() const { return a_->domain(); }
  /// Aᵀy.
  std::span<const T> adjoint_measurement() const { return aty_.span(); }
  /// How the last solve went.
  SolveReport report() const { return solver_->report(); }
  /// How well z, as the last step with penalty ρ left it, satisfies that step's normal equations.
  /// Cost: one A, one Aᵀ and their memory; call it beside the iteration, not inside.
  Certificate certificate(const Ex& ex, T rho, View<const T> z) const {
    return videoonenet::certificate(ex, *a_, rho, rhs_.span(), z.flat());
  }

 private:
  using Solver = typename detail::SolverFor<A, Ex>::type;

  /// A wrong size must not cost a factorisation first.
  static std::span<const T> checked(const A& a, std::span<const T> y) {
    require_size(std::ssize(y), Shape(a.range()).size(), "LeastSquares::bind", "the measurement y");
    return y;
  }

  LeastSquares policy_;
  const A* a_;
  std::span<const T> y_;
  std::optional<Solver> solver_;
  decltype(std::declval<const Ex&>().template allocate<T>(0)) aty_, rhs_;
};

template <Executor Ex, class A>
auto LeastSquares::bind(const Ex& ex, const A& a, std::span<const typename A::value_type> y) const {
  static_assert(require_linear_operator<A, Ex>());
  return BoundLeastSquares<A, Ex>(ex, *this, a, y);
}

}  // namespace videoonenet
