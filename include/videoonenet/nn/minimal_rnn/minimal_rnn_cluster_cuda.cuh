// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// All steps of a MinimalRNN in one kernel, the recurrent kernel in registers: for the small batches at which a launch
/// a step would be mostly waiting.

#include <bit>

#include "videoonenet/core/cuda/matrix_unit.cuh"
#include "videoonenet/nn/conv2d/conv2d_operands_cuda.cuh"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_steps_cuda.cuh"

namespace videoonenet::cuda::detail {

/// Steps of 3 × 3 convolutions of `channels`: cluster (y) takes video y, each of its blocks a run of the pixels of
/// every frame, and blocks wait for each other between frames, which go through the memory of the device.
///
/// A warp keeps its share of the kernel's terms in registers, in the form in which they are multiplied, and sums them
/// for sixteen pixels at a time; the warps' sums are added in their order.
template <Precision P, int channels_, class Steps>
struct ClusterScan {
  using Unit = MatrixUnit<P>;
  static constexpr int channels = channels_, threads = 256, warps = threads / 32;
  static constexpr int terms = 9 * channels, depth = Unit::depth, columns = channels / Unit::columns;
  static constexpr int groups = (terms / depth + warps - 1) / warps;  ///< of `depth` terms, of a warp
  static constexpr int together = 2;                                  ///< tiles between two barriers
  // Padded so that the lanes of a warp find their parts in different banks.
  static constexpr int pixel_size = channels + 4, sums_row = channels + 8;
  static constexpr int sums_size = together * warps * Unit::rows * sums_row;
  static_assert(channels % depth == 0 && channels % Unit::columns == 0);

  Steps steps;
  const float* kernel;
  Divisor width;
  int height, pixels_of_block, window_rows;

  static ClusterScan make(const Steps& steps, const MinimalRnnScan& s, const float* kernel, int blocks) {
    const int w = static_cast<int>(s.frame.w), per_block = static_cast<int>(ceil_div(s.frame.h * s.frame.w, blocks));
    return {steps, kernel, Divisor(w), static_cast<int>(s.frame.h), per_block, (per_block + w - 2) / w + 3};
  }
  VIDEOONENET_HOST_DEVICE int window_size() const { return window_rows * (width.value() + 2) * pixel_size; }
  Grid grid(Index samples, int blocks) const {
    return {.blocks = {blocks, static_cast<int>(samples), 1},
            .threads = threads,
            .shared_bytes = (window_size() + sums_size) * static_cast<int>(sizeof(float)),
            .cluster = blocks};
  }

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const auto window = t.template shared<float>(0, window_size());
    const auto sums = t.template shared<float>(window_size() * static_cast<int>(sizeof(float)), sums_size);
    const int pixels = height * width.value(), sample = t.block(1);
    const int first = t.block(0) * pixels_of_block;
    const int end = first + pixels_of_block < pixels ? first + pixels_of_block : pixels;
    const int first_row = width.divide(first) - 1;

    const Weights<Thread> weights(t, kernel);
    for (int i = t.thread(); i < window_size(); i += threads) window[i] = 0;  // what is outside of the frame stays so

    for (int i = 0; i < steps.order.count; ++i) {
      const ScanSource source = steps.source(i);
      const auto step = steps.at(i);
      if (i > 0)
        t.sync_cluster();  // the frame before is whole
      else
        t.sync();  // the window is zero
      if (source.frames && first < end) copy_window(t, source.frames + sample * source.video, window, first_row, end);
      t.commit_copies();
      t.template wait_copies<0>();
      t.sync();
      VIDEOONENET_ROLLED
      for (int begin = first; begin < end; begin += together * Unit::rows) {
        if (source.frames) {
          if (begin > first) t.sync();  // the sums before are not read any more
          VIDEOONENET_ROLLED
          for (int tile = 0; tile < together && begin + tile * Unit::rows < end; ++tile)
            multiply(t, weights, window, begin + tile * Unit::rows, end, first_row, sums,
                     tile * warps * Unit::rows * sums_row);
          t.sync();
        }
        for (int entry = t.thread(); entry < together * Unit::rows * channels; entry += threads) {
          const int m = entry / channels, n = entry % channels, pixel = begin + m;
          if (pixel >= end) continue;
          float sum = 0;
          if (source.frames) {
            const int at = (m / Unit::rows * warps * Unit::rows + m % Unit::rows) * sums_row + n;
            VIDEOONENET_UNROLL
            for (int warp = 0; warp < warps; ++warp) sum += sums[at + warp * Unit::rows * sums_row];
          }
          step(sample * pixels + pixel, n, 0, sum);
        }
      }
    }
  }

