// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// All steps of a MinimalRNN in one kernel, the recurrent kernel in registers: for the small batches at which a launch
/// a step would be mostly waiting.

#include <algorithm>

#include "videoonenet/core/cuda/matrix_unit.cuh"
#include "videoonenet/core/cuda/pack.hpp"
#include "videoonenet/nn/conv2d/conv2d_operands_cuda.cuh"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_steps_cuda.cuh"

namespace videoonenet::cuda::detail {

/// Steps of 3 × 3 convolutions of `channels`: cluster (y) takes video y, each of its blocks a run of the pixels of
/// every frame.
///
/// A block keeps the rows that its pixels meet in shared memory, in the form in which they are multiplied, and writes
/// what it has computed to those of all blocks that meet it: a frame needs one barrier of the cluster and nothing from
/// the memory of the device but what was there before, which is read a frame ahead. There are two such windows, of this
/// frame and of the next.
///
/// A warp keeps a share of the kernel's terms, for half of the columns, in registers, and sums them for sixteen pixels
/// at a time; the shares' sums are added in their order. Then a thread takes four channels of a pixel, the same ones in
/// every frame.
template <Precision P, int channels_, class Steps>
struct ClusterScan {
  using Unit = MatrixUnit<P>;
  using Step = decltype(std::declval<const Steps&>().at(0));
  static constexpr int channels = channels_, threads = 256, halves = 2, shares = threads / 32 / halves;
  static constexpr int terms = 9 * channels, depth = Unit::depth, columns = channels / halves / Unit::columns;
  static constexpr int groups = (terms / depth + shares - 1) / shares;  ///< of `depth` terms, of a warp
  static constexpr int batch = 2 * Unit::rows;                          ///< pixels between two barriers
  static constexpr int in_word = static_cast<int>(std::tuple_size_v<typename Unit::A>) / 4;  ///< entries in 32 bits
  // Padded so that the lanes of a warp find their parts in different banks.
  static constexpr int pixel_size = channels / in_word + 4, sums_row = channels + 8;
  static constexpr int sums_size = shares * batch * sums_row;
  static constexpr int pieces = batch * channels / 4, pieces_of_thread = (pieces + threads - 1) / threads;
  static constexpr int reads = static_cast<int>(std::tuple_size_v<decltype(std::declval<const Step&>().reads())>);
  static constexpr int writes = static_cast<int>(std::tuple_size_v<decltype(std::declval<const Step&>().writes())>);
  static_assert(channels % depth == 0 && channels % (halves * Unit::columns) == 0);

  Steps steps;
  const float* kernel;
  Divisor width, of_block;  ///< pixels of a row, and of a block
  int height, window_rows;

  /// No block may be without pixels; with one for every 32, or eight for more than 224, none is.
  static ClusterScan make(const Steps& steps, const MinimalRnnScan& s, const float* kernel, int blocks) {
    const int w = static_cast<int>(s.frame.w), per_block = static_cast<int>(ceil_div(s.frame.h * s.frame.w, blocks));
    return {steps, kernel, Divisor(w), Divisor(per_block), static_cast<int>(s.frame.h), (per_block + w - 2) / w + 3};
  }
  VIDEOONENET_HOST_DEVICE int window_size() const { return window_rows * (width.value() + 2) * pixel_size; }
  VIDEOONENET_HOST_DEVICE int carried_size() const { return of_block.value() * channels; }
  Grid grid(Index samples, int blocks) const {
    const int words = 2 * window_size() + sums_size + reads * pieces * 4 + carried_size();
    return {.blocks = {blocks, static_cast<int>(samples), 1},
            .threads = threads,
            .shared_bytes = words * static_cast<int>(sizeof(float)),
            .cluster = blocks};
  }

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const Block<Thread> b(t, *this);
    for (int i = t.thread(); i < 2 * window_size(); i += threads) b.windows[i] = 0;  // outside of the frame it stays so
    t.sync();
    const ScanSource given = steps.source(0);
    if (given.frames) copy_window(t, b, given.frames + b.video * given.video);
    t.arrive_cluster();  // others may write to the windows

    begin_reads(t, b, steps.at(0), b.first);
    for (int begin = b.first; begin < b.end; begin += batch) VIDEOONENET_UNROLL
    for (int i = 0; i < pieces_of_thread; ++i)
      if (const Place at = b.place(t, begin, i); at.inside)
        store_pack(b.carried.at(at.offset() - b.first * channels, 4),
                   given.frames ? load_pack<4>(given.frames + b.video * given.video + at.offset()) : Four{});
    const Weights<Thread> weights(t, kernel);

