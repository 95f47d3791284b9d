// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// How the host spreads independent blocks over its threads.

#include "videoonenet/core/executor.hpp"

namespace videoonenet::cpu {

/// Calls `body(executor, i)` for every block i: enough blocks run side by side with one thread each, few of them run
/// one after the other with all threads. Kernels do not depend on the number of threads, so both give the same bits.
template <class Body>
void for_each_block(const Executor& ex, Index count, Body&& body) {
  if (count < ex.threads) {
    for (Index i = 0; i < count; ++i) body(ex, i);
    return;
  }
  const Executor single = ex.with_threads(1);
  parallel_for(ex, count, [&](Index i) { body(single, i); });
}

}  // namespace videoonenet::cpu
