// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Random arrays drawn on several threads, with the bits that one thread would draw.

#include "videoonenet/core/random.hpp"
#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cpu {

namespace detail {

/// Calls fill(random, begin, end) for blocks of the numbers [0, count) that follow in the stream: the generator is
/// counter-based, so every block begins at its own place. Leaves `random` behind the last number.
template <class Fill>
void draw_blocks(const Executor& ex, Random& random, Index count, Fill&& fill) {
  const std::uint64_t first = random.position();
  for_blocks(ex, count, [&](Index begin, Index end) {
    Random local = random;
    local.seek(first + static_cast<std::uint64_t>(begin));
    fill(local, begin, end);
  });
  random.seek(first + static_cast<std::uint64_t>(count));
}

}  // namespace detail

/// values[i] = random.normal() · standard_deviation in order, rounded to T.
template <class T>
void draw_normal(const Executor& ex, Random& random, std::span<T> values, double standard_deviation) {
  detail::draw_blocks(ex, random, std::ssize(values), [=](Random& local, Index begin, Index end) {
    local.fill_normal(std::span<T>(values.data() + begin, values.data() + end), standard_deviation);
  });
}

/// values[i] = 1 where random.uniform() < probability, in order, and 0 elsewhere.
template <class T>
void draw_indicator(const Executor& ex, Random& random, std::span<T> values, double probability) {
  detail::draw_blocks(ex, random, std::ssize(values), [=](Random& local, Index begin, Index end) {
    double uniform[1024];
    for (Index i = begin; i < end; i += std::ssize(uniform)) {
      const Index count = std::min(std::ssize(uniform), end - i);
      local.fill_uniform({uniform, static_cast<std::size_t>(count)});
      for (Index j = 0; j < count; ++j) values.data()[i + j] = T(uniform[j] < probability ? 1 : 0);
    }
  });
}

}  // namespace videoonenet::cpu
