// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// channels.hpp on a GPU.

#include "videoonenet/core/channels.hpp"
#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/cuda/for_each.cuh"

namespace videoonenet::cuda {

/// to[p, to_offset + c] = from[p, from_offset + c] for c < count and every pixel p; other channels stay as they are.
template <Gpu Ex, class T>
void copy_channels(const Ex& ex, Index pixels, Input<T> from, Index from_channels, Index from_offset, Index count,
                   Output<T> to, Index to_channels, Index to_offset) {
  const T* in = from.data() + from_offset;
  T* out = to.data() + to_offset;
  const Divisor channels(as_int(count, "copy_channels"));
  for_each(ex, as_int(pixels * count, "copy_channels"), [=] VIDEOONENET_DEVICE(Index i) {
    const int p = channels.divide(static_cast<int>(i)), c = static_cast<int>(i) - p * channels.value();
    out[p * to_channels + c] = in[p * from_channels + c];
  });
}

/// to[p, to_offset + c] += from[p, from_offset + c] for c < count and every pixel p.
template <Gpu Ex, class T>
void add_channels(const Ex& ex, Index pixels, Input<T> from, Index from_channels, Index from_offset, Index count,
                  Output<T> to, Index to_channels, Index to_offset) {
  const T* in = from.data() + from_offset;
  T* out = to.data() + to_offset;
  const Divisor channels(as_int(count, "add_channels"));
  for_each(ex, as_int(pixels * count, "add_channels"), [=] VIDEOONENET_DEVICE(Index i) {
    const int p = channels.divide(static_cast<int>(i)), c = static_cast<int>(i) - p * channels.value();
    out[p * to_channels + c] += in[p * from_channels + c];
  });
}

}  // namespace videoonenet::cuda
