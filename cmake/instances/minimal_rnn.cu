// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Compiles the device kernels of the MinimalRNN once for all programs, tests and benchmarks (core/config.hpp says
/// how).

#undef VIDEOONENET_INSTANTIATE
#define VIDEOONENET_EXTERN_TEMPLATES  // those of the convolution are in conv2d.cu
#include "videoonenet/nn/conv2d/conv2d_cuda.cuh"
#undef VIDEOONENET_INSTANCE
#define VIDEOONENET_INSTANCE template
#include "videoonenet/nn/minimal_rnn/minimal_rnn_cuda.cuh"
