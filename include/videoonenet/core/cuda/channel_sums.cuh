// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Sums over the pixels of groups, one for every channel, in one launch: blocks add parts of the pixels, and the last
/// one to finish does what is left to do.

#include "videoonenet/core/cuda/reduce.cuh"

namespace videoonenet::cuda {

/// An array of groups × pixels × channels, whose pixels are summed in `chunks` parts.
struct ChannelSumsShape {
  int groups, pixels, channels, chunks;

  /// A chunk for every multiprocessor, where what every block adds and what the last one adds is estimated to take as
  /// long; not measured.
  template <Gpu Ex>
  static ChannelSumsShape make(const Ex& ex, Index groups, Index pixels, Index channels) {
    const Index most = ceil_div(pixels * channels, 2048), wanted = ceil_div(ex.multiprocessors(), groups);
    const Index room = std::max<Index>(1, workspace_sums / (2 * groups * channels));
    const Index chunks = std::max<Index>(1, std::min({most, wanted, room, pixels}));
    return {as_int(groups, "channel sums"), as_int(pixels, "channel sums"), as_int(channels, "channel sums"),
            static_cast<int>(chunks)};
  }
  /// Numbers of double that M sums need.
  VIDEOONENET_HOST_DEVICE Index size(int m) const { return Index(m) * groups * chunks * channels; }
  VIDEOONENET_HOST_DEVICE int chunk_pixels() const { return (pixels + chunks - 1) / chunks; }
};

namespace detail {

/// The sums of every group and channel, which lie where those of the first chunk were.
template <int M>
struct Totals {
  double* parts;
  ChannelSumsShape s;
  VIDEOONENET_DEVICE double* at(int group, int channel, int chunk = 0) const {
    return parts + ((Index(group) * s.chunks + chunk) * s.channels + channel) * M;
  }
  VIDEOONENET_DEVICE Sums<M> operator()(int group, int channel) const {
    Sums<M> total;
    for (int m = 0; m < M; ++m) total[m] = at(group, channel)[m];
    return total;
  }
  /// Puts other numbers in their place.
  VIDEOONENET_DEVICE void put(int group, int channel, const Sums<M>& sums) const {
    for (int m = 0; m < M; ++m) at(group, channel)[m] = sums[m];
  }
};

template <int M, class Term, class Finish>
struct ChannelSums {
  static constexpr int threads = reduce_threads;
  static constexpr int shared_bytes = static_cast<int>(sizeof(double)) * M * threads + static_cast<int>(sizeof(int));
  static_assert(reduce_bytes<M> <= shared_bytes);

  ChannelSumsShape s;
  Term term;
  Finish finish;
  double* parts;
  unsigned* counter;

  /// Block (chunk of a group, window of channels).
  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const int group = t.block(0) / s.chunks, chunk = t.block(0) % s.chunks, first_channel = t.block(1) * threads;
    const int width = s.channels - first_channel < threads ? s.channels - first_channel : threads;
    const int together = threads / width, row = t.thread() / width, channel = first_channel + t.thread() % width;
    const int begin = chunk * s.chunk_pixels();
    const int end = begin + s.chunk_pixels() < s.pixels ? begin + s.chunk_pixels() : s.pixels;
    Sums<M> sums;
    if (row < together) {
      const auto own = term.of(group, channel);
      for (int p = begin + row; p < end; p += together) own((Index(group) * s.pixels + p) * s.channels + channel, sums);
    }
    double* to = parts + (Index(t.block(0)) * s.channels + channel) * M;
    if (width == 1) {
      sums = sum_of_block(t, sums);
      if (t.thread() == 0)
        for (int m = 0; m < M; ++m) to[m] = sums[m];
    } else {
      const auto shared = t.template shared<double>(0, M * threads);
      for (int m = 0; m < M; ++m) shared[m * threads + t.thread()] = sums[m];
      t.sync();
      if (row == 0)
        for (int m = 0; m < M; ++m) {
          double sum = 0;
          for (int r = 0; r < together; ++r) sum += shared[m * threads + r * width + t.thread()];
          to[m] = sum;
        }
    }
    const auto last = t.template shared<int>(static_cast<int>(sizeof(double)) * M * threads, 1);
    t.sync();
    if (t.thread() == 0) last[0] = t.is_last(counter, static_cast<unsigned>(t.blocks(0) * t.blocks(1)));
    t.sync();
    if (!last[0]) return;
    const Totals<M> totals{parts, s};
    add_chunks(t, totals);
    finish(t, s, totals);
  }

 private:
  /// Sums over the chunks, by all threads: what is left to one block should not take longer than what all have done.
  template <class Thread>
  VIDEOONENET_DEVICE void add_chunks(const Thread& t, const Totals<M>& totals) const {
    const int items = s.groups * s.channels, rows = items < threads ? threads / items : 1;
    const auto sum = [&](int item, int first_chunk) {
      Sums<M> total;
      for (int chunk = first_chunk; chunk < s.chunks; chunk += rows)
        for (int m = 0; m < M; ++m) total[m] += totals.at(item / s.channels, item % s.channels, chunk)[m];
      return total;
    };
    if (rows == 1) {
      for (int item = t.thread(); item < items; item += threads)
        totals.put(item / s.channels, item % s.channels, sum(item, 0));
    } else {
      const auto shared = t.template shared<double>(0, M * threads);
      const int row = t.thread() / items, item = t.thread() % items;
      if (row < rows) {
        const Sums<M> part = sum(item, row);
        for (int m = 0; m < M; ++m) shared[m * threads + t.thread()] = part[m];
      }
      t.sync();
      if (row == 0) {
        Sums<M> total;
        for (int m = 0; m < M; ++m)
          for (int r = 0; r < rows; ++r) total[m] += shared[m * threads + r * items + item];
        totals.put(item / s.channels, item % s.channels, total);
      }
    }
    t.sync();
  }
};

}  // namespace detail

/// Sums what term.of(group, channel)(entry, sums) adds for every entry of the group and channel; then one block calls
/// finish(thread, shape, total) with total(group, channel) the sums. `parts` holds shape.size(M) numbers.
template <int M, Gpu Ex, class Term, class Finish>
void channel_sums(const Ex& ex, const ChannelSumsShape& s, std::span<double> parts, const Term& term,
                  const Finish& finish) {
  if (std::ssize(parts) < s.size(M))
    throw ShapeError(
        sentence("channel_sums: ", std::ssize(parts), " numbers of scratch were given, expected ", s.size(M)));
  using Kernel = detail::ChannelSums<M, Term, Finish>;
  ex.launch({.blocks = {s.groups * s.chunks, static_cast<int>(ceil_div(s.channels, Kernel::threads)), 1},
             .threads = Kernel::threads,
             .shared_bytes = Kernel::shared_bytes},
            Kernel{s, term, finish, parts.data(), ex.workspace().counter});
}

}  // namespace videoonenet::cuda
