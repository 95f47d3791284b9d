// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Data step of operators that mix frames only: temporal blur.

#include "videoonenet/datastep/dense_algebra.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"
#include "videoonenet/datastep/problem_batch/factored_solver.hpp"
#include "videoonenet/datastep/time_only_solver/time_only_solver_cpu.hpp"
#include "videoonenet/operators/time_matrix.hpp"

namespace videoonenet {

/// Math: A = C ⊗ I. With CᵀC = Q diag(λ) Qᵀ, factored once for every ρ, the T × T matrix Q diag(1/(λ + ρ)) Qᵀ acts on
/// the frames of each pixel; pinv(A) = pinv(C) ⊗ I from a complete orthogonal decomposition of C, which is also right
/// for a C without full rank. Factors and sums are in double.
/// Errors: ShapeError when C does not have the frames of the range and the domain.
/// Cost: T multiply-adds an entry, one pass over T frames that stay in cache; a new ρ costs T³.  Source: SPEC §3.1.
template <class A, Executor Ex>
class NormalSolver<A, structure::TimeOnly, Ex> {
 public:
  using T = typename A::value_type;

  NormalSolver(const Ex& ex, const A& a, const SolverOptions& = {}) : domain_(a.domain()), range_(a.range()) {
    const TimeMatrix<T> c = a.time_matrix();
    if (c.rows != range_.t || c.cols != domain_.t || c.values.size() != c.rows * c.cols)
      throw ShapeError(sentence("NormalSolver<TimeOnly>: the operator's time_matrix() is ", c.rows, " x ", c.cols,
                                ", expected range frames x domain frames, ", Index(range_.t), " x ", Index(domain_.t)));
    const Matrix matrix = Eigen::Map<const RowMajor<T>>(c.values.data(), c.rows, c.cols).template cast<double>();
    eigen_ = symmetric_eigen<double>(dense_product<double>(matrix.transpose(), matrix));
    const Matrix start = dense_pseudo_inverse(matrix);
    inverse_ = ex.template allocate<double>(c.cols * c.cols);
    start_ = ex.template allocate<double>(c.cols * c.rows);
    Eigen::Map<RowMajor<double>>(start_.data(), c.cols, c.rows) = start;
  }

  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
    detail::require_solve(domain_.size(), rho, std::ssize(b), std::ssize(z));
    prepare(double(rho));
    mix_frames(ex, std::as_const(inverse_).span(), domain_.t, domain_.t, domain_.n, b, z);
  }
  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    detail::require_pseudo_inverse(range_.size(), domain_.size(), std::ssize(y), std::ssize(z));
    mix_frames(ex, std::as_const(start_).span(), domain_.t, range_.t, domain_.n, y, z);
  }
  SolveReport report() const { return {}; }

 private:
  using Matrix = DenseMatrix<double>;
  template <class S>
  using RowMajor = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  /// inverse_ = Q diag(1/(λ + ρ)) Qᵀ, kept while ρ stays.
  void prepare(double rho) {
    if (rho == prepared_rho_) return;
    const Index t = domain_.t;
    for (Index i = 0; i < t; ++i)
      for (Index j = 0; j < t; ++j) {
        double sum = 0;
        for (Index k = 0; k < t; ++k)
          sum += eigen_.vectors(i, k) * eigen_.vectors(j, k) / (std::max(eigen_.values(k), 0.0) + rho);
        inverse_[i * t + j] = sum;
      }
    prepared_rho_ = rho;
  }

  Shape domain_, range_;
  SymmetricEigen<double> eigen_;  // of CᵀC
  Buffer<double> inverse_, start_;
  double prepared_rho_ = 0;  // ρ > 0, so nothing is prepared yet
};

/// On a device: C is factored on the host for every ρ.
template <class A, DeviceExecutor Ex>
class NormalSolver<A, structure::TimeOnly, Ex> : public FactoredSolver<A, structure::TimeOnly, Ex> {
 public:
  using FactoredSolver<A, structure::TimeOnly, Ex>::FactoredSolver;
};

}  // namespace videoonenet
