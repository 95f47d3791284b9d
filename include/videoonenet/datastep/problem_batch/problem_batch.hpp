// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A batch of videos with an operator each, whose data steps were factored beforehand and are applied together.

#include "videoonenet/datastep/normal_solver/normal_solver.hpp"
#include "videoonenet/datastep/problem_batch/problem_batch_cpu.hpp"

namespace videoonenet {

namespace structure {
/// The operator is known by the factors of its data step alone.
struct Factored {};
}  // namespace structure

/// Operators of a batch of videos, one a video, in the memory of an executor.
///
/// Its measurement is what the data step asks of the measurements: Aᵀy of all videos, then pinv(A) y of all.
/// `apply_adjoint` and the start take them from there, so that a trained network binds a ProblemBatch like any operator
/// and whatever replaces the numbers in its memory replaces the problems, without another bind: a captured graph runs
/// one batch after the other.
/// Math: see FactorLayout.  Shapes: domain N×T×H×W×F, range 2·N·T·H·W·F.
/// Errors: InputError from `apply`: A itself is not kept; ShapeError for factors that do not fit.
template <class T, Executor Ex>
class ProblemBatch {
 public:
  using value_type = T;
  using structure_tag = structure::Factored;

  /// Room for `video.n` problems whose factors stay within `bounds`, ρ > 0 being that of the factors.
  ProblemBatch(const Ex& ex, const Shape& video, const FactorBounds& bounds, T rho)
      : video_(video),
        bounds_(bounds),
        rho_(rho),
        layouts_(ex.template allocate<FactorLayout>(video.n)),
        values_(ex.template allocate<T>(video.n * bounds.values)) {
    require_valid(video, "ProblemBatch");
    detail::require_solve(1, rho, 1, 1);
  }

  Shape domain() const { return video_; }
  Shape range() const { return flat_shape(2 * video_.size()); }
  T rho() const { return rho_; }
  /// Where the layouts of the factors lie, one a video, and their numbers, bounds().values of them a video.
  auto layouts() const { return std::span(layouts_.span()); }
  auto values() const { return std::span(values_.span()); }
  auto layouts() { return std::span(layouts_.span()); }
  auto values() { return std::span(values_.span()); }
  const FactorBounds& bounds() const { return bounds_; }

  template <Executor Other>
  void apply(const Other&, std::span<const T>, std::span<T>) const {
    throw InputError("ProblemBatch: the operators themselves are not kept, only the factors of their data steps");
  }
  template <Executor Other>
  void apply_adjoint(const Other& ex, std::span<const T> measurement, std::span<T> x) const {
    copy(ex, measurement.first(x.size()), x);
  }

 private:
  Shape video_;
  FactorBounds bounds_;
  T rho_;
  decltype(std::declval<const Ex&>().template allocate<FactorLayout>(0)) layouts_;
  decltype(std::declval<const Ex&>().template allocate<T>(0)) values_;
};

/// Applies the factors of a ProblemBatch: no factorisation, whatever the operators.
/// Errors: InputError for another ρ than the factors'.
/// Cost: two products with the basis of every video, 4·rank·steps·channels·size flops; memory for n entries.
template <class T, Executor BatchEx>
class NormalSolver<ProblemBatch<T, BatchEx>, structure::Factored, BatchEx> {
 public:
  using A = ProblemBatch<T, BatchEx>;

  NormalSolver(const BatchEx& ex, const A& a, const SolverOptions& = {})
      : a_(&a), coefficients_(ex.template allocate<T>(a.domain().size())) {}

  void solve(const BatchEx& ex, T rho, std::span<const T> b, std::span<T> z) {
    const Shape video = a_->domain();
    detail::require_solve(video.size(), rho, std::ssize(b), std::ssize(z));
    if (rho != a_->rho())
      throw InputError(sentence("ProblemBatch: the factors were made for rho = ", a_->rho(), ", not for ", rho));
    solve_factored(ex, video, a_->layouts(), a_->bounds(), a_->values(), b, coefficients_.span(), z);
  }
  void pseudo_inverse(const BatchEx& ex, std::span<const T> measurement, std::span<T> z) {
    detail::require_pseudo_inverse(a_->range().size(), a_->domain().size(), std::ssize(measurement), std::ssize(z));
    copy(ex, measurement.last(z.size()), z);
  }
  SolveReport report() const { return {}; }

 private:
  const A* a_;
  decltype(std::declval<const BatchEx&>().template allocate<T>(0)) coefficients_;
};

}  // namespace videoonenet
