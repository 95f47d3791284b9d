// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The reduction of a batch's gradients on the host.

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu {

/// y_j = Σ_i x_ij over the `rows` rows of x, always added from the first to the last.
template <class T>
void sum_rows(const Executor& ex, Index rows, Input<T> x, Output<T> y) {
  const Index columns = std::ssize(y);
  detail::for_blocks(ex, columns, [&](Index begin, Index end) {
    std::copy(x.data() + begin, x.data() + end, y.data() + begin);
    for (Index i = 1; i < rows; ++i)
      for (Index j = begin; j < end; ++j)
        y[static_cast<std::size_t>(j)] += x[static_cast<std::size_t>(i * columns + j)];
  });
}

}  // namespace videoonenet::cpu
