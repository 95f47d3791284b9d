// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Every data step: least squares, its certificate, and the solver of each structure.

#include "videoonenet/datastep/block_diagonal_solver/block_diagonal_solver.hpp"
#include "videoonenet/datastep/block_toeplitz_solver/block_toeplitz_solver.hpp"
#include "videoonenet/datastep/certificate.hpp"
#include "videoonenet/datastep/circulant_gram_solver/circulant_gram_solver.hpp"
#include "videoonenet/datastep/compressed_differences_solver/compressed_differences_solver.hpp"
#include "videoonenet/datastep/dense_solver/dense_solver.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/iterative_solver/iterative_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/datastep/scaled_solver/scaled_solver.hpp"
#include "videoonenet/datastep/tight_frame_solver/tight_frame_solver.hpp"
#include "videoonenet/datastep/time_only_solver/time_only_solver.hpp"
#include "videoonenet/datastep/variant_solver/variant_solver.hpp"
#include "videoonenet/operators/shipped_operator.hpp"

#ifdef VIDEOONENET_INSTANCE
namespace videoonenet {
VIDEOONENET_INSTANCE class NormalSolver<ShippedOperator<float>, structure::Variant, Cpu>;
}  // namespace videoonenet
#endif
