// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of resizing by a whole factor: rows in parallel, the channels of a pixel in a run.

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/nn/resize/resize_geometry.hpp"

namespace videoonenet::cpu {

namespace detail {

/// Calls body(fine offset, coarse offset) for the `offsets` × `offsets` first fine pixels of every coarse one; a coarse
/// row is one thread's.
template <class Body>
void for_resized(const Executor& ex, const ResizeGeometry& g, Index offsets, Body&& body) {
  const Index size = g.frames * g.fine_h * g.fine_w * g.channels;
  parallel_for(for_size(ex, size), g.frames * g.coarse_h, [&](Index row) {
    const Index frame = row / g.coarse_h, i = row % g.coarse_h;
    for (Index a = 0; a < offsets; ++a) {
      const Index fine = (frame * g.fine_h + i * g.factor + a) * g.fine_w;
      for (Index j = 0; j < g.coarse_w; ++j)
        for (Index b = 0; b < offsets; ++b)
          body((fine + j * g.factor + b) * g.channels, (row * g.coarse_w + j) * g.channels);
    }
  });
}

template <class T>
void copy_run(Index count, const T* from, T* to) {
  for (Index c = 0; c < count; ++c) to[c] = from[c];
}
template <class T>
void add_run(Index count, const T* from, T* to) {
  for (Index c = 0; c < count; ++c) to[c] += from[c];
}

}  // namespace detail

/// Every fine pixel is the coarse one it lies in.
template <class T>
void resize_up(const Executor& ex, const ResizeGeometry& g, Input<T> coarse, Output<T> fine) {
  detail::for_resized(ex, g, g.factor,
                      [&](Index i, Index k) { detail::copy_run(g.channels, coarse.data() + k, fine.data() + i); });
}
/// coarse += the sum of the fine pixels inside.
template <class T>
void resize_up_adjoint(const Executor& ex, const ResizeGeometry& g, Input<T> fine, Output<T> coarse) {
  detail::for_resized(ex, g, g.factor,
                      [&](Index i, Index k) { detail::add_run(g.channels, fine.data() + i, coarse.data() + k); });
}
/// Every coarse pixel is the first fine one inside.
template <class T>
void resize_down(const Executor& ex, const ResizeGeometry& g, Input<T> fine, Output<T> coarse) {
  detail::for_resized(ex, g, 1,
                      [&](Index i, Index k) { detail::copy_run(g.channels, fine.data() + i, coarse.data() + k); });
}
/// The first fine pixel inside += the coarse one.
template <class T>
void resize_down_adjoint(const Executor& ex, const ResizeGeometry& g, Input<T> coarse, Output<T> fine) {
  detail::for_resized(ex, g, 1,
                      [&](Index i, Index k) { detail::add_run(g.channels, coarse.data() + k, fine.data() + i); });
}

}  // namespace videoonenet::cpu
