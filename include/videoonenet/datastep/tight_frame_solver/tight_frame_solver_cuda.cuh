// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernel of the tight-frame data step.

#include "videoonenet/core/cuda/for_each.cuh"
#include "videoonenet/core/view.hpp"

namespace videoonenet::cuda {

/// z ← (b − z / (ρ + c)) / ρ in double, where z holds AᵀA b on entry: the difference cancels when ρ is small.
template <Gpu Ex, class T>
void tight_frame_combine(const Ex& ex, double rho, double frame_bound, Input<T> b, Output<T> z) {
  const double inner = 1 / (rho + frame_bound), outer = 1 / rho;
  const T* pb = b.data();
  T* pz = z.data();
  for_each(ex, std::ssize(z), [=] VIDEOONENET_DEVICE(Index i) {
    pz[i] = static_cast<T>((double(pb[i]) - double(pz[i]) * inner) * outer);
  });
}

}  // namespace videoonenet::cuda
