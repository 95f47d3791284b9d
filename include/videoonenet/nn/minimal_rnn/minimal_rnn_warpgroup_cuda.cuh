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
  static constexpr int channels = 64, chunk = 16, chunks = channels / chunk;
  using Tile = convolution::WarpgroupTile<bfloat16, 3, channels, chunk / convolution::PieceOf<bfloat16>::channels,
                                          Steps::transposed>;
  static constexpr int teams = 2, team_threads = Tile::team_threads, threads = teams * team_threads;
  static constexpr int weights_bytes = chunks * Tile::weight_bytes;

  Steps steps;
  Tile tile;  ///< of one frame
  convolution::FrameMap map;
  int samples, tiles;  ///< tiles of a frame

  static WarpgroupScan make(const Steps& steps, const MinimalRnnScan& s, const float* kernel) {
    const auto tile = Tile::make(s.frame, kernel);
    return {steps, tile, convolution::FrameMap::contiguous(1, s.size()), static_cast<int>(s.samples),
            static_cast<int>(ceil_div(tile.raster.positions(), Tile::rows))};
  }
  /// As few blocks as give no team more videos than with all of them.
  Grid grid(int multiprocessors) const {
    const Index rounds = ceil_div(samples, teams * multiprocessors);
    return {.blocks = {static_cast<int>(std::min<Index>(multiprocessors, ceil_div(samples, rounds))), 1, 1},
            .threads = threads,
            .shared_bytes = weights_bytes + 2 * teams * tile.window_bytes()};
  }

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    if (!Thread::has_warpgroup_products()) return;
    VIDEOONENET_ROLLED
    for (int number = 0; number < chunks; ++number)
      tile.template fill_weights<(Tile::weight_pieces + threads - 1) / threads>(t, number * Tile::weight_bytes, 0,
                                                                                number, threads);
    t.publish_shared();
    t.sync();
    const int team = t.shuffle(t.thread() / team_threads, 0);  // which is the same in a warp
    VIDEOONENET_ROLLED
    for (int video = t.block() + team * t.blocks(); video < samples; video += teams * t.blocks()) VIDEOONENET_ROLLED
    for (int i = 0; i < steps.order.count; ++i) {
      convolve(t, team, video, i);
      t.sync_team(team, team_threads);  // the next step reads what this one has written
    }
  }

 private:
  /// Step i of a video.
  template <class Thread>
  VIDEOONENET_DEVICE void convolve(const Thread& t, int team, int video, int i) const {
    const ScanSource source = steps.source(i);
    const StepPairs<Step> step{steps.at(i)};
    const float* frame = source.frames + Index(video) * source.video;
    const int own = t.thread() % team_threads, group = own / 128, items = tiles * chunks;
    const auto stage = [&](int number) { return weights_bytes + (2 * team + number % 2) * tile.window_bytes(); };
    const auto read = [&](int number, typename Tile::WindowPart& part) {
      tile.read_window(frame, map, number / chunks, number % chunks, own, part);
    };
    const auto fill = [&](int number, typename Tile::WindowPart& part) {
      tile.fill_window(t, stage(number), frame, map, number / chunks, number % chunks, own, part);
    };
    const auto hand_over = [&](int number, const typename Tile::Sums& sums) {
      const int pixel = video * tile.raster.h * tile.raster.w;
      convolution::hand_over_sums<StepPairs<Step>::pairs, channels>(t, tile.raster, number * Tile::rows + group * 64,
                                                                    pixel, 0, sums, step);
    };
    typename Tile::Sums sums{};
    if (!source.frames) {  // nothing to convolve
      VIDEOONENET_ROLLED
      for (int number = 0; number < tiles; ++number) hand_over(number, sums);
      return;
    }
    typename Tile::WindowPart part;  // of the item after the next one, on its way while one is multiplied
    read(0, part);
    fill(0, part);
    read(1, part);
    VIDEOONENET_ROLLED
    for (int number = 0; number < items; ++number) {
      t.publish_shared();
      t.sync_team(team, team_threads);
      t.begin_products();
      tile.multiply(t, stage(number) + group * 64 * Tile::piece_bytes, number % chunks * Tile::weight_bytes,
                    number % chunks > 0, sums);
      t.commit_products();
      // All threads have waited for their products before the barrier: nobody reads what is overwritten.
      if (number + 1 < items) fill(number + 1, part);
      if (number + 2 < items) read(number + 2, part);
      t.template wait_products<0>();
      if (number % chunks == chunks - 1) hand_over(number / chunks, sums);
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
