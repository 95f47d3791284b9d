// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The extents of a channel-wise dense layer.

#include "videoonenet/core/config.hpp"

namespace videoonenet {

/// Frames of positions × channels; the kernel is positions in × positions out × channels.
struct ChannelDenseGeometry {
  Index frames = 1, positions = 1, channels = 1;
};

}  // namespace videoonenet
