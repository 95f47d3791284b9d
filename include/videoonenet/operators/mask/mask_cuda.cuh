// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernel of the inpainting mask.

#include "videoonenet/core/cuda/for_each.cuh"

namespace videoonenet::cuda {

/// y = m ⊙ x.
template <Gpu Ex, class T>
void mask_apply(const Ex& ex, Input<T> mask, Input<T> x, Output<T> y) {
  const T *pm = mask.data(), *px = x.data();
  T* py = y.data();
  for_each(ex, std::ssize(y), [=] VIDEOONENET_DEVICE(Index i) { py[i] = pm[i] * px[i]; });
}

}  // namespace videoonenet::cuda
