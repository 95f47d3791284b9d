// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Sums over the pixels of groups, one for every channel, in one launch: blocks add parts of the pixels, and the last
/// one to finish does what is left to do.

#include <utility>

#include "videoonenet/core/cuda/pack.hpp"
#include "videoonenet/core/cuda/reduce.cuh"

namespace videoonenet::cuda {

/// A term that reads entries before it adds them, so that many reads are under way at once: term.load<width>(i) is what
/// it needs of the entries i to i + width − 1, term.of(group, channel).add(loaded, k, sums) adds the k-th of them.
/// Where term.packs_fit() is false it is only asked for width 1.
template <class Term>
concept LoadsAhead = requires(const Term& term) {
  term.template load<4>(Index(0));
  { term.packs_fit() } -> std::same_as<bool>;
};

/// An array of groups × pixels × channels, whose pixels are summed in `chunks` parts.
struct ChannelSumsShape {
  int groups, pixels, channels, chunks;

  /// A multiprocessor has up to four blocks, which hide each other's waiting, if each has enough to add. The last block
  /// reads blocks · channels parts: with many channels there is a block for every multiprocessor.
  template <Gpu Ex>
  static ChannelSumsShape make(const Ex& ex, Index groups, Index pixels, Index channels) {
    constexpr Index least = 4096;  // entries of a block: 16 a thread
    const Index own = ceil_div(groups * pixels * channels, least * ex.multiprocessors());
    const Index blocks = ex.multiprocessors() * std::min(own, std::clamp<Index>(64 / channels, 1, 4));
    const Index most = ceil_div(pixels * channels, least), wanted = (blocks + groups / 2) / groups;
    const Index room = workspace_sums / (2 * groups * channels);
    const Index chunks = std::max<Index>(1, std::min({most, wanted, room, pixels}));
    return {as_int(groups, "channel sums"), as_int(pixels, "channel sums"), as_int(channels, "channel sums"),
            static_cast<int>(chunks)};
  }
  /// Numbers of double that M sums need.
  VIDEOONENET_HOST_DEVICE Index size(int m) const { return Index(m) * groups * chunks * channels; }
  /// Whether a thread may serve four neighbouring entries at once, of one channel or of four.
  VIDEOONENET_HOST_DEVICE bool by_fours() const { return (channels == 1 ? pixels : channels) % 4 == 0; }
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
  VIDEOONENET_DEVICE Sums<M> operator()(int group, int channel, int chunk = 0) const {
    Sums<M> total;
    for (int m = 0; m < M; ++m) total[m] = at(group, channel, chunk)[m];
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
  /// Loads of a thread under way: a block's 32 kB are what a multiprocessor's share of the memory needs.
  static constexpr int batch = M == 1 ? 8 : 4;
  static constexpr int sums_bytes(int width) { return static_cast<int>(sizeof(double)) * M * width * threads; }
  static_assert(reduce_bytes<M> <= sums_bytes(1));

  ChannelSumsShape s;
  Term term;
  Finish finish;
  double* parts;
  unsigned* counter;
  int width;   ///< entries that a thread serves at once
  bool packs;  ///< whether it may load them as one pack

  /// Block (chunk of a group, window of channels).
  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    if constexpr (LoadsAhead<Term>) {
      if (width == 4)
        add_chunk<4>(t);
      else
        add_chunk<1>(t);
    } else {
      add_chunk<1>(t);
    }
    const auto last = t.template shared<int>(sums_bytes(width), 1);
    t.sync();
    if (t.thread() == 0) last[0] = t.is_last(counter, static_cast<unsigned>(t.blocks(0) * t.blocks(1)));
    t.sync();
    if (!last[0]) return;
    const Totals<M> totals{parts, s};
    if (s.chunks > 1)
      sum_items<M>(
          t, s.groups * s.channels, s.chunks,
          [&](int item, int chunk) { return totals(item / s.channels, item % s.channels, chunk); },
          [&](int item, const Sums<M>& sums) { totals.put(item / s.channels, item % s.channels, sums); });
    t.sync();
    finish(t, s, totals);
  }

