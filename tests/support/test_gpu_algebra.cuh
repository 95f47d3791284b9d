// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Dense algebra on the GPU of tests, which the data step of explicit matrices needs.

#include "support/test_gpu.cuh"

#if defined(__CUDACC__)
#include "videoonenet/datastep/dense_solver/dense_algebra_cuda.cuh"
#else
#include "videoonenet/testing/emulated_dense_algebra.hpp"
#endif
