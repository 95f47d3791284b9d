// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the diagonal data step.

#include "videoonenet/core/cuda/for_each.cuh"
#include "videoonenet/core/view.hpp"

namespace videoonenet::cuda {

/// z = b / (m + ρ).
template <Gpu Ex, class T>
void diagonal_solve(const Ex& ex, Input<T> diagonal, std::type_identity_t<T> rho, Input<T> b, Output<T> z) {
  const T *pm = diagonal.data(), *pb = b.data();
  T* pz = z.data();
  for_each(ex, std::ssize(z), [=] VIDEOONENET_DEVICE(Index i) { pz[i] = pb[i] / (pm[i] + rho); });
}

/// z ← z / m where m > 0, else 0.
template <Gpu Ex, class T>
void diagonal_pseudo_inverse(const Ex& ex, Input<T> diagonal, Output<T> z) {
  const T* pm = diagonal.data();
  T* pz = z.data();
  for_each(ex, std::ssize(z), [=] VIDEOONENET_DEVICE(Index i) { pz[i] = pm[i] > T(0) ? pz[i] / pm[i] : T(0); });
}

}  // namespace videoonenet::cuda
