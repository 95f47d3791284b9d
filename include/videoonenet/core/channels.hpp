// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels that move consecutive channels between arrays of pixels: concatenation, split, and their adjoints.
///
/// An array of `pixels` = N·T·H·W pixels has its channels last. Concatenation copies each part to its offset; split
/// copies from it; the adjoint of either is the other, added.

#include <type_traits>

#include "videoonenet/core/vector_ops.hpp"

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

}  // namespace videoonenet::cpu
