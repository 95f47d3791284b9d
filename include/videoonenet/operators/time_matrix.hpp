// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The small matrix over frames of an operator that treats every pixel and channel alike.

#include "videoonenet/core/tensor.hpp"

namespace videoonenet {

/// C in A = C ⊗ I: `rows` output frames, `cols` input frames, entries row-major.
template <class T>
struct TimeMatrix {
  Index rows = 0, cols = 0;
  Buffer<T> values;

  T operator()(Index i, Index j) const { return values[i * cols + j]; }
};

}  // namespace videoonenet
