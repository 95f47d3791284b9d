// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Compiles the checks of operators and layers once for all programs, tests and benchmarks (core/config.hpp says how).

#include "videoonenet/testing/check_adjoint.hpp"
#include "videoonenet/testing/check_gradient.hpp"
