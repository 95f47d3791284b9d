// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Compiles Eigen's factorisations once for all programs, tests and benchmarks (core/config.hpp says how).

#include "videoonenet/datastep/dense_algebra.hpp"

#include "videoonenet/datastep/compressed_differences_solver/sensing_basis.hpp"
#include "videoonenet/testing/check_data_step.hpp"
