// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The recurrence of the MinimalRNN over the frames of a video, shared by its layer and by the kernels of every
/// executor.

#include "videoonenet/nn/conv2d/conv2d_geometry.hpp"

namespace videoonenet {

/// Which way a recurrent layer goes through the frames.
enum class TimeDirection {
  forward,
  backward,
};

/// Which MinimalRNN.
enum class MinimalRnnForm {
  paper,  ///< VON: the candidate is the input itself, and the gate lets it in
  chen,   ///< Chen 2017: the candidate is a feature map of the input, and the gate keeps the old state
};

/// `samples` videos of `steps` frames, each frame convolved with R as `frame` says.
///
/// Math: with candidates v and pre-activations a = K ∗ v + b of all frames given, in the direction's order of t:
/// u_t = sigmoid(a_t + R ∗ h_{t−1}), and h_t = h_{t−1} + u_t ⊙ (v_t − h_{t−1}) (paper) or
/// h_t = v_t + u_t ⊙ (h_{t−1} − v_t) (chen), h_{−1} = 0 unless it is given.
/// Adjoint: backwards, with g the gradient of h_t and e = g ⊙ (v_t − h_{t−1}): a_t gets d_t = ±e ⊙ u_t (1 − u_t), v_t
/// gets the gate's share of g and h_{t−1} the rest and Rᵀ ∗ d_t. R gets Σ_t h_{t−1} ⋆ d_t.
struct MinimalRnnScan {
  Conv2dGeometry frame;
  Index samples = 1, steps = 1;
  TimeDirection direction = TimeDirection::forward;
  MinimalRnnForm form = MinimalRnnForm::paper;
  /// On a device: entries from a pixel of y's copy, and of y's gradient, to the next one, where they are a part of more
  /// channels; 0: in.
  Index joint = 0;

  /// Entries of a frame.
  VIDEOONENET_HOST_DEVICE constexpr Index size() const { return frame.h * frame.w * frame.in; }
  /// Offset of the frame of video `sample` that comes at `step`.
  VIDEOONENET_HOST_DEVICE constexpr Index offset(Index sample, Index step) const {
    return (sample * steps + (direction == TimeDirection::forward ? step : steps - 1 - step)) * size();
  }
};

}  // namespace videoonenet
