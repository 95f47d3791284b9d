// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// channels.hpp on a GPU.

#include "videoonenet/core/channels.hpp"
#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/cuda/for_each.cuh"

namespace videoonenet::cuda {

namespace detail {

/// to[p, to_offset + c] = from[p, from_offset + c], or += it, for c < count and every pixel p.
template <Gpu Ex, class T>
void move_channels(const Ex& ex, Index pixels, const T* from, Index from_channels, Index count, T* to,
                   Index to_channels, bool add) {
  const Divisor channels(as_int(count, "copy_channels"));
  for_each(ex, as_int(pixels * count, "copy_channels"), [=] VIDEOONENET_DEVICE(Index i) {
    const int p = channels.divide(static_cast<int>(i)), c = static_cast<int>(i) - p * channels.value();
    T& at = to[p * to_channels + c];
    at = add ? at + from[p * from_channels + c] : from[p * from_channels + c];
  });
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