    for (int i = 0; i < steps.order.count; ++i) {
      const Step step = steps.at(i);
      const bool convolved = i > 0 || given.frames, more = i + 1 < steps.order.count;
      t.wait_cluster();  // the window holds the whole frame before, and nobody reads the other one
      VIDEOONENET_ROLLED
      for (int begin = b.first; begin < b.end; begin += batch) {
        if (convolved) {
          if (begin > b.first) t.sync();  // the sums before are not read any more
          VIDEOONENET_ROLLED
          for (int m = 0; m < batch && begin + m < b.end; m += Unit::rows)
            multiply(t, weights, b, i % 2 * window_size(), begin, m);
          t.sync();
        }
        t.template wait_copies<0>();
        Place places[pieces_of_thread];
        Results results[pieces_of_thread];
        VIDEOONENET_UNROLL
        for (int p = 0; p < pieces_of_thread; ++p) {
          places[p] = b.place(t, begin, p);
          if (places[p].inside) results[p] = apply(t, b, step, places[p], p, convolved);
        }
        VIDEOONENET_UNROLL
        for (int p = 0; p < pieces_of_thread; ++p)
          if (more && places[p].inside) share(t, places[p], (i + 1) % 2 * window_size(), results[p].of[writes - 1]);
        // What the others need not see is written behind: the barrier would wait for it.
        const bool last = begin + batch >= b.end;
        if (last && more) t.arrive_cluster();
        VIDEOONENET_UNROLL
        for (int p = 0; p < pieces_of_thread; ++p) {
          if (!places[p].inside) continue;
          store_pack(b.carried.at(places[p].offset() - b.first * channels, 4), results[p].carried);
          VIDEOONENET_UNROLL
          for (int j = 0; j < writes; ++j)
            store_pack(step.writes()[static_cast<std::size_t>(j)] + b.video * steps.entries.video + places[p].offset(),
                       results[p].of[j]);
          if (float* copy = step.copy())
            store_pack(copy + steps.entries.joint_offset(b.entry(places[p])), results[p].of[1]);
        }
        if (!last || more) begin_reads(t, b, last ? steps.at(i + 1) : step, last ? b.first : begin + batch);
      }
    }
  }

 private:
  using Four = Pack<float, 4>;

  /// Four channels of a pixel.
  struct Place {
    int m, n, pixel;  ///< of the batch, the first channel, of the frame
    bool inside;
    VIDEOONENET_DEVICE int offset() const { return pixel * channels + n; }
  };

  /// What a step makes of them.
  struct Results {
    Four of[writes], carried;
  };

  /// The block's pixels and its shared memory.
  template <class Thread>
  struct Block {
    template <class T>
    using Shared = decltype(std::declval<const Thread&>().template shared<T>(0, 0));
    Shared<std::uint32_t> windows;
    Shared<float> sums, read, carried;
    int video, first, end, first_row;  ///< first_row: of the windows

    VIDEOONENET_DEVICE Block(const Thread& t, const ClusterScan& s)
        : windows(t.template shared<std::uint32_t>(0, 2 * s.window_size())),
          sums(t.template shared<float>(8 * s.window_size(), sums_size)),
          read(t.template shared<float>(8 * s.window_size() + 4 * sums_size, reads * pieces * 4)),
          carried(
              t.template shared<float>(8 * s.window_size() + 4 * sums_size + 16 * reads * pieces, s.carried_size())),
          video(t.block(1)),
          first(t.block(0) * s.of_block.value()),
          end(std::min(first + s.of_block.value(), s.height * s.width.value())),
          first_row(s.width.divide(first) - 1) {}
    /// Piece `p` of a thread, of the batch that begins at a pixel.
    VIDEOONENET_DEVICE Place place(const Thread& t, int begin, int p) const {
      constexpr int of_pixel = channels / 4;
      const int piece = t.thread() + p * threads, m = piece / of_pixel;
      return {m, piece % of_pixel * 4, begin + m, piece < pieces && begin + m < end};
    }
    VIDEOONENET_DEVICE ScanEntries::Place entry(const Place& at) const { return {video, at.pixel, at.n}; }
  };

  /// The first term of a warp's group g: shares take turns, so that for many channels all know the tap of a group.
  template <class Thread>
  VIDEOONENET_DEVICE static int term(const Thread& t, int g) {
    return (g * shares + t.warp() / halves % shares) * depth;
  }

  /// A warp's terms of the kernel, or of its transpose, whose taps are the other way round.
  template <class Thread>
  struct Weights {
    decltype(Unit::prepare(std::declval<const Thread&>(), typename Unit::B{})) of[groups][columns];

