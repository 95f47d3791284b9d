// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Eigen's own solution of dense systems to compare with, compiled once.

#include <Eigen/Core>

namespace videoonenet::support {

/// A⁻¹ B for a symmetric positive definite A.
Eigen::MatrixXd dense_solve(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);
/// (MᵀM + ρI)⁻¹ B.
Eigen::MatrixXd dense_normal_solve(const Eigen::MatrixXd& m, double rho, const Eigen::MatrixXd& b);
/// pinv(M) B, where singular values below 1e-6 count as zero.
Eigen::MatrixXd dense_pseudo_inverse(const Eigen::MatrixXd& m, const Eigen::MatrixXd& b);
/// pinv(M) B for an injective M.
Eigen::MatrixXd dense_least_squares(const Eigen::MatrixXd& m, const Eigen::MatrixXd& b);

}  // namespace videoonenet::support
