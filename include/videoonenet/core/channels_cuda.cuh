// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// channels.hpp on a GPU.

#include "videoonenet/core/channels.hpp"
#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/cuda/for_each.cuh"
#include "videoonenet/core/cuda/pack.hpp"

namespace videoonenet::cuda {

namespace detail {

/// to[p, c] = from[p, c], or += it, of `width` channels c that begin at a multiple of it.
template <class T, int width>
struct MoveChannels {
  Divisor packs;  ///< of a pixel
  const T* from;
  T* to;
  Index from_channels, to_channels;
  bool add;

  VIDEOONENET_DEVICE void operator()(Index i) const {
    const int p = packs.divide(static_cast<int>(i)), c = (static_cast<int>(i) - p * packs.value()) * width;
    T* at = to + p * to_channels + c;
    Pack<T, width> moved = load_pack<width>(from + p * from_channels + c);
    if (add) {
      const Pack<T, width> old = load_pack<width>(at);
      VIDEOONENET_UNROLL
      for (int k = 0; k < width; ++k) moved[k] = old[k] + moved[k];
    }
    store_pack(at, moved);
  }
};

/// to[p, c] = from[p, c], or += it, for c < count and every pixel p.
template <Gpu Ex, class T>
void move_channels(const Ex& ex, Index pixels, const T* from, Index from_channels, Index count, T* to,
                   Index to_channels, bool add) {
  const auto move = [&]<int width>(std::integral_constant<int, width>) {
    const Divisor packs(as_int(count / width, "copy_channels"));
    for_each(ex, as_int(pixels * (count / width), "copy_channels"),
             MoveChannels<T, width>{packs, from, to, from_channels, to_channels, add});
  };
  if (from_channels % 4 == 0 && count % 4 == 0 && to_channels % 4 == 0 && packs_fit<4>(from, to))
    move(std::integral_constant<int, 4>());
  else
    move(std::integral_constant<int, 1>());
}

}  // namespace detail

/// to[p, to_offset + c] = from[p, from_offset + c] for c < count and every pixel p; other channels stay as they are.
template <Gpu Ex, class T>
void copy_channels(const Ex& ex, Index pixels, Input<T> from, Index from_channels, Index from_offset, Index count,
                   Output<T> to, Index to_channels, Index to_offset) {
  detail::move_channels(ex, pixels, from.data() + from_offset, from_channels, count, to.data() + to_offset, to_channels,
                        false);
}

/// to[p, to_offset + c] += from[p, from_offset + c] for c < count and every pixel p.
template <Gpu Ex, class T>
void add_channels(const Ex& ex, Index pixels, Input<T> from, Index from_channels, Index from_offset, Index count,
                  Output<T> to, Index to_channels, Index to_offset) {
  detail::move_channels(ex, pixels, from.data() + from_offset, from_channels, count, to.data() + to_offset, to_channels,
                        true);
}

}  // namespace videoonenet::cuda
