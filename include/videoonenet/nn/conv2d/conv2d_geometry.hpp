// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The extents of a 'same' convolution of frames, shared by its layers and by the kernels of every executor.

#include "videoonenet/core/view.hpp"

namespace videoonenet {

/// A 'same' convolution of `frames` frames of h × w pixels: every frame of a batch, N·T of them, on its own.
///
/// Math: y[i, j, k] = Σ_{r, s, c} K[r, s, c, k] · x[i·stride + r − before(h), j·stride + s − before(w), c], with x zero
/// outside of the frame.
struct Conv2dGeometry {
  Index frames = 1;
  Index h = 1, w = 1;  ///< of x
  Index in = 1, out = 1;
  Index kernel = 3;
  Index stride = 1;

  /// Outputs along an extent of x: ⌈extent / stride⌉.
  VIDEOONENET_HOST_DEVICE constexpr Index outputs(Index extent) const { return (extent + stride - 1) / stride; }
  /// Zeros in front of an extent of x: half of what the last window lacks, rounded down.
  VIDEOONENET_HOST_DEVICE constexpr Index before(Index extent) const {
    const Index lacking = (outputs(extent) - 1) * stride + kernel - extent;
    return lacking > 0 ? lacking / 2 : 0;
  }
  VIDEOONENET_HOST_DEVICE constexpr Index out_h() const { return outputs(h); }
  VIDEOONENET_HOST_DEVICE constexpr Index out_w() const { return outputs(w); }
  VIDEOONENET_HOST_DEVICE constexpr Index x_size() const { return frames * h * w * in; }
  VIDEOONENET_HOST_DEVICE constexpr Index y_size() const { return frames * out_h() * out_w() * out; }
  VIDEOONENET_HOST_DEVICE constexpr Index kernel_size() const { return kernel * kernel * in * out; }

  /// The same convolution of other frames.
  constexpr Conv2dGeometry with_frames(Index count) const {
    Conv2dGeometry g = *this;
    g.frames = count;
    return g;
  }
};

/// Checks the extents a convolution was asked for.
/// Errors: ShapeError naming `where`.
inline void require_convolution(Index in, Index out, Index kernel, Index stride, const char* where) {
  if (in <= 0 || out <= 0 || kernel <= 0 || stride <= 0)
    throw ShapeError(sentence(where, ": in = ", in, ", out = ", out, ", kernel = ", kernel, ", stride = ", stride,
                              ", expected four positive numbers"));
}

}  // namespace videoonenet
