// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The device kernels of every component, and the executor they run on: include it beside the headers of what you use,
/// and pass `Cuda{}` where you passed `Cpu{}`.

#if defined(__CUDACC__)
#include "videoonenet/core/cuda/executor.cuh"
#if __has_include(<cusolverDn.h>)
#include "videoonenet/datastep/dense_solver/dense_algebra_cuda.cuh"
#endif
#endif
#include "videoonenet/core/channels_cuda.cuh"
#include "videoonenet/core/streams_cuda.cuh"
#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/datastep/circulant_gram_solver/circulant_gram_solver_cuda.cuh"
#include "videoonenet/datastep/dense_solver/dense_solver_cuda.cuh"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver_cuda.cuh"
#include "videoonenet/datastep/least_squares/least_squares_cuda.cuh"
#include "videoonenet/datastep/problem_batch/problem_batch_cuda.cuh"
#include "videoonenet/datastep/tight_frame_solver/tight_frame_solver_cuda.cuh"
#include "videoonenet/nn/activation/activation_cuda.cuh"
#include "videoonenet/nn/batch_norm/batch_norm_cuda.cuh"
#include "videoonenet/nn/channel_dense/channel_dense_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_cuda.cuh"
#include "videoonenet/nn/conv_transpose2d/conv_transpose2d_cuda.cuh"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_cuda.cuh"
#include "videoonenet/nn/normalization/normalization_cuda.cuh"
#include "videoonenet/nn/pixel_shuffle/pixel_shuffle_cuda.cuh"
#include "videoonenet/nn/resize/resize_cuda.cuh"
#include "videoonenet/operators/block_diagonal/block_diagonal_cuda.cuh"
#include "videoonenet/operators/box_downsample/box_downsample_cuda.cuh"
#include "videoonenet/operators/channel_sum/channel_sum_cuda.cuh"
#include "videoonenet/operators/dense/dense_cuda.cuh"
#include "videoonenet/operators/frame_selection/frame_selection_cuda.cuh"
#include "videoonenet/operators/full_blur/full_blur_cuda.cuh"
#include "videoonenet/operators/gray_strided_blur/gray_strided_blur_cuda.cuh"
#include "videoonenet/operators/loops_cuda.cuh"
#include "videoonenet/operators/mask/mask_cuda.cuh"
#include "videoonenet/operators/shipped_operator_cuda.cuh"
#include "videoonenet/operators/strided_blur/strided_blur_cuda.cuh"
#include "videoonenet/operators/temporal_blur/temporal_blur_cuda.cuh"
#include "videoonenet/operators/video_compressive_sensing/video_compressive_sensing_cuda.cuh"
#include "videoonenet/proximal/box/box_cuda.cuh"
#include "videoonenet/proximal/cycle_spinning/cycle_spinning_cuda.cuh"
#include "videoonenet/proximal/l1/l1_cuda.cuh"
#include "videoonenet/proximal/quadratic/quadratic_cuda.cuh"
#include "videoonenet/proximal/total_variation/total_variation_cuda.cuh"
#include "videoonenet/proximal/wavelet/wavelet_cuda.cuh"
#include "videoonenet/train/batch_step/batch_step_cuda.cuh"
#include "videoonenet/train/loss/loss_cuda.cuh"
#include "videoonenet/train/optimizer/optimizer_cuda.cuh"
