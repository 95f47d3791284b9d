// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The extents of a pixel shuffle.

#include "videoonenet/core/config.hpp"

namespace videoonenet {

/// Coarse frames h × w × factor²·channels, fine frames factor·h × factor·w × channels.
struct PixelShuffleGeometry {
  Index frames = 1, h = 1, w = 1, channels = 1;
  Index factor = 2;
};

}  // namespace videoonenet
