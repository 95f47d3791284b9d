// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Some of the channels: what a branch of a Concatenate takes of an input that holds several things.

#include "videoonenet/concepts/layer.hpp"
#include "videoonenet/core/channels.hpp"

namespace videoonenet {

/// Hands on `count` channels from `begin`, so that a branch sees its own part of a packed input.
///
/// Math: y[p, c] = x[p, begin + c] for c < count and every pixel p.
/// Adjoint: grad_x[p, begin + c] += grad_y[p, c]; the other channels get nothing.
/// Shapes: (N, T, H, W, F) to (N, T, H, W, count).  Errors: ShapeError for a slice that is empty or not inside the
/// input's channels.  Cost: one copy.
template <class T>
struct ChannelSlice {
  using value_type = T;
  struct Cache {
    Shape x{};
  };

  Index begin = 0;
  Index count = 1;

  Shape output_shape(const Shape& x) const {
    if (begin < 0 || count < 1 || begin > x.f - count)
      throw ShapeError(sentence("ChannelSlice: ", count, " channels from channel ", begin,
                                " were asked for of the input (N,T,H,W,F) = ", x, ", which has ", Index(x.f)));
    return {.n = x.n, .t = x.t, .h = x.h, .w = x.w, .f = count};
  }
  Index parameter_count() const { return 0; }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>&, const Shape& x) const {
    output_shape(x);
    return {x};
  }
  template <Executor Ex>
  void forward(const Ex& ex, Input<T>, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "ChannelSlice::forward", "y");
    cache.x = x.shape;
    copy_channels(ex, y.size() / count, x.flat(), x.shape.f, begin, count, y.flat(), count, 0);
  }
  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T>, const Cache& cache, View<const T> grad_y, View<T> grad_x, std::span<T>) const {
    require_shape(grad_y.shape, output_shape(cache.x), "ChannelSlice::adjoint", "grad_y");
    require_shape(grad_x.shape, cache.x, "ChannelSlice::adjoint", "grad_x");
    add_channels(ex, grad_y.size() / count, grad_y.flat(), count, 0, count, grad_x.flat(), cache.x.f, begin);
  }
};

}  // namespace videoonenet
