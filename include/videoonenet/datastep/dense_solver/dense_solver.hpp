// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Data step of explicit matrices: compressive sensing, and any small operator of the user's own.

#include <optional>

#include "videoonenet/datastep/dense_algebra.hpp"
#include "videoonenet/datastep/dense_solver/dense_solver_cpu.hpp"
#include "videoonenet/datastep/dense_solver/device_dense_solver.hpp"
#include "videoonenet/datastep/dense_solver/small_gram_cpu.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"

namespace videoonenet {

/// Math: wide (d ≤ n): z = (b − Aᵀ(AAᵀ + ρI)⁻¹ A b)/ρ, pinv(A) y = Aᵀ(AAᵀ)⁻¹ y; tall: z = (AᵀA + ρI)⁻¹ b,
/// pinv(A) y = (AᵀA)⁻¹Aᵀ y. One small Gram matrix, k × k with k = min(d, n), is formed once; its Cholesky factor is
/// kept per ρ. For pinv it is corrected by the residual of A itself (Björck 1987, corrected semi-normal equations); a
/// Gram matrix of condition above 1e11 is replaced by its eigenvectors, where singular values below 1e-6 (double: 3e-7)
/// of the largest count as zero, so the result has minimum norm without full rank. Everything is summed in double.
/// Errors: ShapeError when matrix() is not d × n; NumericalError when an entry is not finite, or ρ is
/// below 1e-14 of a singular Gram matrix's norm.
/// Cost: d·n·k flops once, k³/3 for a new ρ; a solve is two passes over the matrix (tall: none) and two triangular
/// solves; 16·k² bytes, 16·k² more for a singular Gram matrix, and a few vectors. No n × n matrix for d < n.
/// Source: SPEC §3.1.
template <class A, Executor Ex>
class NormalSolver<A, structure::Dense, Ex> {
 public:
  using T = typename A::value_type;

  NormalSolver(const Ex& ex, const A& a, const SolverOptions& = {})
      : a_(a), d_(Shape(a.range()).size()), n_(Shape(a.domain()).size()) {
    require_size(std::ssize(a.matrix()), d_ * n_, "NormalSolver<Dense>", "the operator's matrix()");
    gram_ = small_gram(ex, a.matrix(), d_, n_);
    if (!gram_.allFinite())
      throw NumericalError("NormalSolver<Dense>: an entry of the operator's matrix() is not finite");
    small_ = ex.template allocate<double>(std::min(d_, n_));
    correction_ = ex.template allocate<double>(std::min(d_, n_));
    domain_ = ex.template allocate<double>(wide() ? n_ : 0);
    range_ = ex.template allocate<double>(wide() ? 0 : d_);
  }

  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
    detail::require_solve(n_, rho, std::ssize(b), std::ssize(z));
    factor(double(rho));
    if (!reliable(1e-14))
      throw NumericalError(sentence("NormalSolver<Dense>: with rho = ", rho,
                                    " the condition of the Gram matrix exceeds 1e14, what double ",
                                    "can resolve; a larger rho is needed for this matrix"));
    if (!wide()) {
      widen(ex, b, small_.span());
      factor_.solve_in_place(vector(small_));
      return narrow(ex, std::as_const(small_).span(), z);
    }
    widen(ex, b, domain_.span());
    multiply_in_double(ex, a_.matrix(), std::as_const(domain_).span(), small_.span());
    factor_.solve_in_place(vector(small_));
    multiply_transposed_in_double(ex, a_.matrix(), std::as_const(small_).span(), domain_.span());
    narrow_difference(ex, 1 / double(rho), b, std::as_const(domain_).span(), z);
  }

  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    detail::require_pseudo_inverse(d_, n_, std::ssize(y), std::ssize(z));
    if (!singular_) {
      factor(0);
      singular_ = !reliable(1e-11);
      if (*singular_) decompose();
    }
    if (!*singular_) factor(0);
    std::fill(small_.begin(), small_.end(), 0.0);
    for (int pass = 0; pass < 3; ++pass) {  // a solve and two corrections
      gram_residual(ex, y);
      if (*singular_) {
        projection_.noalias() = eigenvectors_.transpose() * vector(correction_);
        projection_.array() /= eigenvalues_.array();
        vector(small_).noalias() += eigenvectors_ * projection_;
      } else {
        factor_.solve_in_place(vector(correction_));
        vector(small_) += vector(correction_);
      }
    }
    if (!wide()) return narrow(ex, std::as_const(small_).span(), z);
    multiply_transposed_in_double(ex, a_.matrix(), std::as_const(small_).span(), domain_.span());
    narrow(ex, std::as_const(domain_).span(), z);
  }
  SolveReport report() const { return {}; }

 private:
  /// Singular values below this part of the largest count as zero: rounding of the entries, or of the Gram matrix.
  static constexpr double threshold = std::max(8 * double(std::numeric_limits<T>::epsilon()), 3e-7);

  static Eigen::Map<DenseVector<double>> vector(Buffer<double>& v) { return {v.data(), v.size()}; }
  bool wide() const { return d_ <= n_; }

  /// Cholesky of the Gram matrix plus ρI, kept while ρ stays.
  void factor(double rho) {
    if (rho == factored_rho_) return;
    factor_.compute(gram_, rho);
    factored_rho_ = rho;
  }
  /// Whether the factored matrix has a reciprocal condition above `smallest`.
  bool reliable(double smallest) const { return factor_.reciprocal_condition() > smallest; }
  /// Eigenvectors of the Gram matrix, without those of eigenvalues that count as zero.
  void decompose() {
    const SymmetricEigen<double> eigen = symmetric_eigen(gram_);
    const DenseVector<double>& values = eigen.values;
    const double largest = std::max(values(values.size() - 1), 0.0);
    Index rank = 0;
    while (rank < values.size() && values(values.size() - 1 - rank) > threshold * threshold * largest) ++rank;
    eigenvalues_ = values.tail(rank);
    eigenvectors_ = eigen.vectors.rightCols(rank);
    projection_.resize(rank);
  }
  /// correction_ = y − AAᵀv (wide) or Aᵀ(y − A v) (tall) for v = small_, through A rather than the Gram matrix.
  void gram_residual(const Ex& ex, std::span<const T> y) {
    Buffer<double>& image = wide() ? correction_ : range_;
    if (wide()) multiply_transposed_in_double(ex, a_.matrix(), std::as_const(small_).span(), domain_.span());
    multiply_in_double(ex, a_.matrix(), std::as_const(wide() ? domain_ : small_).span(), image.span());
    for (Index i = 0; i < d_; ++i) image[i] = double(y[static_cast<std::size_t>(i)]) - image[i];
    if (!wide()) multiply_transposed_in_double(ex, a_.matrix(), std::as_const(range_).span(), correction_.span());
  }

  const A& a_;
  Index d_, n_;
  DenseMatrix<double> gram_;  // lower triangle
  CholeskyFactor<double> factor_;
  double factored_rho_ = -1;  // nothing is factored yet
  std::optional<bool> singular_;
  DenseMatrix<double> eigenvectors_;
  DenseVector<double> eigenvalues_, projection_;
  Buffer<double> small_, correction_, domain_, range_;
};

}  // namespace videoonenet
