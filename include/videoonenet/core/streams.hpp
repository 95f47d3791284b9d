// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Two computations that do not need each other's results: at the same time where that is faster.

#include "videoonenet/core/executor.hpp"

namespace videoonenet::cpu {

/// Calls first(ex) and second(ex), which share no memory that either writes: with two or three threads at the same
/// time, one thread each, so that neither waits for the other between its steps; with more, or one, after each other
/// with all of them.
template <class First, class Second>
void side_by_side(const Executor& ex, First&& first, Second&& second) {
  if (ex.threads < 2 || ex.threads > 3) {
    first(ex);
    second(ex);
    return;
  }
  const Executor one = ex.with_threads(1);
  parallel_for(ex.with_threads(2), 2, [&](Index i) { i == 0 ? first(one) : second(one); });
}

/// Calls first(ex) and second(ex), which on a device share no memory that either writes, and here may share scratch:
/// one after the other, each with all threads.
template <class First, class Second>
void overlap(const Executor& ex, First&& first, Second&& second) {
  first(ex);
  second(ex);
}

/// Whether `overlap` runs both at the same time, and so needs memory for both.
constexpr bool overlaps(const Executor&) { return false; }

}  // namespace videoonenet::cpu
