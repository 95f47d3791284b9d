// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Pixel shuffle by its definition.

#include "videoonenet/core/view.hpp"
#include "videoonenet/nn/pixel_shuffle/pixel_shuffle_geometry.hpp"

namespace videoonenet::reference {

namespace detail {

/// Calls body(fine offset, coarse offset) for every entry.
template <class Body>
void for_pixel_shuffle(const PixelShuffleGeometry& g, Body&& body) {
  const Index r = g.factor;
  for (Index f = 0; f < g.frames; ++f)
    for (Index i = 0; i < g.h * r; ++i)
      for (Index j = 0; j < g.w * r; ++j)
        for (Index c = 0; c < g.channels; ++c) {
          const Index fine = ((f * g.h * r + i) * g.w * r + j) * g.channels + c;
          const Index channel = (i % r * r + j % r) * g.channels + c;
          const Index coarse = ((f * g.h + i / r) * g.w + j / r) * r * r * g.channels + channel;
          body(static_cast<std::size_t>(fine), static_cast<std::size_t>(coarse));
        }
}

}  // namespace detail

/// The pixels of a block become channels.
template <class T>
void pixel_shuffle_to_channels(const PixelShuffleGeometry& g, Input<T> fine, Output<T> coarse) {
  detail::for_pixel_shuffle(g, [=](auto i, auto k) { coarse[k] = fine[i]; });
}
/// fine += the coarse entries that its entries became.
template <class T>
void pixel_shuffle_to_channels_adjoint(const PixelShuffleGeometry& g, Input<T> coarse, Output<T> fine) {
  detail::for_pixel_shuffle(g, [=](auto i, auto k) { fine[i] += coarse[k]; });
}
/// Channels become the pixels of a block.
template <class T>
void pixel_shuffle_to_space(const PixelShuffleGeometry& g, Input<T> coarse, Output<T> fine) {
  detail::for_pixel_shuffle(g, [=](auto i, auto k) { fine[i] = coarse[k]; });
}
/// coarse += the fine entries that its entries became.
template <class T>
void pixel_shuffle_to_space_adjoint(const PixelShuffleGeometry& g, Input<T> fine, Output<T> coarse) {
  detail::for_pixel_shuffle(g, [=](auto i, auto k) { coarse[k] += fine[i]; });
}

}  // namespace videoonenet::reference
