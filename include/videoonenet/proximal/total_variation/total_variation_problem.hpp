// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What the kernels of total variation work on: the problem of one or several videos, dual variables and scratch
/// memory.

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

/// Scratch memory that the kernels of an executor need.
struct TotalVariationScratch {
  Index slots;   ///< how many problems, or parts of one, can be worked on at once
  Index primal;  ///< numbers of T for each slot
  Index sums;    ///< numbers of double for each video
};

/// ½‖x − v‖² + weight · TV(x) for each of the videos that an executor works on together, one on the host.
template <class T>
struct TotalVariationProblem {
  Shape shape;                   ///< of the videos
  bool isotropic = true;         ///< the Euclidean norm of a pixel's differences, otherwise their ℓ1 norm
  DifferenceWeights<T> weights;  ///< of the differences D
  T weight;                      ///< τλ > 0
  T lipschitz;                   ///< at least ‖D‖²
  DualField<T> p, q;             ///< the dual variable and its extrapolation
  std::span<int> stopped;        ///< for each video, 1 when it takes no more steps; not read where there is one video
  double* sums;                  ///< scratch, see TotalVariationScratch
  T* primal;                     ///< scratch of the slots that follow
  Index slots;                   ///< how many there are
};

}  // namespace videoonenet
