// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "support/data_step_checks.hpp"

namespace videoonenet::support {

testing::Report compare_with_dense(const Eigen::MatrixXd& matrix, const testing::detail::AnySolver<float>& solver,
                                   const testing::detail::AnySolver<float>& threaded,
                                   const testing::DataStepOptions& options) {
  return testing::detail::compare_with_dense(matrix, solver, threaded, options);
}

testing::Report compare_with_dense(const Eigen::MatrixXd& matrix, const testing::detail::AnySolver<double>& solver,
                                   const testing::detail::AnySolver<double>& threaded,
                                   const testing::DataStepOptions& options) {
  return testing::detail::compare_with_dense(matrix, solver, threaded, options);
}

}  // namespace videoonenet::support
