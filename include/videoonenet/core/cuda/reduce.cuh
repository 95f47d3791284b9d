// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Sums over many entries in one launch: every block adds its part, and the last one to finish adds the parts.
///
/// Everything is added in double, in an order that depends on the number of entries alone.

#include "videoonenet/core/cuda/for_each.cuh"

namespace videoonenet::cuda {

/// Numbers that are summed together.
template <int M>
struct Sums {
  double value[M] = {};
  VIDEOONENET_DEVICE double& operator[](int i) { return value[i]; }
  VIDEOONENET_DEVICE const double& operator[](int i) const { return value[i]; }
};

/// Threads of a block that sums.
inline constexpr int reduce_threads = 256;

/// Shared memory that sum_of_block needs.
template <int M>
inline constexpr int reduce_bytes = M * (reduce_threads / 32) * static_cast<int>(sizeof(double));

/// The sums of all threads of a block of reduce_threads, known to all of them; `offset` is that of its shared memory.
template <int M, class Thread>
VIDEOONENET_DEVICE Sums<M> sum_of_block(const Thread& t, Sums<M> sums, int offset = 0) {
  constexpr int warps = reduce_threads / 32;
  const auto shared = t.template shared<double>(offset, M * warps);
  for (int m = 0; m < M; ++m) {
    for (int distance = 16; distance > 0; distance /= 2) sums[m] += t.shuffle_xor(sums[m], distance);
    if (t.lane() == 0) shared[m * warps + t.warp()] = sums[m];
  }
  t.sync();
  Sums<M> total;
  for (int m = 0; m < M; ++m)
    for (int warp = 0; warp < warps; ++warp) total[m] += shared[m * warps + warp];
  t.sync();  // before the shared memory is used again
  return total;
}

/// Calls put(item, Σ_i value(item, i)) with i < count for every item < items, on all threads of a block of
/// reduce_threads, each adding a part of a sum. It uses M · reduce_threads doubles of shared memory, from its
/// beginning.
template <int M, class Thread, class Value, class Put>
VIDEOONENET_DEVICE void sum_items(const Thread& t, int items, int count, const Value& value, const Put& put) {
  constexpr int batch = 8;  // values that are loaded before any is added
  // More rows would take longer to add than what they have added; one sum is added by shuffles.
  const int most = items == 1 ? reduce_threads : 32;
  const int fitting = items < reduce_threads ? reduce_threads / items : 1, rows = fitting < most ? fitting : most;
  const auto part = [&](int item, int row) {
    Sums<M> total;
    for (int i = row; i < count; i += batch * rows) {
      Sums<M> values[batch];
      VIDEOONENET_UNROLL
      for (int b = 0; b < batch; ++b) values[b] = value(item, i + b * rows < count ? i + b * rows : i);
      VIDEOONENET_UNROLL
      for (int b = 0; b < batch; ++b)
        for (int m = 0; m < M; ++m) total[m] += i + b * rows < count ? values[b][m] : 0;
    }
    return total;
  };
  if (items == 1) {
    const Sums<M> total = sum_of_block(t, part(0, t.thread()));
    if (t.thread() == 0) put(0, total);
  } else if (rows == 1) {
    for (int item = t.thread(); item < items; item += reduce_threads) put(item, part(item, 0));
  } else {
    const auto shared = t.template shared<double>(0, M * reduce_threads);
    const int row = t.thread() / items, item = t.thread() % items;
    if (row < rows) {
      const Sums<M> sums = part(item, row);
      for (int m = 0; m < M; ++m) shared[m * reduce_threads + t.thread()] = sums[m];
    }
    t.sync();
    if (row == 0) {
      Sums<M> total;
      for (int r = 0; r < rows; ++r)
        for (int m = 0; m < M; ++m) total[m] += shared[m * reduce_threads + r * items + item];
      put(item, total);
    }
  }
}

namespace detail {

/// result = Σ_i term(i).
template <int M, class Term>
struct Reduce {
  static constexpr int threads = reduce_threads;
  Index size;
  Term term;
  double *parts, *result;
  unsigned* counter;

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    Sums<M> sums;
    const Index step = Index(t.blocks()) * threads;
    for (Index i = Index(t.block()) * threads + t.thread(); i < size; i += step) term(i, sums);
    sums = sum_of_block(t, sums);
    const auto last = t.template shared<int>(reduce_bytes<M>, 1);
    if (t.thread() == 0) {
      for (int m = 0; m < M; ++m) parts[t.block() * M + m] = sums[m];
      last[0] = t.is_last(counter, static_cast<unsigned>(t.blocks()));
    }
    t.sync();
    if (!last[0]) return;
    Sums<M> total;
    for (int block = t.thread(); block < t.blocks(); block += threads)
      for (int m = 0; m < M; ++m) total[m] += parts[block * M + m];
    total = sum_of_block(t, total);
    if (t.thread() == 0)
      for (int m = 0; m < M; ++m) result[m] = total[m];
  }
};

}  // namespace detail

/// result[m] = Σ over i in [0, size) of what term(i, sums) adds to sums[m]; `result` lies on the device.
template <int M, Gpu Ex, class Term>
void sum_on_device(const Ex& ex, Index size, const Term& term, double* result) {
  constexpr Index most_blocks = 1024;
  const Workspace w = ex.workspace();
  const Index blocks = std::clamp<Index>(ceil_div(size, 8 * reduce_threads), 1, most_blocks);
  ex.launch({.blocks = {static_cast<int>(blocks), 1, 1},
             .threads = reduce_threads,
             .shared_bytes = reduce_bytes<M> + static_cast<int>(sizeof(int))},
            detail::Reduce<M, Term>{size, term, w.sums.data() + M, result, w.counter});
}

/// The same, returned to the host.  Cost: it waits for the device.
template <int M, Gpu Ex, class Term>
std::array<double, M> sum_to_host(const Ex& ex, Index size, const Term& term) {
  const std::span<double> result = ex.workspace().sums.first(M);
  sum_on_device<M>(ex, size, term, result.data());
  std::array<double, M> sums{};
  ex.download(std::span<const double>(result), std::span<double>(sums));
  return sums;
}

}  // namespace videoonenet::cuda
