// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Pixel shuffle: blocks of pixels become channels and back, a permutation.

#include "videoonenet/concepts/layer.hpp"
#include "videoonenet/nn/pixel_shuffle/pixel_shuffle_cpu.hpp"

namespace videoonenet {

/// Which way PixelShuffle goes.
enum class PixelShuffleDirection {
  to_channels,  ///< H and W shrink by the factor, channels grow by its square
  to_space,     ///< the inverse
};

/// Moves the pixels of factor × factor blocks into channels or back.
///
/// Math: to_channels: y[i, j, (a·factor + b)·F + c] = x[i·factor + a, j·factor + b, c] for a, b < factor (the order of
/// channels of TensorFlow's space_to_depth); to_space: x and y exchanged.
/// Adjoint: the other direction, added.
/// Shapes: (N, T, H, W, F) to (N, T, H/factor, W/factor, factor²·F), or the other way.
/// Errors: ShapeError where H, W or, to_space, F cannot be divided, and for a factor that is not positive.
/// Cost: one pass.  Source: SPEC §4 (INF, Table 2).
template <class T>
struct PixelShuffle {
  using value_type = T;
  struct Cache {
    Shape x{};
  };

  Index factor = 2;
  PixelShuffleDirection direction = PixelShuffleDirection::to_channels;

  Shape output_shape(const Shape& x) const {
    require_valid(x, "PixelShuffle");
    if (factor < 1) throw ShapeError(sentence("PixelShuffle: a factor of ", factor, " is not positive"));
    const Index square = factor * factor;
    if (direction == PixelShuffleDirection::to_space) {
      if (x.f % square != 0)
        throw ShapeError(sentence("PixelShuffle: the input (N,T,H,W,F) = ", x, " has ", Index(x.f),
                                  " channels, expected a multiple of factor² = ", square));
      return {.n = x.n, .t = x.t, .h = x.h * factor, .w = x.w * factor, .f = x.f / square};
    }
    if (x.h % factor != 0 || x.w % factor != 0)
      throw ShapeError(sentence("PixelShuffle: the input (N,T,H,W,F) = ", x, " has frames of ", Index(x.h), "x",
                                Index(x.w), " pixels, expected multiples of factor = ", factor));
    return {.n = x.n, .t = x.t, .h = x.h / factor, .w = x.w / factor, .f = x.f * square};
  }
  Index parameter_count() const { return 0; }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>&, const Shape& x) const {
    output_shape(x);
    return {x};
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T>, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "PixelShuffle::forward", "y");
    cache.x = x.shape;
    if (direction == PixelShuffleDirection::to_channels)
      pixel_shuffle_to_channels(ex, geometry(x.shape), x.flat(), y.flat());
    else
      pixel_shuffle_to_space(ex, geometry(x.shape), x.flat(), y.flat());
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T>, const Cache& cache, View<const T> grad_y, View<T> grad_x, std::span<T>) const {
    require_shape(grad_y.shape, output_shape(cache.x), "PixelShuffle::adjoint", "grad_y");
    require_shape(grad_x.shape, cache.x, "PixelShuffle::adjoint", "grad_x");
    if (direction == PixelShuffleDirection::to_channels)
      pixel_shuffle_to_channels_adjoint(ex, geometry(cache.x), grad_y.flat(), grad_x.flat());
    else
      pixel_shuffle_to_space_adjoint(ex, geometry(cache.x), grad_y.flat(), grad_x.flat());
  }

 private:
  PixelShuffleGeometry geometry(const Shape& x) const {
    const Shape y = output_shape(x);
    const bool to_channels = direction == PixelShuffleDirection::to_channels;
    const Shape &coarse = to_channels ? y : x, &fine = to_channels ? x : y;
    return {.frames = x.n * x.t, .h = coarse.h, .w = coarse.w, .channels = fine.f, .factor = factor};
  }
};

}  // namespace videoonenet
