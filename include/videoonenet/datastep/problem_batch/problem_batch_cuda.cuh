// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The data steps of a ProblemBatch on a GPU: two launches for all videos, whatever their operators.

#include "videoonenet/core/cuda/for_each.cuh"
#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/datastep/problem_batch/factor_layout.hpp"

namespace videoonenet::cuda {

namespace detail {

/// Block (i, n): G_i of the inner products of row i of video n's basis with all steps and channels, summed in V.
template <class V, class T>
struct FactorAnalysis {
  static constexpr int threads = 128;
  const FactorLayout* layouts;
  Index most_values, video_size;
  const V* values;
  const T* b;
  V* coefficients;  ///< (i, step, channel) of every video
  int room;         ///< steps · channels that shared memory has room for

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const int i = t.block(0), n = t.block(1);
    const FactorLayout g = layouts[n];
    if (g.diagonal || i >= g.rank) return;
    const V* gains = values + n * most_values + g.gains_begin();
    const V* row = values + n * most_values + g.basis_begin() + i * g.size;
    const T* from = b + n * video_size;
    V* to = coefficients + n * video_size + i * g.steps * g.channels;
    const int columns = static_cast<int>(g.steps * g.channels), channels = static_cast<int>(g.channels);
    const int size = static_cast<int>(g.size), steps = static_cast<int>(g.steps);
    const auto shared = t.template shared<V>(0, room);
    const auto keep = [&](int j, V product) {
      if (g.mixes_steps)
        shared[j] = product;
      else
        to[j] = gains[i] * product;
    };
    if (size < 32) {  // a product a thread
      for (int j = t.thread(); j < columns; j += t.threads()) {
        V sum = 0;
        for (int p = 0; p < size; ++p) sum += row[p] * from[(j / channels * size + p) * channels + j % channels];
        keep(j, sum);
      }
    } else {  // a product a warp
      for (int j = t.warp(); j < columns; j += t.threads() / 32) {
        V sum = 0;
        for (int p = t.lane(); p < size; p += 32)
          sum += row[p] * from[(j / channels * size + p) * channels + j % channels];
        for (int distance = 16; distance > 0; distance /= 2) sum += t.shuffle_xor(sum, distance);
        if (t.lane() == 0) keep(j, sum);
      }
    }
    if (!g.mixes_steps) return;
    t.sync();
    for (int j = t.thread(); j < columns; j += t.threads()) {
      V sum = 0;
      for (int s = 0; s < steps; ++s)
        sum += gains[(i * steps + j / channels) * steps + s] * shared[s * channels + j % channels];
      to[j] = sum;
    }
  }
};

/// Block (part of a video, n): z from the coefficients, summed in V.
template <class V, class T>
struct FactorSynthesis {
  static constexpr int threads = 128;
  const FactorLayout* layouts;
  Index most_values, video_size;
  const V* values;
  const T* b;
  const V* coefficients;
  T* z;

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const int n = t.block(1), entry = t.block(0) * threads + t.thread();
    if (entry >= video_size) return;
    const FactorLayout g = layouts[n];
    const V* complement = values + n * most_values;
    const T* from = b + n * video_size;
    V sum = 0;
    if (g.diagonal) {
      sum = complement[entry] * from[entry];
    } else {
      const int channels = static_cast<int>(g.channels), size = static_cast<int>(g.size);
      const int steps = static_cast<int>(g.steps), rank = static_cast<int>(g.rank), frame = size * channels;
      const int step = entry / frame, at = entry - step * frame, p = at / channels, f = at - p * channels;
      if (g.mixes_steps)
        for (int s = 0; s < steps; ++s) sum += complement[step * steps + s] * from[s * frame + at];
      else
        sum = complement[step] * from[entry];
      const V* basis = complement + g.basis_begin();
      const V* own = coefficients + n * video_size + step * channels + f;
      for (int i = 0; i < rank; ++i) sum += basis[i * size + p] * own[i * steps * channels];
    }
    z[n * video_size + entry] = static_cast<T>(sum);
  }
};

}  // namespace detail

/// z = (AᵀA + ρI)⁻¹ b for every video, summed in the type V of the factors; `coefficients` has as many entries as b and
/// is overwritten.
template <Gpu Ex, class V, class T>
void solve_factored(const Ex& ex, const Shape& video, std::span<const FactorLayout> layouts, const FactorBounds& bounds,
                    Input<V> values, Input<T> b, Output<V> coefficients, Output<T> z) {
  const Index size = video.sample_size();
  const int videos = as_int(video.n, "ProblemBatch");
  const int most_rank = as_int(bounds.rank, "ProblemBatch");
  using Analysis = detail::FactorAnalysis<V, T>;
  using Synthesis = detail::FactorSynthesis<V, T>;
  const int room = as_int(video.t * video.f, "ProblemBatch");  // those that mix steps are about frames
  ex.launch({.blocks = {most_rank, videos, 1},
             .threads = Analysis::threads,
             .shared_bytes = room * static_cast<int>(sizeof(V))},
            Analysis{layouts.data(), bounds.values, size, values.data(), b.data(), coefficients.data(), room});
  ex.launch(
      {.blocks = {static_cast<int>(ceil_div(size, Synthesis::threads)), videos, 1}, .threads = Synthesis::threads},
      Synthesis{layouts.data(), bounds.values, size, values.data(), b.data(), coefficients.data(), z.data()});
}

}  // namespace videoonenet::cuda
