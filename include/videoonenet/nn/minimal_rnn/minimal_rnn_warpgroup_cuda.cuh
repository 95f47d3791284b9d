// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Steps of a MinimalRNN as products of warpgroups: what a step does to pairs of channels, and all steps in one kernel
/// for the large batches at which every multiprocessor has videos of its own.

#include "videoonenet/core/cuda/pack.hpp"
#include "videoonenet/nn/conv2d/conv2d_warpgroup_cuda.cuh"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_steps_cuda.cuh"

namespace videoonenet::cuda::detail {

/// Steps of pairs of channels, whose entries are all read before any is written.
template <class Step>
struct StepPairs {
  static constexpr int pairs = 4, rows = 1;
  Step step;

  bool aligned() const {
    const auto fit = [](const auto& pointers) {
      return std::ranges::all_of(pointers, [](const float* p) { return packs_fit<2>(p); });
    };
    return fit(step.reads()) && fit(step.writes()) && packs_fit<2>(step.copy()) && step.entries.joint % 2 == 0;
  }
  /// The convolution of a pixel in channels `channel` + 8 j and the next ones; pixel −1 is none.
  template <int count>
  VIDEOONENET_DEVICE void operator()(const int (&pixels)[1], int channel,
                                     const Pack<float, 2> (&sums)[1][count]) const {
    const int pixel = pixels[0];
    if (pixel < 0) return;
    const auto& convolved = sums[0];
    constexpr std::size_t reads = std::tuple_size_v<typename Step::Reads>;
    const ScanEntries::Place place = step.entries.place(pixel, channel);
    const int i = step.entries.offset(place);
    const float* before = step.carried_from(pixel, channel);
    float *after = step.carried_to(pixel, channel), *copy = step.copy();
    if (copy) copy += step.entries.joint_offset(place);
    Pack<float, 2> read[reads][count], carried[count];
    VIDEOONENET_UNROLL
    for (int j = 0; j < count; ++j) {
      VIDEOONENET_UNROLL
      for (std::size_t k = 0; k < reads; ++k) read[k][j] = load_pack<2>(read_place(step, k, place) + 8 * j);
      carried[j] = before ? load_pack<2>(before + 8 * j) : Pack<float, 2>{};
    }
    VIDEOONENET_UNROLL
    for (int j = 0; j < count; ++j) {
      Pack<float, 2> written[2];
      VIDEOONENET_UNROLL
      for (int c = 0; c < 2; ++c) {
        typename Step::Reads values;
        VIDEOONENET_UNROLL
        for (std::size_t k = 0; k < reads; ++k) values[k] = read[k][j][c];
        const auto both = step.apply(values, carried[j][c], convolved[j][c]);
        written[0][c] = both[0], written[1][c] = both[1];
      }
      store_pack(step.writes()[0] + i + 8 * j, written[0]);
      store_pack(step.writes()[1] + i + 8 * j, written[1]);
      if (after) store_pack(after + 8 * j, carried[j]);
      if (copy) store_pack(copy + 8 * j, written[1]);
    }
  }
};

/// All steps of 3 × 3 convolutions of 64 channels. A block keeps the kernel in shared memory and has two teams of two
/// warpgroups; a team takes a video, all of its frames, then the next one. Frames are convolved in tiles of `rows`
/// positions, chunks of channels at a time; while one team waits for memory the other one multiplies.
template <bool bfloat16, class Steps>
struct WarpgroupScan {
  using Step = decltype(std::declval<const Steps&>().at(0));
  using Pair = Pack<float, 2>;
  using Piece = convolution::Piece;
  using PieceOf = convolution::PieceOf<bfloat16>;
  static constexpr int channels = 64, taps = 9, rows = 128, teams = 2, team_threads = 256;
  static constexpr int threads = teams * team_threads, warps_of_group = 4;
  static constexpr int piece = PieceOf::channels, piece_bytes = 16;
  static constexpr int chunk = 16, pieces = chunk / piece, chunks = channels / chunk;  ///< channels of a chunk
  /// Columns of a piece in shared memory, and more, so that neighbouring pieces of a column lie in other banks.
  static constexpr int weight_line = channels + (pieces == 4 ? 2 : 4);
  static constexpr int all_weights = chunks * taps * pieces * channels;
  static constexpr int weight_bytes = chunks * taps * pieces * weight_line * piece_bytes;
  static constexpr int window_at_once = pieces == 4 ? 3 : 2;  ///< pieces that a thread reads before it writes them
  /// Pairs of channels whose entries are read at once: what registers have room for.
  static constexpr int pairs = std::tuple_size_v<typename Step::Reads> > 2 ? 2 : StepPairs<Step>::pairs;
  static_assert(all_weights % threads == 0);

  Steps steps;
  const float* kernel;
  bool kernel_by_fours;        ///< whether it begins where four numbers may be read at once
  convolution::Raster raster;  ///< of one frame
  int samples;
  int window;  ///< positions that a tile's products meet
  int tiles;   ///< of a frame

