// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the diagonal data step.

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu {

/// z = b / (m + ρ).
template <class T>
void diagonal_solve(const Executor& ex, Input<T> diagonal, std::type_identity_t<T> rho, Input<T> b, Output<T> z) {
  const T *pm = diagonal.data(), *pb = b.data();
  T* pz = z.data();
  detail::for_blocks(ex, std::ssize(z), [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) pz[i] = pb[i] / (pm[i] + rho);
  });
}

/// z ← z / m where m > 0, else 0.
template <class T>
void diagonal_pseudo_inverse(const Executor& ex, Input<T> diagonal, Output<T> z) {
  const T* pm = diagonal.data();
  T* pz = z.data();
  detail::for_blocks(ex, std::ssize(z), [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) pz[i] = pm[i] > T(0) ? pz[i] / pm[i] : T(0);
  });
}

}  // namespace videoonenet::cpu
