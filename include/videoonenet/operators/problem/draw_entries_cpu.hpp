// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Random arrays drawn on several threads, with the bits that one thread would draw.

#include "videoonenet/core/random.hpp"
#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu {

/// values[i] = draw(random) for every i in order, where each call takes exactly one number of the stream: the
/// generator is counter-based, so every block begins at its own place. Leaves `random` behind the last number.
template <class T, class Draw>
void draw_entries(const Executor& ex, Random& random, std::span<T> values, Draw&& draw) {
  const std::uint64_t first = random.position();
  detail::for_blocks(ex, std::ssize(values), [&](Index begin, Index end) {
    Random local = random;
    local.seek(first + static_cast<std::uint64_t>(begin));
    for (Index i = begin; i < end; ++i) values[static_cast<std::size_t>(i)] = static_cast<T>(draw(local));
  });
  random.seek(first + values.size());
}

}  // namespace videoonenet::cpu
