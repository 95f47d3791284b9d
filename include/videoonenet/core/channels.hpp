// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels that move consecutive channels between arrays of pixels: concatenation, split, and their adjoints.
///
/// An array of `pixels` = N·T·H·W pixels has its channels last. Concatenation copies each part to its offset; split
/// copies from it; the adjoint of either is the other, added.

#include <initializer_list>
#include <type_traits>

#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet {

/// An array of `channels` channels, which are those from `at` on of an array of more.
template <class T>
struct ChannelPart {
  std::span<T> values{};  ///< none: nobody wants it
  Index at = 0, channels = 1;
};

}  // namespace videoonenet

namespace videoonenet::cpu {

namespace detail {

/// Calls body(to, from, count) for the `count` channels of every pixel; usual counts are constants, which unroll.
template <class T, class Body>
void for_channels(const Executor& ex, Index pixels, const T* from, Index from_channels, Index count, T* to,
                  Index to_channels, Body&& body) {
  if (from_channels == count && to_channels == count) {  // one array behind the other
    for_blocks(ex, pixels * count, [&](Index b, Index e) { body(to + b, from + b, e - b); });
    return;
  }
  const auto pass = [&](auto channels) {
    parallel_ranges(for_size(ex, pixels * count), pixels, [&](Index, Index begin, Index end) {
      for (Index p = begin; p < end; ++p) body(to + p * to_channels, from + p * from_channels, channels);
    });
  };
  switch (count) {
    case 1:
      return pass(std::integral_constant<Index, 1>{});
    case 2:
      return pass(std::integral_constant<Index, 2>{});
    case 3:
      return pass(std::integral_constant<Index, 3>{});
    case 4:
      return pass(std::integral_constant<Index, 4>{});
    case 16:
      return pass(std::integral_constant<Index, 16>{});
    case 32:
      return pass(std::integral_constant<Index, 32>{});
    case 64:
      return pass(std::integral_constant<Index, 64>{});
    default:
      return pass(count);
  }
}

}  // namespace detail

/// to[p, to_offset + c] = from[p, from_offset + c] for c < count and every pixel p; other channels stay as they are.
/// `from` and `to` do not overlap.  Cost: one pass.
template <class T>
void copy_channels(const Executor& ex, Index pixels, Input<T> from, Index from_channels, Index from_offset, Index count,
                   Output<T> to, Index to_channels, Index to_offset) {
  detail::for_channels(ex, pixels, from.data() + from_offset, from_channels, count, to.data() + to_offset, to_channels,
                       [](T* __restrict out, const T* __restrict in, auto n) {
                         for (Index c = 0; c < n; ++c) out[c] = in[c];
                       });
}

/// to[p, to_offset + c] += from[p, from_offset + c] for c < count and every pixel p.
/// `from` and `to` do not overlap.  Cost: one pass.
template <class T>
void add_channels(const Executor& ex, Index pixels, Input<T> from, Index from_channels, Index from_offset, Index count,
                  Output<T> to, Index to_channels, Index to_offset) {
  detail::for_channels(ex, pixels, from.data() + from_offset, from_channels, count, to.data() + to_offset, to_channels,
                       [](T* __restrict out, const T* __restrict in, auto n) {
                         for (Index c = 0; c < n; ++c) out[c] += in[c];
                       });
}

/// Copies parts to their channels of `to`; other channels stay as they are.
/// Cost: one pass over the parts, on a device in one launch for eight of them.
template <class T>
void put_channels(const Executor& ex, Index pixels, std::initializer_list<ChannelPart<const T>> parts, Output<T> to,
                  Index to_channels) {
  for (const auto& p : parts)
    if (!p.values.empty()) copy_channels(ex, pixels, p.values, p.channels, 0, p.channels, to, to_channels, p.at);
}

/// Overwrites parts by their channels of `from`, or adds those.
/// Cost: as put_channels.
template <class T>
void take_channels(const Executor& ex, Index pixels, Input<T> from, Index from_channels,
                   std::initializer_list<ChannelPart<T>> parts, Accumulate accumulate) {
  for (const auto& p : parts)
    if (p.values.empty())
      continue;
    else if (accumulate == Accumulate::add)
      add_channels(ex, pixels, from, from_channels, p.at, p.channels, p.values, p.channels, 0);
    else
      copy_channels(ex, pixels, from, from_channels, p.at, p.channels, p.values, p.channels, 0);
}

}  // namespace videoonenet::cpu