 private:
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
          const int k = (t.warp() * groups + g) * depth + Unit::b_term(t.lane(), p), tap = k / channels;
          const int n = j * Unit::columns + Unit::b_column(t.lane(), p), c = k % channels;
          const int at = Steps::transposed ? ((8 - tap) * channels + n) * channels + c : k * channels + n;
          read[static_cast<std::size_t>(p)] = k < terms ? kernel[at] : 0.0f;
        }
        of[g][j] = Unit::prepare(t, read);
      }
    }
  };

  /// The rows of a frame that the pixels up to `end` meet, the first of them in the window's first.
  template <class Thread, class Shared>
  VIDEOONENET_DEVICE void copy_window(const Thread& t, const float* frame, const Shared& window, int first_row,
                                      int end) const {
    constexpr int pieces = channels / 4;
    const int w = width.value(), rows = width.divide(end - 1) + 2 - first_row;
    for (int piece = t.thread(); piece < rows * w * pieces; piece += threads) {
      const int place = piece / pieces, c = piece % pieces * 4, row = width.divide(place), column = place - row * w;
      const int from = first_row + row;
      if (from >= 0 && from < height)
        t.template copy_async<4>(window, (row * (w + 2) + column + 1) * pixel_size + c,
                                 frame + (from * w + column) * channels + c);
    }
  }

  /// This warp's terms of the convolution of the sixteen pixels from `begin` on.
  template <class Thread, class Shared>
  VIDEOONENET_DEVICE void multiply(const Thread& t, const Weights<Thread>& weights, const Shared& window, int begin,
                                   int end, int first_row, const Shared& sums, int sums_begin) const {
    const int lane = t.lane(), warp = t.warp(), line = width.value() + 2;
    const auto corner = [&](int m) {  // of the pixel's window
      const int wanted = begin + m, pixel = wanted < end ? wanted : end - 1, row = width.divide(pixel);
      return ((row - 1 - first_row) * line + pixel - row * width.value()) * pixel_size;
    };
    const int upper = corner(Unit::a_row(lane, 0)), lower = corner(Unit::a_row(lane, 0) + 8);
    typename Unit::Parts parts[columns]{};
    VIDEOONENET_UNROLL
    for (int g = 0; g < groups; ++g) {
      const int k = (warp * groups + g) * depth, tap = k / channels;
      if (k >= terms) break;
      const int at = (tap / 3 * line + tap % 3) * pixel_size + k % channels;
      typename Unit::A read;
      VIDEOONENET_UNROLL
      for (int p = 0; p < static_cast<int>(read.size()); ++p)
        read[static_cast<std::size_t>(p)] =
            window[(Unit::a_row(0, p) == 0 ? upper : lower) + at + Unit::a_term(lane, p)];
      const auto a = Unit::prepare(t, read);
      VIDEOONENET_UNROLL
      for (int j = 0; j < columns; ++j) Unit::multiply_add(t, parts[j], a, weights.of[g][j]);
    }
    VIDEOONENET_UNROLL
    for (int j = 0; j < columns; ++j) VIDEOONENET_UNROLL
    for (int p = 0; p < Unit::parts; ++p)
      sums[sums_begin + (warp * Unit::rows + Unit::row(lane, p)) * sums_row + j * Unit::columns +
           Unit::column(lane, p)] = parts[j][static_cast<std::size_t>(p)];
  }
};

/// Runs all steps in one kernel, where they are of a size that it is made for and keep half of the device busy at most:
/// the other half is the other direction's. Returns whether it did.
template <Gpu Ex, class Steps>
bool launch_cluster_scan(const Ex& ex, const MinimalRnnScan& s, Input<float> kernel, const Steps& steps) {
  const Index pixels = s.frame.h * s.frame.w;
  const auto blocks = static_cast<int>(
      std::bit_floor(static_cast<unsigned>(std::min<Index>(ex.cluster_blocks(), ceil_div(pixels, 16)))));
  if (ex.cluster_blocks() < 2 || s.frame.kernel != 3 || 2 * s.samples * blocks > ex.multiprocessors()) return false;
  for (const ScanSource& source : {steps.source(0), steps.source(1)})
    if (!convolution::is_aligned(source.frames, 4)) return false;
  const auto launch = [&]<Precision P, int channels>() {
    const auto scan = ClusterScan<P, channels, Steps>::make(steps, s, kernel.data(), blocks);
    const Grid grid = scan.grid(s.samples, blocks);
    if (grid.shared_bytes > 227 << 10) return false;
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
