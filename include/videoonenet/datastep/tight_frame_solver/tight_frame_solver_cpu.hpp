// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernel of the tight-frame data step.

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu {

/// z ← (b − z / (ρ + c)) / ρ in double, where z holds AᵀA b on entry: the difference cancels when ρ is small.
template <class T>
void tight_frame_combine(const Executor& ex, double rho, double frame_bound, Input<T> b, Output<T> z) {
  const double inner = 1 / (rho + frame_bound), outer = 1 / rho;
  const T* pb = b.data();
  T* pz = z.data();
  detail::for_blocks(ex, std::ssize(z), [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) pz[i] = static_cast<T>((double(pb[i]) - double(pz[i]) * inner) * outer);
  });
}

}  // namespace videoonenet::cpu
