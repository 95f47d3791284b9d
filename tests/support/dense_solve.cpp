// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "support/dense_solve.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>

namespace videoonenet::support {

Eigen::MatrixXd dense_solve(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) { return a.llt().solve(b); }

Eigen::MatrixXd dense_normal_solve(const Eigen::MatrixXd& m, double rho, const Eigen::MatrixXd& b) {
  Eigen::MatrixXd normal = m.transpose() * m;
  normal.diagonal().array() += rho;
  return dense_solve(normal, b);
}

Eigen::MatrixXd dense_pseudo_inverse(const Eigen::MatrixXd& m, const Eigen::MatrixXd& b) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(m * m.transpose());
  const Eigen::ArrayXd values = eigen.eigenvalues();
  const Eigen::VectorXd inverse = (values > 1e-12).select(1 / values, 0).matrix();
  return m.transpose() * (eigen.eigenvectors() * (inverse.asDiagonal() * (eigen.eigenvectors().transpose() * b)));
}

Eigen::MatrixXd dense_least_squares(const Eigen::MatrixXd& m, const Eigen::MatrixXd& b) {
  return m.householderQr().solve(b);
}

}  // namespace videoonenet::support