  VIDEOONENET_HOST_DEVICE int window_bytes() const { return pieces * window * piece_bytes; }

  static WarpgroupScan make(const Steps& steps, const MinimalRnnScan& s, const float* kernel) {
    const auto raster = convolution::Raster::make(s.frame);
    // An odd number of positions, so that the pieces of a pixel lie in different banks.
    return {steps,
            kernel,
            packs_fit<4>(kernel),
            raster,
            static_cast<int>(s.samples),
            (rows + 2 * (raster.row.value() + 1)) | 1,
            static_cast<int>(ceil_div(raster.positions(), rows))};
  }
  /// As few blocks as give no team more videos than with all of them.
  Grid grid(int multiprocessors) const {
    const Index rounds = ceil_div(samples, teams * multiprocessors);
    return {.blocks = {static_cast<int>(std::min<Index>(multiprocessors, ceil_div(samples, rounds))), 1, 1},
            .threads = threads,
            .shared_bytes = weight_bytes + 2 * teams * window_bytes()};
  }

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    if (!Thread::has_warpgroup_products()) return;
    fill_weights(t);
    t.publish_shared();
    t.sync();
    const int team = t.thread() / team_threads;
    VIDEOONENET_ROLLED
    for (int video = t.block() + team * t.blocks(); video < samples; video += teams * t.blocks()) VIDEOONENET_ROLLED
    for (int i = 0; i < steps.order.count; ++i) {
      convolve(t, team, video, i);
      t.sync_team(team, team_threads);  // the next step reads what this one has written
    }
  }

 private:
  template <class Thread>
  VIDEOONENET_DEVICE void fill_weights(const Thread& t) const {
    const auto to = t.template shared<Piece>(0, weight_bytes / piece_bytes);
    constexpr bool transposed = Steps::transposed;
    constexpr int together = all_weights / threads / 3;  // loads on their way
    static_assert(all_weights / threads % together == 0);
    VIDEOONENET_ROLLED
    for (int begin = t.thread(); begin < all_weights; begin += together * threads) {
      float v[together][piece];
      int place[together];
      VIDEOONENET_UNROLL
      for (int i = 0; i < together; ++i) {
        // Neighbouring threads take neighbours in memory.
        const int number = begin + i * threads, line = number / channels;
        const int n = transposed ? number / pieces % channels : number % channels;
        const int p = transposed ? number % pieces : line % pieces, tap = line / pieces % taps,
                  of_chunk = line / (pieces * taps), c = of_chunk * chunk + p * piece;
        const float* from = kernel + (transposed ? ((taps - 1 - tap) * channels + n) * channels + c
                                                 : (tap * channels + c) * channels + n);
        if (transposed && kernel_by_fours) {
          convolution::read_fours(from, v[i]);
        } else {
          VIDEOONENET_UNROLL
          for (int k = 0; k < piece; ++k) v[i][k] = from[transposed ? k : k * channels];
        }
        place[i] = ((of_chunk * taps + tap) * pieces + p) * weight_line + n;
      }
      VIDEOONENET_UNROLL
      for (int i = 0; i < together; ++i) to[place[i]] = PieceOf::template make<Thread>(v[i]);
    }
  }

  struct WindowPart {
    float v[window_at_once][piece];
  };
  /// Reads a thread's first pieces of item `number`, a chunk of a tile, from `begin` on, or zeros.
  VIDEOONENET_DEVICE void read_window(const float* frame, int number, int begin, WindowPart& part) const {
    const int first = number / chunks * rows - (raster.row.value() + 1), channel = number % chunks * chunk;
    VIDEOONENET_UNROLL
    for (int i = 0; i < window_at_once; ++i) {
      const int e = begin + i * team_threads;
      const auto place = e < pieces * window ? raster.place(first + e / pieces) : convolution::Raster::Place{0, -1};
      VIDEOONENET_UNROLL
      for (int k = 0; k < piece; ++k) part.v[i][k] = 0;
      if (place.pixel >= 0)
        convolution::read_fours(frame + place.pixel * channels + channel + e % pieces * piece, part.v[i]);
    }
  }
  /// Writes an item, whose first part was read, to shared memory.
  template <class Thread>
  VIDEOONENET_DEVICE void write_window(const Thread& t, const float* frame, int number, int offset,
                                       WindowPart& part) const {
    const auto to = t.template shared<Piece>(offset, pieces * window);
    VIDEOONENET_ROLLED
    for (int begin = t.thread() % team_threads;;) {
      VIDEOONENET_UNROLL
      for (int i = 0; i < window_at_once; ++i) {
        const int e = begin + i * team_threads;
        if (e < pieces * window) to[e % pieces * window + e / pieces] = PieceOf::template make<Thread>(part.v[i]);
      }
      begin += window_at_once * team_threads;
      if (begin >= pieces * window) break;
      read_window(frame, number, begin, part);
    }
  }