    VIDEOONENET_DEVICE Weights(const Thread& t, const float* kernel) {
      VIDEOONENET_UNROLL
      for (int g = 0; g < groups; ++g) VIDEOONENET_UNROLL
      for (int j = 0; j < columns; ++j) {
        typename Unit::B read;
        VIDEOONENET_UNROLL
        for (int p = 0; p < static_cast<int>(read.size()); ++p) {
          const int k = term(t, g) + Unit::b_term(t.lane(), p), tap = k / channels;
          const int n = (t.warp() % halves * columns + j) * Unit::columns + Unit::b_column(t.lane(), p);
          const int c = k % channels;
          const int at = Steps::transposed ? ((8 - tap) * channels + n) * channels + c : k * channels + n;
          read[static_cast<std::size_t>(p)] = k < terms ? kernel[at] : 0.0f;
        }
        of[g][j] = Unit::prepare(t, read);
      }
    }
  };

  /// Four entries as they are multiplied.
  template <class Thread>
  VIDEOONENET_DEVICE static Pack<std::uint32_t, 4 / in_word> prepared(const Thread& t, const Four& v) {
    const auto words = Unit::prepare(t, std::array{v[0], v[1], v[2], v[3]});
    Pack<std::uint32_t, 4 / in_word> piece;
    VIDEOONENET_UNROLL
    for (int i = 0; i < 4 / in_word; ++i) piece[i] = words[static_cast<std::size_t>(i)];
    return piece;
  }
  /// Where the window from a row on has channel n of a pixel.
  VIDEOONENET_DEVICE int in_window(int first_row, int row, int column, int n) const {
    return ((row - first_row) * (width.value() + 2) + column + 1) * pixel_size + n / in_word;
  }

  /// The rows of a frame that the block's pixels meet, to the first window.
  template <class Thread>
  VIDEOONENET_DEVICE void copy_window(const Thread& t, const Block<Thread>& b, const float* frame) const {
    const int w = width.value(), from = std::max(b.first_row, 0) * w;
    const int to = std::min(width.divide(b.end - 1) + 2, height) * w;
    for (int piece = t.thread() + from * (channels / 4); piece < to * (channels / 4); piece += threads) {
      const int pixel = piece / (channels / 4), row = width.divide(pixel);
      store_pack(b.windows.at(in_window(b.first_row, row, pixel - row * w, piece % (channels / 4) * 4), 4 / in_word),
                 prepared(t, load_pack<4>(frame + piece * 4)));
    }
  }

  /// Begins to copy what a step reads of a batch to shared memory, where only the thread itself looks for it.
  template <class Thread>
  VIDEOONENET_DEVICE void begin_reads(const Thread& t, const Block<Thread>& b, const Step& step, int begin) const {
    VIDEOONENET_UNROLL
    for (int p = 0; p < pieces_of_thread; ++p) {
      const Place at = b.place(t, begin, p);
      if (!at.inside) continue;
      VIDEOONENET_UNROLL
      for (int j = 0; j < reads; ++j) {
        const float* from = read_place(step, static_cast<std::size_t>(j), b.entry(at));
        if (!from) __builtin_unreachable();  // otherwise a copy asks whether it is one of zeros
        t.template copy_async<4>(b.read, read_at(t, j, p), from);
      }
    }
    t.commit_copies();
  }
  template <class Thread>
  VIDEOONENET_DEVICE static int read_at(const Thread& t, int array, int p) {
    return (array * pieces + p * threads + t.thread()) * 4;
  }

  /// A step of four channels, whose convolution is the sum of the shares' sums.
  template <class Thread>
  VIDEOONENET_DEVICE Results apply(const Thread& t, const Block<Thread>& b, const Step& step, const Place& at, int p,
                                   bool convolved) const {
    Four read[reads], sum{};
    VIDEOONENET_UNROLL
    for (int j = 0; j < reads; ++j) read[j] = load_pack<4>(b.read.at(read_at(t, j, p), 4));
    Results results;
    results.carried = load_pack<4>(b.carried.at(at.offset() - b.first * channels, 4));
    if (convolved) VIDEOONENET_UNROLL
    for (int share = 0; share < shares; ++share) {
      const Four part = load_pack<4>(b.sums.at((share * batch + at.m) * sums_row + at.n, 4));
      VIDEOONENET_UNROLL
      for (int c = 0; c < 4; ++c) sum[c] += part[c];
    }
    VIDEOONENET_UNROLL
    for (int c = 0; c < 4; ++c) {
      std::array<float, reads> values;
      VIDEOONENET_UNROLL
      for (int j = 0; j < reads; ++j) values[static_cast<std::size_t>(j)] = read[j][c];
      const auto written = step.apply(values, results.carried[c], sum[c]);
      VIDEOONENET_UNROLL
      for (int j = 0; j < writes; ++j) results.of[j][c] = written[static_cast<std::size_t>(j)];
    }
    return results;
  }

