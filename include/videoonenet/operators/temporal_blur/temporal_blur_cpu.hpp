// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the temporal blur.

#include "videoonenet/operators/loops_cpu.hpp"

namespace videoonenet::cpu {

namespace detail {

/// Entries of a frame a thread takes at a time: a few tiles fit the second cache, each is long enough to prefetch.
inline constexpr Index time_tile = 8192;

/// Σ_k taps[k] frame(k) for the taps k in [first, last), on one tile of `count` entries.
template <class T, class Frame>
void sum_of_frames(const T* taps, Index first, Index last, Index count, Frame&& frame, T* out) {
  std::fill_n(out, count, T(0));
  for (Index k = first; k < last; ++k) {
    const T tap = taps[k];
    const T* in = frame(k);
    for (Index i = 0; i < count; ++i) out[i] += tap * in[i];
  }
}

}  // namespace detail

/// y_s = Σ_k taps[k] x_{s−k}: full convolution over the t frames of x.
template <class T>
void temporal_blur_apply(const Executor& ex, Index t, Index frame_size, Input<T> taps, Input<T> x, Output<T> y) {
  const T *px = x.data(), *pk = taps.data();
  T* py = y.data();
  const Index k = std::ssize(taps), tiles = (frame_size + detail::time_tile - 1) / detail::time_tile;
  detail::for_rows(ex, tiles, t * detail::time_tile, [=](Index tile) {
    const Index begin = tile * detail::time_tile, count = std::min(detail::time_tile, frame_size - begin);
    for (Index s = 0; s < t + k - 1; ++s)
      detail::sum_of_frames(
          pk, std::max<Index>(0, s - t + 1), std::min(k, s + 1), count,
          [=](Index j) { return px + (s - j) * frame_size + begin; }, py + s * frame_size + begin);
  });
}

/// x_s = Σ_k taps[k] y_{s+k}.
template <class T>
void temporal_blur_adjoint(const Executor& ex, Index t, Index frame_size, Input<T> taps, Input<T> y, Output<T> x) {
  const T *py = y.data(), *pk = taps.data();
  T* px = x.data();
  const Index k = std::ssize(taps), tiles = (frame_size + detail::time_tile - 1) / detail::time_tile;
  detail::for_rows(ex, tiles, t * detail::time_tile, [=](Index tile) {
    const Index begin = tile * detail::time_tile, count = std::min(detail::time_tile, frame_size - begin);
    for (Index s = 0; s < t; ++s)
      detail::sum_of_frames(
          pk, Index(0), k, count, [=](Index j) { return py + (s + j) * frame_size + begin; },
          px + s * frame_size + begin);
  });
}

}  // namespace videoonenet::cpu
