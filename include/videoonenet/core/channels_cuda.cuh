// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// channels.hpp on a GPU.

#include <array>

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

/// Moves entry i of a pixel's parts, one part behind the other.
template <class T>
struct MoveParts {
  struct Part {
    T* values;
    int at, channels;
  };
  static constexpr int most = 8;
  const T* from;  ///< the array of more channels to take from, or else
  T* to;          ///< to put to
  int joint;      ///< its channels
  bool add;
  std::array<Part, most> parts{};
  int count = 0;
  Divisor channels{};  ///< of all parts

  VIDEOONENET_DEVICE void operator()(Index i) const {
    const int pixel = channels.divide(static_cast<int>(i));
    int c = static_cast<int>(i) - pixel * channels.value();
    VIDEOONENET_UNROLL
    for (int k = 0; k < most; ++k) {
      if (k >= count) return;
      const Part& part = parts[static_cast<std::size_t>(k)];
      if (c >= part.channels) {
        c -= part.channels;
        continue;
      }
      T& own = part.values[pixel * part.channels + c];
      const int at = pixel * joint + part.at + c;
      if (from)
        own = add ? own + from[at] : from[at];
      else
        to[at] = own;
      return;
    }
  }
};

template <class T, Gpu Ex, class Parts>
void move_parts(const Ex& ex, Index pixels, const Parts& parts, const T* from, T* to, Index joint, bool add) {
  as_int(pixels * joint, "put_channels");
  MoveParts<T> move{.from = from, .to = to, .joint = static_cast<int>(joint), .add = add};
  Index channels = 0;
  const auto launch = [&] {
    move.channels = Divisor(static_cast<int>(channels));
    if (channels > 0) for_each(ex, pixels * channels, move);
    move.count = 0, channels = 0;
  };
  for (const auto& p : parts) {
    if (p.values.empty()) continue;
    if (move.count == MoveParts<T>::most) launch();
    move.parts[static_cast<std::size_t>(move.count++)] = {const_cast<T*>(p.values.data()), static_cast<int>(p.at),
                                                          static_cast<int>(p.channels)};
    channels += p.channels;
  }
  launch();
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

/// Copies parts to their channels of `to`; other channels stay as they are.
template <Gpu Ex, class T>
void put_channels(const Ex& ex, Index pixels, std::initializer_list<ChannelPart<const T>> parts, Output<T> to,
                  Index to_channels) {
  detail::move_parts<T>(ex, pixels, parts, nullptr, to.data(), to_channels, false);
}

/// Overwrites parts by their channels of `from`, or adds those.
template <class T, Gpu Ex>
void take_channels(const Ex& ex, Index pixels, Input<T> from, Index from_channels,
                   std::initializer_list<ChannelPart<T>> parts, Accumulate accumulate) {
  detail::move_parts<T>(ex, pixels, parts, from.data(), nullptr, from_channels, accumulate == Accumulate::add);
}

}  // namespace videoonenet::cuda
