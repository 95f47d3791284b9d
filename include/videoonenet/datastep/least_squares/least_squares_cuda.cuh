// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The device kernels of every data step.

#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/datastep/circulant_gram_solver/circulant_gram_solver_cuda.cuh"
#include "videoonenet/datastep/dense_solver/dense_solver_cuda.cuh"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver_cuda.cuh"
#include "videoonenet/datastep/problem_batch/problem_batch_cuda.cuh"
#include "videoonenet/datastep/tight_frame_solver/tight_frame_solver_cuda.cuh"
