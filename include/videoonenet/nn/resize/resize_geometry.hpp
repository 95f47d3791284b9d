// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The extents of resizing by a whole factor.

#include "videoonenet/core/config.hpp"

namespace videoonenet {

/// Fine frames of h × w pixels and coarse ones of ⌊h/factor⌋ × ⌊w/factor⌋; fine pixels beyond factor · coarse belong to
/// no coarse one.
struct ResizeGeometry {
  Index frames = 1, coarse_h = 1, coarse_w = 1;
  Index fine_h = 1, fine_w = 1, channels = 1;
  Index factor = 2;
};

}  // namespace videoonenet
