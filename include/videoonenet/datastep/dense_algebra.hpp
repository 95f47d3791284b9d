// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Factorisations of dense matrices by Eigen, on the calling thread. They take seconds to compile, so each is a
/// function or class of its own that a program of many files can compile once (core/config.hpp says how).

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <optional>

#include "videoonenet/core/config.hpp"
#include "videoonenet/datastep/eigen_sequential.hpp"

namespace videoonenet {

/// A matrix and a vector of any size, as Eigen has them.
template <class T>
using DenseMatrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <class T>
using DenseVector = Eigen::Matrix<T, Eigen::Dynamic, 1>;

/// A = V diag(w) Vᵀ.
template <class T>
struct SymmetricEigen {
  DenseMatrix<T> vectors;  ///< V, orthonormal
  DenseVector<T> values;   ///< w, ascending
};

/// The eigenvalues and eigenvectors of a symmetric matrix, of which only the lower triangle is read.
/// Cost: 9 n³ flops.
template <class T>
SymmetricEigen<T> symmetric_eigen(const DenseMatrix<T>& a) {
  const EigenSequential sequential;
  const Eigen::SelfAdjointEigenSolver<DenseMatrix<T>> eigen(a);
  return {eigen.eigenvectors(), eigen.eigenvalues()};
}

/// pinv(A), by a complete orthogonal decomposition that decides the rank.
/// Cost: about 10 n³ flops.
template <class T>
DenseMatrix<T> dense_pseudo_inverse(const DenseMatrix<T>& a) {
  const EigenSequential sequential;
  return a.completeOrthogonalDecomposition().pseudoInverse();
}

/// A B, where compiling Eigen's product is not worth it for one more pair of types.
template <class T>
DenseMatrix<T> dense_product(const DenseMatrix<T>& a, const DenseMatrix<T>& b) {
  const EigenSequential sequential;
  return a * b;
}

/// A + ρI = L Lᵀ for a symmetric positive definite matrix, of which only the lower triangle is read; `compute` it
/// first.
template <class T>
class CholeskyFactor {
 public:
  /// Cost: n³/3 multiply-adds.
  void compute(const DenseMatrix<T>& a, T rho);
  /// An estimate of 1 / (‖A + ρI‖ ‖(A + ρI)⁻¹‖) in the 1-norm; 0 when the matrix is not positive definite.
  T reciprocal_condition() const { return reciprocal_condition_; }
  /// v ← (A + ρI)⁻¹ v.  Cost: n² multiply-adds.
  void solve_in_place(Eigen::Map<DenseVector<T>> v) const;
  /// V ← L⁻¹ V.
  void solve_lower_in_place(DenseMatrix<T>& v) const;

 private:
  std::optional<Eigen::LLT<DenseMatrix<T>>> factor_;  // Eigen's own holds no value that may be copied before it is made
  T reciprocal_condition_ = 0;
};

// Not in the class: compilers look into inline functions even where they are compiled elsewhere.
template <class T>
void CholeskyFactor<T>::compute(const DenseMatrix<T>& a, T rho) {
  const EigenSequential sequential;
  if (!factor_) factor_.emplace();
  factor_->compute(a + rho * DenseMatrix<T>::Identity(a.rows(), a.cols()));
  reciprocal_condition_ = factor_->info() == Eigen::Success ? factor_->rcond() : T(0);
}
template <class T>
void CholeskyFactor<T>::solve_in_place(Eigen::Map<DenseVector<T>> v) const {
  factor_->solveInPlace(v);
}
template <class T>
void CholeskyFactor<T>::solve_lower_in_place(DenseMatrix<T>& v) const {
  factor_->matrixL().solveInPlace(v);
}

#ifdef VIDEOONENET_INSTANCE
VIDEOONENET_INSTANCE SymmetricEigen<double> symmetric_eigen(const DenseMatrix<double>&);
VIDEOONENET_INSTANCE DenseMatrix<double> dense_pseudo_inverse(const DenseMatrix<double>&);
VIDEOONENET_INSTANCE DenseMatrix<double> dense_product(const DenseMatrix<double>&, const DenseMatrix<double>&);
VIDEOONENET_INSTANCE class CholeskyFactor<double>;
#endif

}  // namespace videoonenet