  /// Step i of a video.
  template <class Thread>
  VIDEOONENET_DEVICE void convolve(const Thread& t, int team, int video, int i) const {
    const ScanSource source = steps.source(i);
    const StepPairs<Step> step{steps.at(i)};
    const float* frame = source.frames + Index(video) * source.video;
    const int group = t.warp() / warps_of_group % 2, items = tiles * chunks, first = t.thread() % team_threads;
    const auto stage = [&](int number) { return weight_bytes + (2 * team + number % 2) * window_bytes(); };
    std::array<float, channels / 2> sums{};
    if (!source.frames) {  // nothing to convolve
      VIDEOONENET_ROLLED
      for (int tile = 0; tile < tiles; ++tile) hand_over(t, video, tile * rows + group * 64, step, sums);
      return;
    }
    WindowPart part;  // of the item after the next one, on its way while one is multiplied
    read_window(frame, 0, first, part);
    write_window(t, frame, 0, stage(0), part);
    read_window(frame, 1, first, part);
    VIDEOONENET_ROLLED
    for (int number = 0; number < items; ++number) {
      t.publish_shared();
      t.sync_team(team, team_threads);
      t.begin_products();
      multiply(t, stage(number) + group * 64 * piece_bytes, number % chunks, sums);
      t.commit_products();
      if (number + 1 < items) {
        write_window(t, frame, number + 1, stage(number + 1), part);
        if (number + 2 < items) read_window(frame, number + 2, first, part);
      }
      t.template wait_products<0>();
      if (number % chunks == chunks - 1) hand_over(t, video, number / chunks * rows + group * 64, step, sums);
    }
  }

  template <class Thread>
  VIDEOONENET_DEVICE void multiply(const Thread& t, int offset, int number,
                                   std::array<float, channels / 2>& sums) const {
    const CoreMatrices a{offset, window * piece_bytes, 128};
    const CoreMatrices b{number * taps * pieces * weight_line * piece_bytes, weight_line * piece_bytes, 128};
    // Without a loop: the compiler makes a group of what is in one.
    VIDEOONENET_UNROLL
    for (int tap = 0; tap < taps; ++tap) VIDEOONENET_UNROLL
    for (int p = 0; p < pieces; p += 2)
      t.template multiply_add_warpgroup<bfloat16, channels>(
          sums, a.moved((tap / 3 * raster.row.value() + tap % 3 + p * window) * piece_bytes),
          b.moved((tap * pieces + p) * weight_line * piece_bytes), number > 0 || tap + p > 0);
  }

  template <class Thread>
  VIDEOONENET_DEVICE void hand_over(const Thread& t, int video, int first_position, const StepPairs<Step>& step,
                                    const std::array<float, channels / 2>& sums) const {
    VIDEOONENET_UNROLL
    for (int half = 0; half < 2; ++half) {
      const auto place = raster.place(first_position + t.warp() % warps_of_group * 16 + half * 8 + t.lane() / 4);
      if (place.pixel < 0) continue;
      VIDEOONENET_UNROLL
      for (int first = 0; first < channels / 8; first += pairs) {
        Pair row[1][pairs];
        VIDEOONENET_UNROLL
        for (int j = 0; j < pairs; ++j) {
          const auto at = static_cast<std::size_t>((first + j) * 4 + half * 2);
          row[0][j] = {{sums[at], sums[at + 1]}};
        }
        step({video * raster.h * raster.w + place.pixel}, first * 8 + t.lane() % 4 * 2, row);
      }
    }
  }
};

/// Runs all steps in one kernel, where they are of a size that it is made for and there are videos enough. Returns
/// whether it did.
template <Gpu Ex, class Steps>
bool launch_warpgroup_scan(const Ex& ex, const MinimalRnnScan& s, Input<float> kernel, const Steps& steps) {
  const bool enough = 4 * s.samples >= ex.multiprocessors();
  if (!enough || !ex.warpgroup_products() || ex.precision == Precision::float32) return false;
  if (s.frame.kernel != 3 || s.frame.in != 64) return false;
  const auto step = steps.at(0);
  for (int i = 0; i < std::min(steps.order.count, 2); ++i)
    if (!packs_fit<4>(steps.source(i).frames)) return false;
  if (!StepPairs<std::remove_const_t<decltype(step)>>{step}.aligned()) return false;
  const auto launch = [&]<bool bfloat16>() {
    const auto scan = WarpgroupScan<bfloat16, Steps>::make(steps, s, kernel.data());
    const Grid grid = scan.grid(ex.multiprocessors());
    if (grid.shared_bytes > 227 << 10) return false;
    ex.launch(grid, scan);
    return true;
  };
  return ex.precision == Precision::bfloat16 ? launch.template operator()<true>() : launch.template operator()<false>();
}

}  // namespace videoonenet::cuda::detail
