// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Resizing by a whole factor, by its definition.

#include "videoonenet/core/view.hpp"
#include "videoonenet/nn/resize/resize_geometry.hpp"

namespace videoonenet::reference {

namespace detail {

/// Calls body(fine offset, coarse offset) for the `offsets` × `offsets` first fine pixels of every coarse one.
template <class Body>
void for_resize(const ResizeGeometry& g, Index offsets, Body&& body) {
  for (Index f = 0; f < g.frames; ++f)
    for (Index i = 0; i < g.coarse_h; ++i)
      for (Index j = 0; j < g.coarse_w; ++j)
        for (Index a = 0; a < offsets; ++a)
          for (Index b = 0; b < offsets; ++b)
            for (Index c = 0; c < g.channels; ++c)
              body(static_cast<std::size_t>(
                       ((f * g.fine_h + i * g.factor + a) * g.fine_w + j * g.factor + b) * g.channels + c),
                   static_cast<std::size_t>(((f * g.coarse_h + i) * g.coarse_w + j) * g.channels + c));
}

}  // namespace detail

/// Every fine pixel is the coarse one it lies in.
template <class T>
void resize_up(const ResizeGeometry& g, Input<T> coarse, Output<T> fine) {
  detail::for_resize(g, g.factor, [=](auto i, auto k) { fine[i] = coarse[k]; });
}
/// coarse += the sum of the fine pixels inside.
template <class T>
void resize_up_adjoint(const ResizeGeometry& g, Input<T> fine, Output<T> coarse) {
  detail::for_resize(g, g.factor, [=](auto i, auto k) { coarse[k] += fine[i]; });
}
/// Every coarse pixel is the first fine one inside.
template <class T>
void resize_down(const ResizeGeometry& g, Input<T> fine, Output<T> coarse) {
  detail::for_resize(g, 1, [=](auto i, auto k) { coarse[k] = fine[i]; });
}
/// The first fine pixel inside += the coarse one.
template <class T>
void resize_down_adjoint(const ResizeGeometry& g, Input<T> coarse, Output<T> fine) {
  detail::for_resize(g, 1, [=](auto i, auto k) { fine[i] += coarse[k]; });
}

}  // namespace videoonenet::reference