  /// Writes four entries to a window of all blocks with pixels in the rows around theirs.
  template <class Thread>
  VIDEOONENET_DEVICE void share(const Thread& t, const Place& at, int window, const Four& v) const {
    const int w = width.value(), row = width.divide(at.pixel);
    const int first = of_block.divide(std::max(row - 1, 0) * w);
    const int last = of_block.divide(std::min(row + 2, height) * w - 1);
    const auto words = prepared(t, v);
    VIDEOONENET_ROLLED
    for (int block = first; block <= last; ++block) {
      const int first_row = width.divide(block * of_block.value()) - 1;
      store_pack(t.template cluster_shared<std::uint32_t>(block, 0, 2 * window_size())
                     .at(window + in_window(first_row, row, at.pixel - row * w, at.n), 4 / in_word),
                 words);
    }
  }

  /// This warp's terms of the convolution of the sixteen pixels from number `m` of a batch on.
  template <class Thread>
  VIDEOONENET_DEVICE void multiply(const Thread& t, const Weights<Thread>& weights, const Block<Thread>& b, int window,
                                   int begin, int m) const {
    const int lane = t.lane(), share = t.warp() / halves, half = t.warp() % halves, line = width.value() + 2;
    const auto corner = [&](int of_tile) {  // of the pixel's window
      const int pixel = std::min(begin + m + of_tile, b.end - 1), row = width.divide(pixel);
      return window + ((row - 1 - b.first_row) * line + pixel - row * width.value()) * pixel_size;
    };
    const int upper = corner(Unit::a_row(lane, 0)), lower = corner(Unit::a_row(lane, 0) + 8);
    typename Unit::Parts parts[columns]{};
    VIDEOONENET_UNROLL
    for (int g = 0; g < groups; ++g) {
      const int k = term(t, g), tap = k / channels;
      if (k >= terms) break;
      const int at = (tap / 3 * line + tap % 3) * pixel_size + k % channels / in_word;
      std::array<std::uint32_t, 4> a;
      VIDEOONENET_UNROLL
      for (int p = 0; p < 4; ++p)
        a[static_cast<std::size_t>(p)] = b.windows[(Unit::a_row(0, p * in_word) == 0 ? upper : lower) + at +
                                                   Unit::a_term(lane, p * in_word) / in_word];
      VIDEOONENET_UNROLL
      for (int j = 0; j < columns; ++j) Unit::multiply_add(t, parts[j], a, weights.of[g][j]);
    }
    VIDEOONENET_UNROLL
    for (int j = 0; j < columns; ++j) VIDEOONENET_UNROLL
    for (std::size_t p = 0; p < Unit::parts; p += 2) {  // two neighbours
      const int row = share * batch + m + Unit::row(lane, static_cast<int>(p));
      const int column = (half * columns + j) * Unit::columns + Unit::column(lane, static_cast<int>(p));
      store_pack(b.sums.at(row * sums_row + column, 2), Pack<float, 2>{{parts[j][p], parts[j][p + 1]}});
    }
  }
};

/// Runs all steps in one kernel, where they are of a size that it is made for and keep half of the device busy at most:
/// the other half is the other direction's. Returns whether it did.
template <Gpu Ex, class Steps>
bool launch_cluster_scan(const Ex& ex, const MinimalRnnScan& s, Input<float> kernel, const Steps& steps) {
  // As few blocks as sum their pixels in one batch: more of the clusters find room at the same time.
  constexpr Index batch = 32;
  const auto blocks = static_cast<int>(std::min<Index>(ex.cluster_blocks(), ceil_div(s.frame.h * s.frame.w, batch)));
  if (ex.cluster_blocks() < 2 || s.frame.kernel != 3 || 2 * s.samples * blocks > ex.multiprocessors()) return false;
  const auto aligned = [](const float* p) { return convolution::is_aligned(p, 4); };
  const auto step = steps.at(0);
  if (!aligned(step.copy()) || step.entries.joint % 4 != 0) return false;
  if (!aligned(steps.source(0).frames) || !std::ranges::all_of(step.reads(), aligned) ||
      !std::ranges::all_of(step.writes(), aligned))
    return false;
  const auto launch = [&]<Precision P, int channels>() {
    const auto scan = ClusterScan<P, channels, Steps>::make(steps, s, kernel.data(), blocks);
    const Grid grid = scan.grid(s.samples, blocks);
    if (!ex.can_run(grid, scan)) return false;
    ex.launch(grid, scan);
    return true;
  };
  const auto with_channels = [&]<Precision P>() {
    if (s.frame.in == 16) return launch.template operator()<P, 16>();
    return s.frame.in == 64 && launch.template operator()<P, 64>();
  };
  if (ex.precision == Precision::tf32) return with_channels.template operator()<Precision::tf32>();
  return ex.precision == Precision::bfloat16 && with_channels.template operator()<Precision::bfloat16>();
}

}  // namespace videoonenet::cuda::detail
