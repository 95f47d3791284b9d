// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A network applied tile by tile, so that memory is bounded by a tile instead of the video.

#include <array>

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/models/tiled/tile_axis.hpp"

namespace videoonenet {

/// How a video is cut into tiles; by default it is not.
///
/// The halo should reach as far as the network looks: along h and w, kernel/2 for every convolution on the way and one
/// frame's worth more for every frame a recurrent layer passes. Fewer entries are a compromise, which blending hides.
struct TileOptions {
  TileExtent t{.size = 0, .halo = 2, .blend = 2};
  TileExtent h{}, w{};
};

/// Where a tile begins.
struct TileOrigin {
  Index t = 0, h = 0, w = 0;
};

/// y = net(θ, x), computed on overlapping tiles that are blended; for inference.
///
/// Math: y(p) = Σ_i w_i(p) net(θ, x_i)(p − p_i), Σ_i w_i = 1. Where the net is a convolution network that looks no
/// further than the halo, this is net(θ, x) itself. It is an approximation where a layer sees all of its input:
/// instance norm takes its statistics from each tile.
/// In an unrolled network only the nets work on tiles; the data step sees the whole video, whatever its operator is.
/// Shapes: the net keeps the extents t, h, w.  Errors: ShapeError when it does not; InputError when more than one tile
/// is asked for in training, or the overlap is larger than a tile.
/// Cost: the net's, times tile over tile without overlap for each axis. One tile is the net itself, without a copy.
template <class Net>
struct Tiled {
  using value_type = typename Net::value_type;
  using T = value_type;

  Net net;
  TileOptions tiles{};

  struct Cache {
    std::array<TileAxis, 3> axes{};
    View<T> x{}, y{};  ///< one tile
    typename Net::Cache net{};
    bool whole() const { return axes[0].count * axes[1].count * axes[2].count == 1; }
  };

  Shape output_shape(const Shape& x) const { return net.output_shape(x); }
  Index parameter_count() const { return net.parameter_count(); }
  std::vector<Parameter> parameters() const { return parameters_of(net); }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    Cache cache{
        .axes = {TileAxis::cut(x.t, tiles.t, "t"), TileAxis::cut(x.h, tiles.h, "h"), TileAxis::cut(x.w, tiles.w, "w")}};
    Shape tile = x;
    if (!cache.whole()) {
      if (memory.purpose == Purpose::training)
        throw InputError("Tiled: a network is trained on whole videos, but more than one tile was asked for");
      tile.t = cache.axes[0].size, tile.h = cache.axes[1].size, tile.w = cache.axes[2].size;
      const Shape out = net.output_shape(tile);
      if (!(Shape{.n = out.n, .t = out.t, .h = out.h, .w = out.w, .f = tile.f} == tile))
        throw ShapeError(sentence("Tiled: the network makes ", out, " of a tile of ", tile,
                                  " (N,T,H,W,F), expected the same T, H and W"));
      cache.x = memory.kept.template take<T>(tile);
      cache.y = memory.kept.template take<T>(out);
    }
    cache.net = net.make_cache(memory, tile);
    return cache;
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    if (cache.whole()) return net.forward(ex, parameters, x, y, cache.net);
    fill(ex, T(0), y.flat());
    const auto& [t, h, w] = cache.axes;
    for (Index i = 0; i < t.count; ++i)
      for (Index j = 0; j < h.count; ++j)
        for (Index k = 0; k < w.count; ++k) {
          const TileOrigin origin{.t = t.begin(i), .h = h.begin(j), .w = w.begin(k)};
          copy_tile(ex, x.shape, cache.x.shape, origin, x.flat(), cache.x.flat());
          net.forward(ex, parameters, cache.x, cache.y, cache.net);
          add_tile(ex, y.shape, cache.y.shape, cache.axes, std::array{i, j, k}, cache.y.flat(), y.flat());
        }
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters) const {
    net.adjoint(ex, parameters, cache.net, grad_y, grad_x, grad_parameters);
  }
};

}  // namespace videoonenet

#include "videoonenet/models/tiled/tiled_cpu.hpp"
