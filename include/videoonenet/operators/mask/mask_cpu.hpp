// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernel of the inpainting mask.

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu {

/// y = m ⊙ x.
template <class T>
void mask_apply(const Executor& ex, Input<T> mask, Input<T> x, Output<T> y) {
  const T *pm = mask.data(), *px = x.data();
  T* py = y.data();
  detail::for_blocks(ex, std::ssize(y), [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) py[i] = pm[i] * px[i];
  });
}

}  // namespace videoonenet::cpu
