// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Least squares by a network in place of the inverse: no factors and no inner iterations, whatever the operator.

#include <cmath>

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/concepts/data_step.hpp"
#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet {

/// Where the network C stands for (ρI + AAᵀ)⁻¹; the two are equal when it is that, and differ in what its error does.
enum class InverseForm {
  residual,  ///< z = v + Aᵀ C (y − Av): what agrees with the measurement stays as it is
  normal,    ///< z = (b − Aᵀ C A b)/ρ with b = Aᵀy + ρv, the paper's, which divides the error by ρ
};

/// The data step of Inf-ADMM: z ≈ (AᵀA + ρI)⁻¹(Aᵀy + ρ(x + u)), u ← u + x − z, through a network that was trained on
/// noise to invert ρI + AAᵀ for this operator and this ρ (`train_inverse`).
///
/// Math: by the matrix inversion lemma, with v = x + u, see InverseForm; z⁰ by the same formula from v = 0, u⁰ = 0.
/// Shapes: the network maps the operator's range to itself: y is a video (an image that is smaller or has fewer
/// channels), not a list of numbers. x, z and u have the operator's domain.
/// Errors: ShapeError when the network does not fit the range or the weights not the network; InputError for a ρ that
/// is not positive, or a step with another one than the network was trained for.
/// Cost: one or two A and Aᵀ, the network, and two passes a step; nothing is factored, nothing allocated in a step.
/// Source: SPEC §4 (INF, equations 7 and 8 of its §3.1).
template <class Net>
struct LearnedInverse {
  using value_type = typename Net::value_type;
  using T = value_type;

  Net net;
  std::span<const T> weights;  ///< in memory of the executor; they must outlive every bound step
  T rho = T(0.3);              ///< penalty the weights were trained for
  InverseForm form = InverseForm::residual;

  /// Computes Aᵀy and plans the network. `a` and `y` must outlive the result.
  template <Executor Ex, class A>
  auto bind(const Ex& ex, const A& a, std::span<const T> y) const;
};

/// LearnedInverse prepared for one operator and its measurement.
template <class Net, class A, Executor Ex>
class BoundLearnedInverse {
 public:
  using T = typename Net::value_type;

  BoundLearnedInverse(const Ex& ex, const LearnedInverse<Net>& policy, const A& a, std::span<const T> y)
      : policy_(policy),
        a_(&a),
        y_(checked(policy, a, y)),
        planned_(plan(
            ex, [&](auto& memory) { return policy.net.make_cache(memory, a.range()); }, Purpose::inference)),
        aty_(ex.template allocate<T>(shape().size())),
        target_(ex.template allocate<T>(shape().size())),
        image_(ex.template allocate<T>(std::ssize(y))),
        answer_(ex.template allocate<T>(std::ssize(y))) {
    a.apply_adjoint(ex, y, aty_.span());
  }

  void start(const Ex& ex, View<T> z, View<T> u) {
    require_shape(z.shape, shape(), "LearnedInverse::start", "z");
    require_shape(u.shape, shape(), "LearnedInverse::start", "u");
    fill(ex, T(0), u.flat());
    solve(ex, u, u, z);
  }

  void step(const Ex& ex, T rho, View<const T> x, View<T> z, View<T> u) {
    require_shape(x.shape, shape(), "LearnedInverse::step", "x");
    require_shape(z.shape, shape(), "LearnedInverse::step", "z");
    require_shape(u.shape, shape(), "LearnedInverse::step", "u");
    if (rho != policy_.rho)
      throw InputError(sentence("LearnedInverse::step: rho is ", rho, ", but the network was trained for ", policy_.rho,
                                "; run the solver with that, or train another network"));
    solve(ex, x, u, z);
    dual_ascent(ex, x.flat(), z.flat(), u.flat());
  }

  /// Videos this step works on.
  Shape shape() const { return a_->domain(); }
  /// Aᵀy.
  std::span<const T> adjoint_measurement() const { return aty_.span(); }

 private:
  static std::span<const T> checked(const LearnedInverse<Net>& policy, const A& a, std::span<const T> y) {
    const Shape range = a.range();
    require_size(std::ssize(y), range.size(), "LearnedInverse::bind", "the measurement y");
    require_size(std::ssize(policy.weights), policy.net.parameter_count(), "LearnedInverse::bind",
                 "the list of weights");
    require_shape(policy.net.output_shape(range), range, "LearnedInverse::bind", "the network's output");
    if (!(policy.rho > T(0)) || !std::isfinite(policy.rho))
      throw InputError(sentence("LearnedInverse::bind: rho is ", policy.rho, ", expected a positive number"));
    return y;
  }

  /// z from x and u, as `policy_.form` says.
  void solve(const Ex& ex, View<const T> x, View<const T> u, View<T> z) {
    const bool residual = policy_.form == InverseForm::residual;
    const std::span<T> target = target_.span(), image = image_.span();
    if (residual)
      linear_combination(ex, T(1), x.flat(), T(1), u.flat(), target);
    else
      data_step_rhs(ex, aty_.span(), policy_.rho, x.flat(), u.flat(), target);
    a_->apply(ex, std::span<const T>(target), image);
    if (residual) linear_combination(ex, T(1), y_, T(-1), image, image);
    const Shape range = a_->range();
    policy_.net.forward(ex, policy_.weights, View<const T>{image.data(), range}, View<T>{answer_.span().data(), range},
                        planned_.cache);
    a_->apply_adjoint(ex, std::span<const T>(answer_.span()), z.flat());
    const T scale = residual ? T(1) : 1 / policy_.rho;
    linear_combination(ex, scale, target, residual ? T(1) : -scale, z.flat(), z.flat());
  }

  LearnedInverse<Net> policy_;
  const A* a_;
  std::span<const T> y_;
  Planned<typename Net::Cache, Ex> planned_;
  decltype(std::declval<const Ex&>().template allocate<T>(0)) aty_, target_, image_, answer_;
};

template <class Net>
template <Executor Ex, class A>
auto LearnedInverse<Net>::bind(const Ex& ex, const A& a, std::span<const T> y) const {
  static_assert(require_linear_operator<A, Ex>());
  static_assert(require_layer<Net, Ex>());
  return BoundLearnedInverse<Net, A, Ex>(ex, *this, a, y);
}

}  // namespace videoonenet