 private:
  /// Writes the block's part of the sums. A row is a pixel's channels, or of one channel as many pixels as a thread
  /// serves at once.
  template <int w, class Thread>
  VIDEOONENET_DEVICE void add_chunk(const Thread& t) const {
    const bool joint = s.channels == 1;
    const int columns = joint ? 1 : s.channels / w, rows = joint ? s.pixels / w : s.pixels;
    const int group = t.block(0) / s.chunks, chunk = t.block(0) % s.chunks, first = t.block(1) * threads;
    const int lanes = columns - first < threads ? columns - first : threads, together = threads / lanes;
    const int row = t.thread() / lanes, channel = (first + t.thread() % lanes) * w;
    const int chunk_rows = (rows + s.chunks - 1) / s.chunks, begin = chunk * chunk_rows;
    const int end = begin + chunk_rows < rows ? begin + chunk_rows : rows;
    Sums<M> sums[w];
    if (row < together) {
      const Index stride = joint ? w : s.channels;
      const Index at = Index(group) * s.pixels * s.channels + channel + Index(begin + row) * stride;
      const Walk walk{at, together * stride, end - begin - row, together};
      if constexpr (LoadsAhead<Term>) {
        if (w > 1 && packs)
          add_loaded<w>(walk, group, channel, sums, std::make_integer_sequence<int, w>());
        else
          add_loaded<1>(walk, group, channel, sums, std::make_integer_sequence<int, w>());
      } else {
        add_entries(walk, term.of(group, channel), sums[0]);
      }
    }
    double* to = parts + Index(t.block(0)) * s.channels * M;
    if (joint) {
      Sums<M> all = sums[0];
      for (int k = 1; k < w; ++k)
        for (int m = 0; m < M; ++m) all[m] += sums[k][m];
      all = sum_of_block(t, all);
      if (t.thread() == 0)
        for (int m = 0; m < M; ++m) to[m] = all[m];
      return;
    }
    const auto shared = t.template shared<double>(0, M * w * threads);
    for (int k = 0; k < w; ++k)
      for (int m = 0; m < M; ++m) shared[(k * M + m) * threads + t.thread()] = sums[k][m];
    t.sync();
    for (int item = t.thread(); item < w * lanes; item += threads) {
      const int k = item / lanes, lane = item % lanes;
      for (int m = 0; m < M; ++m) {
        double sum = 0;
        for (int r = 0; r < together; ++r) sum += shared[(k * M + m) * threads + r * lanes + lane];
        to[((first + lane) * w + k) * M + m] = sum;
      }
    }
  }

  /// Of a thread: the first of its entries, the step to the next one, the rows from the first to the chunk's end, and
  /// those of a step.
  struct Walk {
    Index first, step;
    int left, together;
  };

  /// Adds every `sizeof...(k)` entries of the walk, loaded `width` at once; their order does not depend on that.
  template <int load_width, int w, int... k>
  VIDEOONENET_DEVICE void add_loaded(const Walk& walk, int group, int channel, Sums<M> (&sums)[w],
                                     std::integer_sequence<int, k...>) const {
    decltype(term.template load<load_width>(Index(0))) loaded[batch][w / load_width];
    Index at = walk.first;
    int left = walk.left;
    if (left <= 0) return;
    const auto load = [&] {
      VIDEOONENET_UNROLL
      for (int b = 0; b < batch; ++b) {
        const Index i = left > b * walk.together ? at + b * walk.step : at;  // the first again where there are no more
        VIDEOONENET_UNROLL
        for (int j = 0; j < w / load_width; ++j) loaded[b][j] = term.template load<load_width>(i + j * load_width);
      }
    };
    load();  // before the term's constants, which have loads and divisions of their own
    const auto first = term.of(group, channel);
    const decltype(first) own[w] = {(k == 0 || s.channels == 1 ? first : term.of(group, channel + k))...};
    VIDEOONENET_ROLLED
    while (true) {
      VIDEOONENET_UNROLL
      for (int b = 0; b < batch; ++b)
        if (left > b * walk.together) (own[k].add(loaded[b][k / load_width], k % load_width, sums[k]), ...);
      left -= batch * walk.together;
      if (left <= 0) return;
      at += batch * walk.step;
      load();
    }
  }

  /// The same for a term that reads what it adds.
  template <class Own>
  VIDEOONENET_DEVICE void add_entries(const Walk& walk, const Own& own, Sums<M>& sums) const {
    constexpr int several = 4;
    Index at = walk.first;
    int left = walk.left;
    for (; left > (several - 1) * walk.together; left -= several * walk.together, at += several * walk.step) {
      VIDEOONENET_UNROLL
      for (int b = 0; b < several; ++b) own(at + b * walk.step, sums);
    }
    for (; left > 0; left -= walk.together, at += walk.step) own(at, sums);
  }
};

}  // namespace detail

/// Sums what a term adds for every entry of a group and channel: term.of(group, channel)(entry, sums), or what
/// LoadsAhead says; then one block calls finish(thread, shape, total) with total(group, channel) the sums. `parts`
/// holds shape.size(M) numbers. The order of additions depends on the shape alone.
template <int M, Gpu Ex, class Term, class Finish>
void channel_sums(const Ex& ex, const ChannelSumsShape& s, std::span<double> parts, const Term& term,
                  const Finish& finish) {
  if (std::ssize(parts) < s.size(M))
    throw ShapeError(
        sentence("channel_sums: ", std::ssize(parts), " numbers of scratch were given, expected ", s.size(M)));
  using Kernel = detail::ChannelSums<M, Term, Finish>;
  int width = 1;
  bool packs = false;
  if constexpr (LoadsAhead<Term>) {
    width = s.by_fours() ? 4 : 1;
    packs = term.packs_fit();
  }
  const Index columns = s.channels == 1 ? 1 : s.channels / width;
  ex.launch({.blocks = {s.groups * s.chunks, static_cast<int>(ceil_div(columns, Kernel::threads)), 1},
             .threads = Kernel::threads,
             .shared_bytes = Kernel::sums_bytes(width) + static_cast<int>(sizeof(int))},
            Kernel{s, term, finish, parts.data(), ex.workspace().counter, width, packs});
}

}  // namespace videoonenet::cuda
