// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Loops shared by the host kernels of operators: blocks of rows over threads, channel counts as constants.

#include <algorithm>
#include <type_traits>

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu::detail {

/// Calls body(row) for every row in [0, rows), each of about `row_work` multiply-adds; a thread takes rows of together
/// 32768 at a time, about ten microseconds, so that small videos do not pay for threads.
template <class Body>
void for_rows(const Executor& ex, Index rows, Index row_work, Body&& body) {
  const Index batch = std::max<Index>(1, 4 * block / std::max<Index>(1, row_work));
  parallel_for(ex, (rows + batch - 1) / batch, [&](Index i) {
    const Index end = std::min(rows, (i + 1) * batch);
    for (Index row = i * batch; row < end; ++row) body(row);
  });
}

/// Calls body(count) with the usual channel counts 1 and 3 as compile-time constants, any other as an Index.
template <class Body>
void with_channels(Index count, Body&& body) {
  if (count == 1)
    body(std::integral_constant<Index, 1>{});
  else if (count == 3)
    body(std::integral_constant<Index, 3>{});
  else
    body(count);
}

}  // namespace videoonenet::cpu::detail
