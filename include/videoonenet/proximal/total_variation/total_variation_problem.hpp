// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What the kernels of total variation work on: one video's problem, its dual variables and scratch memory.

#include "videoonenet/core/view.hpp"

namespace videoonenet {

/// Weights of the differences along the three axes.
template <class T>
struct DifferenceWeights {
  T t = T(1);  ///< between frames
  T h = T(1);  ///< between rows
  T w = T(1);  ///< between columns
};

/// One dual variable for each axis, each of the video's size.
template <class T>
struct DualField {
  T *t, *h, *w;
  DualField at(Index offset) const { return {t + offset, h + offset, w + offset}; }
};

/// ½‖x − v‖² + weight · TV(x) for one video.
template <class T>
struct TotalVariationProblem {
  Shape shape;                   ///< one video
  bool isotropic = true;         ///< the Euclidean norm of a pixel's differences, otherwise their ℓ1 norm
  DifferenceWeights<T> weights;  ///< of the differences D
  T weight;                      ///< τλ > 0
  T lipschitz;                   ///< at least ‖D‖²
  DualField<T> p, q;             ///< the dual variable and its extrapolation
  double* frame_sums;            ///< 2 for each frame
  T* frames;                     ///< 3 frames for each slab
  Index slabs = 1;               ///< runs of frames that are worked on at once, at most T
};

}  // namespace videoonenet
