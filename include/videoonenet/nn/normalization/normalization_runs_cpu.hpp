// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// How the host kernels of normalization walk over an array: in blocks for threads, and inside one in runs of registers
/// that share their channels.

#include <limits>

#include "videoonenet/nn/activation/activation_cpu.hpp"
#include "videoonenet/nn/normalization/normalization.hpp"

namespace videoonenet::cpu::detail {

/// Pixels that one thread handles at a time.
inline Index normalization_block(const Normalization& g) { return g.channels == 1 ? block : 1024; }
inline Index normalization_blocks(const Normalization& g) {
  return (g.pixels + normalization_block(g) - 1) / normalization_block(g);
}

/// Which pixels of every block are visited.
enum class Part { all, first_sixteenth };

/// Pixels of a block from begin to `visited_end`.
inline Index visited_end(const Normalization& g, Part part, Index b) {
  const Index begin = b * normalization_block(g);
  return std::min(g.pixels, begin + normalization_block(g) / (part == Part::all ? 1 : 16));
}

/// Pixels of a group that are visited.
inline Index visited_pixels(const Normalization& g, Part part) {
  Index count = 0;
  for (Index b = 0; b < normalization_blocks(g); ++b) count += visited_end(g, part, b) - b * normalization_block(g);
  return count;
}

/// Registers of one block: pixels one after the other where there is one channel, else of one register of channels.
/// `Count` is a constant for full registers.
template <class Count>
struct Run {
  Index group, channel;
  Index first, stride, steps;  ///< registers at first, first + stride, …, each with `count` entries
  Count count;
  Index tail = 0;  ///< entries of one more
};
template <class Count>
Run(Index, Index, Index, Index, Index, Count, Index = 0) -> Run<Count>;  // clang 14 does not deduce it by itself

/// Calls body(run, block number of the whole array) for the runs that cover the array.
template <class T, class Body>
void for_runs(const Executor& ex, const Normalization& g, Part part, Body&& body) {
  constexpr std::integral_constant<Index, simd::lanes<T>> lanes;
  const Index blocks = normalization_blocks(g);
  parallel_for(for_size(ex, g.size()), g.groups * blocks, [&](Index task) {
    const Index group = task / blocks, begin = task % blocks * normalization_block(g);
    const Index count = visited_end(g, part, task % blocks) - begin, first = (group * g.pixels + begin) * g.channels;
    if (g.channels == 1) return body(Run{group, Index(0), first, lanes(), count / lanes, lanes, count % lanes}, task);
    Index c = 0;
    for (; c + lanes <= g.channels; c += lanes) body(Run{group, c, first + c, g.channels, count, lanes}, task);
    if (c < g.channels) body(Run{group, c, first + c, g.channels, count, g.channels - c}, task);
  });
}

/// Calls body(offset, count) for every register of a run.
template <class Count, class Body>
void for_steps(const Run<Count>& run, Body&& body) {
  for (Index s = 0; s < run.steps; ++s) body(run.first + s * run.stride, run.count);
  if (run.tail > 0) body(run.first + run.steps * run.stride, run.tail);
}

template <class V>
struct Pair {
  V first, second;
};

/// Adds a run's terms lane by lane: few in T, then in double.
template <class T, class Count, class Term>
void sum_run(const Run<Count>& run, double* first, double* second, Term&& term) {
  using V = simd::Vector<T>;
  constexpr Index flush = 64, unroll = 4;
  const auto add = [&](const V& a, const V& b) {
    for (std::size_t k = 0; k < std::size_t(simd::lanes<T>); ++k) first[k] += double(a[k]), second[k] += double(b[k]);
  };
  for (Index s = 0; s < run.steps;) {
    V a[unroll]{}, b[unroll]{};
    const Index stop = std::min(run.steps, s + flush * unroll);
    for (; s + unroll <= stop; s += unroll)
      for (Index u = 0; u < unroll; ++u) {
        const Pair<V> t = term(run.first + (s + u) * run.stride, run.count);
        a[u] += t.first, b[u] += t.second;
      }
    for (; s < stop; ++s) {
      const Pair<V> t = term(run.first + s * run.stride, run.count);
      a[0] += t.first, b[0] += t.second;
    }
    add((a[0] + a[1]) + (a[2] + a[3]), (b[0] + b[1]) + (b[2] + b[3]));
  }
  if (run.tail > 0) {
    const Pair<V> t = term(run.first + run.steps * run.stride, run.tail);
    add(t.first, t.second);
  }
}

/// For every k = (group, channel): sums[2k] and sums[2k + 1], the sums of the two terms that prepare(run) gives as a
/// function of (offset, count). `scratch` is at the front the result and behind it the blocks' parts.
template <class T, class Prepare>
void normalization_sums(const Executor& ex, const Normalization& g, Part part, std::span<double> scratch,
                        Prepare&& prepare) {
  const Index blocks = normalization_blocks(g), channels = g.channels;
  double *sums = scratch.data(), *parts = sums + 2 * g.groups * channels;
  for_runs<T>(ex, g, part, [&](const auto& run, Index task) {
    double first[simd::lanes<T>] = {}, second[simd::lanes<T>] = {};
    sum_run<T>(run, first, second, prepare(run));
    double* to = parts + 2 * (task * channels + run.channel);
    if (channels == 1) {
      to[0] = to[1] = 0;
      for (Index k = 0; k < simd::lanes<T>; ++k) to[0] += first[k], to[1] += second[k];
    } else {
      for (Index k = 0; k < run.count; ++k) to[2 * k] = first[k], to[2 * k + 1] = second[k];
    }
  });
  std::fill(sums, parts, 0.0);
  for (Index group = 0; group < g.groups; ++group)
    for (Index b = 0; b < blocks; ++b)
      for (Index k = 0; k < 2 * channels; ++k)
        sums[2 * group * channels + k] += parts[2 * (group * blocks + b) * channels + k];
}

/// v in its first lanes, 0 in the others.
template <class T, class Count>
simd::Vector<T> first_lanes(const simd::Vector<T>& v, Count count) {
  if constexpr (std::is_same_v<Count, Index>)
    return simd::load(reinterpret_cast<const T*>(&v), count);
  else
    return v;
}

}  // namespace videoonenet::cpu::detail
