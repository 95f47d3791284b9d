// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The device kernels of every component, and the executor they run on: include it beside the headers of what you use,
/// and pass `Cuda{}` where you passed `Cpu{}`.

#if defined(__CUDACC__)
#include "videoonenet/core/cuda/executor.cuh"
#endif
#include "videoonenet/core/channels_cuda.cuh"
#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/datastep/problem_batch/problem_batch_cuda.cuh"
#include "videoonenet/nn/activation/activation_cuda.cuh"
#include "videoonenet/nn/bidirectional/bidirectional_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_cuda.cuh"
#include "videoonenet/nn/conv_transpose2d/conv_transpose2d_cuda.cuh"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_cuda.cuh"
#include "videoonenet/nn/normalization/normalization_cuda.cuh"
#include "videoonenet/train/batch_step/batch_step_cuda.cuh"
#include "videoonenet/train/loss/loss_cuda.cuh"
#include "videoonenet/train/optimizer/optimizer_cuda.cuh"
