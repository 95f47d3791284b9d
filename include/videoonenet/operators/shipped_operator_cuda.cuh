// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The device kernels of all operators and of their compositions.

#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/operators/block_diagonal/block_diagonal_cuda.cuh"
#include "videoonenet/operators/box_downsample/box_downsample_cuda.cuh"
#include "videoonenet/operators/channel_sum/channel_sum_cuda.cuh"
#include "videoonenet/operators/dense/dense_cuda.cuh"
#include "videoonenet/operators/frame_selection/frame_selection_cuda.cuh"
#include "videoonenet/operators/full_blur/full_blur_cuda.cuh"
#include "videoonenet/operators/gray_strided_blur/gray_strided_blur_cuda.cuh"
#include "videoonenet/operators/mask/mask_cuda.cuh"
#include "videoonenet/operators/strided_blur/strided_blur_cuda.cuh"
#include "videoonenet/operators/temporal_blur/temporal_blur_cuda.cuh"
#include "videoonenet/operators/video_compressive_sensing/video_compressive_sensing_cuda.cuh"
