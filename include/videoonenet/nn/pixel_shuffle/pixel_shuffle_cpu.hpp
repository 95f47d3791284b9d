// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the pixel shuffle: rows in parallel; factor · channels entries lie next to each other on both sides.

#include <algorithm>

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/nn/pixel_shuffle/pixel_shuffle_geometry.hpp"

namespace videoonenet::cpu {

namespace detail {

/// Calls body(fine offset, coarse offset, count) for runs that cover both arrays.
template <class Body>
void for_shuffled(const Executor& ex, const PixelShuffleGeometry& g, Body&& body) {
  const Index r = g.factor, run = r * g.channels, rows = g.frames * g.h * r;
  parallel_for(for_size(ex, rows * g.w * run), rows, [&](Index row) {
    for (Index j = 0; j < g.w; ++j) body((row * g.w + j) * run, ((row / r * g.w + j) * r + row % r) * run, run);
  });
}

}  // namespace detail

/// The pixels of a block become channels.
template <class T>
void pixel_shuffle_to_channels(const Executor& ex, const PixelShuffleGeometry& g, Input<T> fine, Output<T> coarse) {
  detail::for_shuffled(ex, g,
                       [=](Index i, Index k, Index count) { std::copy_n(fine.data() + i, count, coarse.data() + k); });
}
/// fine += the coarse entries that its entries became.
template <class T>
void pixel_shuffle_to_channels_adjoint(const Executor& ex, const PixelShuffleGeometry& g, Input<T> coarse,
                                       Output<T> fine) {
  detail::for_shuffled(ex, g, [=](Index i, Index k, Index count) {
    for (Index c = 0; c < count; ++c) fine.data()[i + c] += coarse.data()[k + c];
  });
}
/// Channels become the pixels of a block.
template <class T>
void pixel_shuffle_to_space(const Executor& ex, const PixelShuffleGeometry& g, Input<T> coarse, Output<T> fine) {
  detail::for_shuffled(ex, g,
                       [=](Index i, Index k, Index count) { std::copy_n(coarse.data() + k, count, fine.data() + i); });
}
/// coarse += the fine entries that its entries became.
template <class T>
void pixel_shuffle_to_space_adjoint(const Executor& ex, const PixelShuffleGeometry& g, Input<T> fine,
                                    Output<T> coarse) {
  detail::for_shuffled(ex, g, [=](Index i, Index k, Index count) {
    for (Index c = 0; c < count; ++c) coarse.data()[k + c] += fine.data()[i + c];
  });
}

}  // namespace videoonenet::cpu
