// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The singular vectors of a wide sensing matrix Φ, through its small Gram matrix.

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>

#include "videoonenet/core/config.hpp"
#include "videoonenet/datastep/eigen_sequential.hpp"

namespace videoonenet {

/// ΦᵀΦ = Vᵀ diag(s) V with orthonormal rows V, and the matrix that takes a measurement to V's coordinates.
struct SensingBasis {
  Eigen::MatrixXd vectors;      ///< V, rank × HW
  Eigen::VectorXd eigenvalues;  ///< s, positive
  Eigen::MatrixXd inverse;      ///< V pinv(Φ), rank × m
};

/// Factors Φ (m × HW) in double.
///
/// Math: ΦΦᵀ = U diag(s) Uᵀ, V₀ = s^{−1/2} UᵀΦ. V₀ loses orthogonality like eps · s_max/s, so it is made orthonormal
/// once more (Cholesky of V₀V₀ᵀ ≈ I) and ΦᵀΦ is diagonalised again in it. Singular values below
/// `threshold` · the largest count as zero, but never less than 3e-7: the Gram matrix knows no smaller ones.
/// Cost: 4 m²·HW and 20 m³ flops.
inline SensingBasis sensing_basis(const Eigen::MatrixXd& phi, double threshold) {
  const EigenSequential sequential;
  using Matrix = Eigen::MatrixXd;
  threshold = std::max(threshold, 3e-7);
  const Eigen::SelfAdjointEigenSolver<Matrix> first(phi * phi.transpose());
  const Eigen::VectorXd& s = first.eigenvalues();  // ascending
  const double smallest = threshold * threshold * std::max(s(s.size() - 1), 0.0);
  Index rank = 0;
  while (rank < std::min(phi.rows(), phi.cols()) && s(s.size() - 1 - rank) > smallest) ++rank;
  if (rank == 0) return {Matrix(0, phi.cols()), Eigen::VectorXd(0), Matrix(0, phi.rows())};

  const Eigen::VectorXd scale = s.tail(rank).cwiseSqrt().cwiseInverse();
  Matrix v = scale.asDiagonal() * (first.eigenvectors().rightCols(rank).transpose() * phi);
  (v * v.transpose()).eval().llt().matrixL().solveInPlace(v);
  const Matrix image = v * phi.transpose();
  const Eigen::SelfAdjointEigenSolver<Matrix> second(image * image.transpose());
  const Matrix rotation = second.eigenvectors().transpose();
  return {rotation * v, second.eigenvalues(), second.eigenvalues().cwiseInverse().asDiagonal() * (rotation * image)};
}

}  // namespace videoonenet
