// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Compiles the device convolutions once for all programs, tests and benchmarks (core/config.hpp says how).

#include "videoonenet/nn/conv2d/conv2d_cuda.cuh"
