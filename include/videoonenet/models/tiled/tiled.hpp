// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A network applied tile by tile, so that memory is bounded by a tile instead of the video.

#include <array>
#include <functional>

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

  /// The tiles of a video along t, h and w.  Errors: InputError as TileAxis::cut.
  std::array<TileAxis, 3> axes(const Shape& video) const {
    return {TileAxis::cut(video.t, t, "t"), TileAxis::cut(video.h, h, "h"), TileAxis::cut(video.w, w, "w")};
  }
  /// How many tiles a video has.
  Index count(const Shape& video) const {
    const auto cut = axes(video);
    return cut[0].count * cut[1].count * cut[2].count;
  }
  bool operator==(const TileOptions&) const = default;
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
/// In a stream every tile carries recurrent states of its own.
/// Shapes: the net keeps the extents t, h, w.  Errors: ShapeError when it does not; InputError when more than one tile
/// is asked for in training, more than one along t in a stream, or the overlap is larger than a tile.
/// Cost: the net's, times tile over tile without overlap for each axis. One tile is the net itself, without a copy.
template <class Net>
struct Tiled {
  using value_type = typename Net::value_type;
  using T = value_type;

  Net net;
  TileOptions tiles{};
  std::function<void()> on_tile{};  ///< called after every tile of a forward: progress

  struct Cache {
    std::array<TileAxis, 3> axes{};
    View<T> x{}, y{};                         ///< one tile
    std::vector<typename Net::Cache> nets{};  ///< of every tile in a stream, otherwise one for all
    bool whole() const { return axes[0].count * axes[1].count * axes[2].count == 1; }
  };

  Shape output_shape(const Shape& x) const { return net.output_shape(x); }
  Index parameter_count() const { return net.parameter_count(); }
  std::vector<Parameter> parameters() const { return parameters_of(net); }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    Cache cache{.axes = tiles.axes(x)};
    const auto& [t, h, w] = cache.axes;
    const typename Arena<Ex>::Scope scope(memory.scratch);
    Shape tile = x;
    if (!cache.whole()) {
      if (memory.purpose == Purpose::training)
        throw InputError("Tiled: a network is trained on whole videos, but more than one tile was asked for");
      if (memory.hop > 0 && t.count > 1)
        throw InputError("Tiled: in a stream the tiles are cut along h and w only, but along t they were asked for");
      tile.t = t.size, tile.h = h.size, tile.w = w.size;
      const Shape out = net.output_shape(tile);
      if (!(Shape{.n = out.n, .t = out.t, .h = out.h, .w = out.w, .f = tile.f} == tile))
        throw ShapeError(sentence("Tiled: the network makes ", out, " of a tile of ", tile,
                                  " (N,T,H,W,F), expected the same T, H and W"));
      cache.x = memory.scratch.template take<T>(tile);
      cache.y = memory.scratch.template take<T>(out);
    }
    cache.nets = make_caches(memory, memory.hop > 0 ? t.count * h.count * w.count : 1,
                             [&] { return net.make_cache(memory, tile); });
    return cache;
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    const auto done = [&] {
      if (on_tile) on_tile();
    };
    if (cache.whole()) {
      net.forward(ex, parameters, x, y, cache.nets.front());
      return done();
    }
    fill(ex, T(0), y.flat());
    const auto& [t, h, w] = cache.axes;
    std::size_t number = 0;
    for (Index i = 0; i < t.count; ++i)
      for (Index j = 0; j < h.count; ++j)
        for (Index k = 0; k < w.count; ++k) {
          const TileOrigin origin{.t = t.begin(i), .h = h.begin(j), .w = w.begin(k)};
          copy_tile(ex, x.shape, cache.x.shape, origin, x.flat(), cache.x.flat());
          net.forward(ex, parameters, cache.x, cache.y, cache.nets[number++ % cache.nets.size()]);
          add_tile(ex, y.shape, cache.y.shape, cache.axes, std::array{i, j, k}, cache.y.flat(), y.flat());
          done();
        }
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters) const {
    net.adjoint(ex, parameters, cache.nets.front(), grad_y, grad_x, grad_parameters);
  }
};

}  // namespace videoonenet

#include "videoonenet/models/tiled/tiled_cpu.hpp"
