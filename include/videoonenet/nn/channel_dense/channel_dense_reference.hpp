// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The channel-wise dense layer by its definition.

#include "videoonenet/core/view.hpp"
#include "videoonenet/nn/channel_dense/channel_dense_geometry.hpp"

namespace videoonenet::reference {

namespace detail {

/// Calls body(offset in x, offset in the kernel, offset in y) for every product.
template <class Body>
void for_channel_dense(const ChannelDenseGeometry& g, Body&& body) {
  const auto at = [](Index i) { return static_cast<std::size_t>(i); };
  for (Index f = 0; f < g.frames; ++f)
    for (Index p = 0; p < g.positions; ++p)
      for (Index q = 0; q < g.positions; ++q)
        for (Index c = 0; c < g.channels; ++c)
          body(at((f * g.positions + p) * g.channels + c), at((p * g.positions + q) * g.channels + c),
               at((f * g.positions + q) * g.channels + c));
}

}  // namespace detail

/// y[q, c] = Σ_p K[p, q, c] x[p, c].
template <class T>
void channel_dense_forward(const ChannelDenseGeometry& g, Input<T> x, Input<T> kernel, Output<T> y) {
  for (T& v : y) v = 0;
  detail::for_channel_dense(g, [=](auto ix, auto ik, auto iy) { y[iy] += kernel[ik] * x[ix]; });
}

/// grad_x[p, c] += Σ_q K[p, q, c] grad_y[q, c].
template <class T>
void channel_dense_input_gradient(const ChannelDenseGeometry& g, Input<T> grad_y, Input<T> kernel, Output<T> grad_x) {
  detail::for_channel_dense(g, [=](auto ix, auto ik, auto iy) { grad_x[ix] += kernel[ik] * grad_y[iy]; });
}

/// grad_K[p, q, c] += Σ over frames of x[p, c] grad_y[q, c].
template <class T>
void channel_dense_kernel_gradient(const ChannelDenseGeometry& g, Input<T> x, Input<T> grad_y, Output<T> grad_kernel) {
  detail::for_channel_dense(g, [=](auto ix, auto ik, auto iy) { grad_kernel[ik] += x[ix] * grad_y[iy]; });
}

}  // namespace videoonenet::reference
