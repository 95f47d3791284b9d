// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Any operator of the library, chosen at run time.

#include "videoonenet/operators/box_downsample/box_downsample.hpp"
#include "videoonenet/operators/channel_sum/channel_sum.hpp"
#include "videoonenet/operators/dense/dense.hpp"
#include "videoonenet/operators/frame_selection/frame_selection.hpp"
#include "videoonenet/operators/full_blur/full_blur.hpp"
#include "videoonenet/operators/gray_strided_blur/gray_strided_blur.hpp"
#include "videoonenet/operators/identity/identity.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/operators/operator_variant/operator_variant.hpp"
#include "videoonenet/operators/strided_blur/strided_blur.hpp"
#include "videoonenet/operators/temporal_blur/temporal_blur.hpp"
#include "videoonenet/operators/video_compressive_sensing/video_compressive_sensing.hpp"

namespace videoonenet {

/// What the problem sampler draws and the programs restore: any of the library's operators on a single video.
///
/// `BlockDiagonal<ShippedOperator<T>>` is a batch of videos with a problem each, `Chain<ShippedOperator<T>>` a
/// composition put together at run time.  Source: SPEC §3.
template <class T>
using ShippedOperator =
    OperatorVariant<Identity<T>, Mask<T>, FrameSelection<T>, BoxDownsample<T>, ChannelSum<T>, Dense<T>,
                    VideoCompressiveSensing<T>, FullBlur<T>, TemporalBlur<T>, StridedBlur<T>, GrayStridedBlur<T>>;

#ifdef VIDEOONENET_INSTANCE
VIDEOONENET_INSTANCE void ShippedOperator<float>::apply(const Cpu&, std::span<const float>, std::span<float>) const;
VIDEOONENET_INSTANCE void ShippedOperator<float>::apply_adjoint(const Cpu&, std::span<const float>,
                                                                std::span<float>) const;
#endif

}  // namespace videoonenet
