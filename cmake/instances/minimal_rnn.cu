// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Compiles the device kernels of the MinimalRNN once for all programs, tests and benchmarks (core/config.hpp says
/// how).

#include "videoonenet/nn/minimal_rnn/minimal_rnn_cuda.cuh"
