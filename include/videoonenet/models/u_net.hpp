// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The U-Net with which INV inverts a measurement: frames to coarser and coarser ones and back, with a way across at
/// every level.

#include <algorithm>

#include "videoonenet/autodiff/either/either.hpp"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/core/channels.hpp"
#include "videoonenet/nn/activation/activation.hpp"
#include "videoonenet/nn/batch_norm/batch_norm.hpp"
#include "videoonenet/nn/conv2d/conv2d.hpp"
#include "videoonenet/nn/conv_transpose2d/conv_transpose2d.hpp"

namespace videoonenet {

/// Sizes of the U-Net; the defaults are the paper's.
struct UNetOptions {
  Index in = 3, out = 3;  ///< channels
  Index levels = 8;       ///< each halves the frames: 8 of them make one pixel of 256 × 256
  Index filters = 64;     ///< of level 0; every level has twice as many as the one above, at most eight times these

  /// Channels of a level, from 0.
  Index filters_of(Index level) const { return filters << std::min<Index>(level, 3); }
};

/// Convolutions down the levels and transposed ones up again, each of which also sees what its own level had on the way
/// down.
///
/// Math: with d = down.i(x) and e what the levels below i make of d, level i makes up.i([e, d]) of x, and the last
/// level up.i(d). down.i is a 4×4 convolution with stride 2, batch norm but for i = 0, and leaky ReLU of slope 0.2;
/// up.i its mirror image: a transposed convolution, batch norm and ReLU, and for i = 0 tanh alone.
/// Adjoint: level by level in the opposite order; d gets its gradients from both ways.
/// Shapes: (N, T, H, W, in) to (N, T, H, W, out); frames meet in the statistics of batch norm alone.
/// Units: the output is between −1 and 1.
/// Errors: InputError for sizes out of range; ShapeError for other channels, and for H or W that are no multiples of
/// 2^levels.
/// Cost, with C = filters: at most 22 C² + 4 C·in + 8 C·out multiply-adds a pixel. A level with one pixel in the whole
/// batch has no statistics: train on more.
/// Source: INV, Table 3; SPEC §4. The order of layers is that of Isola et al. 2017.
template <class T>
class UNet {
  using Down = Either<Sequential<Conv2d<T>, BatchNorm<T, LeakyRelu>>, Sequential<Conv2d<T>, Activation<T, LeakyRelu>>>;
  using Up =
      Either<Sequential<ConvTranspose2d<T>, BatchNorm<T, Relu>>, Sequential<ConvTranspose2d<T>, Activation<T, Tanh>>>;

 public:
  using value_type = T;

  struct Cache {
    View<T> down{}, below{}, joined{};  ///< d, e and [e, d]; the last level has d alone
    View<T> grad_down{}, grad_below{}, grad_joined{};
    typename Down::Cache down_layers{};
    std::vector<Cache> levels_below{};  ///< one, or none
    typename Up::Cache up_layers{};
  };

  explicit UNet(const UNetOptions& o) : UNet(checked(o), 0) {}

  Shape output_shape(const Shape& x) const {
    require_valid(x, "UNet");
    const Index multiple = Index(1) << levels_;
    if (x.h % multiple != 0 || x.w % multiple != 0)
      throw ShapeError(sentence("UNet: the input (N,T,H,W,F) = ", x, " has frames of ", Index(x.h), "x", Index(x.w),
                                " pixels, expected multiples of 2^levels = ", multiple));
    down_.output_shape(x);
    return {.n = x.n, .t = x.t, .h = x.h, .w = x.w, .f = out_};
  }
  Index parameter_count() const {
    Index total = down_.parameter_count() + up_.parameter_count();
    for (const UNet& level : below_) total += level.parameter_count();
    return total;
  }
  std::vector<Parameter> parameters() const {
    std::vector<Parameter> all;
    append_parameters(all, sentence("down.", level_), down_.parameters());
    for (const UNet& level : below_) append_parameters(all, "", level.parameters());
    append_parameters(all, sentence("up.", level_), up_.parameters());
    return all;
  }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    output_shape(x);
    const bool training = memory.purpose == Purpose::training;
    const typename Arena<Ex>::Scope scope(memory.scratch);
    Arena<Ex>& outputs = training ? memory.kept : memory.scratch;
    const Shape down = down_.output_shape(x);
    Cache cache;
    cache.down = cache.joined = outputs.template take<T>(down);
    if (training) cache.grad_down = cache.grad_joined = memory.scratch.template take<T>(down);
    for (const UNet& level : below_) {
      const Shape below = level.output_shape(down);
      Shape joined = down;
      joined.f = below.f + down.f;
      cache.below = outputs.template take<T>(below);
      cache.joined = outputs.template take<T>(joined);
      if (training) cache.grad_below = memory.scratch.template take<T>(below);
      if (training) cache.grad_joined = memory.scratch.template take<T>(joined);
      cache.levels_below.push_back(level.make_cache(memory, down));
    }
    cache.down_layers = down_.make_cache(memory, x);
    cache.up_layers = up_.make_cache(memory, cache.joined.shape);
    return cache;
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "UNet::forward", "y");
    const auto own = parts(parameters);
    const Index f = cache.down.shape.f, pixels = cache.down.size() / f;
    down_.forward(ex, own.down, x, cache.down, cache.down_layers);
    for (const UNet& level : below_) {
      const Index g = cache.below.shape.f;
      level.forward(ex, own.below, cache.down, cache.below, cache.levels_below[0]);
      copy_channels(ex, pixels, cache.below.flat(), g, 0, g, cache.joined.flat(), g + f, 0);
      copy_channels(ex, pixels, cache.down.flat(), f, 0, f, cache.joined.flat(), g + f, g);
    }
    up_.forward(ex, own.up, cache.joined, y, cache.up_layers);
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters) const {
    const auto own = parts(parameters);
    const auto grad = parts(grad_parameters);
    const Index f = cache.down.shape.f, pixels = cache.down.size() / f;
    fill(ex, T(0), cache.grad_joined.flat());
    up_.adjoint(ex, own.up, cache.up_layers, grad_y, cache.grad_joined, grad.up);
    for (const UNet& level : below_) {
      const Index g = cache.below.shape.f;
      copy_channels(ex, pixels, cache.grad_joined.flat(), g + f, 0, g, cache.grad_below.flat(), g, 0);
      copy_channels(ex, pixels, cache.grad_joined.flat(), g + f, g, f, cache.grad_down.flat(), f, 0);
      level.adjoint(ex, own.below, cache.levels_below[0], cache.grad_below, cache.grad_down, grad.below);
    }
    down_.adjoint(ex, own.down, cache.down_layers, cache.grad_down, grad_x, grad.down);
  }

  /// Lets the running statistics of its levels follow the last forward pass with `cache`.
  template <Executor Ex>
  void update_running_statistics(const Ex& ex, const Cache& cache, std::span<T> parameters) const {
    const auto own = parts(parameters);
    down_.update_running_statistics(ex, cache.down_layers, own.down);
    for (const UNet& level : below_) level.update_running_statistics(ex, cache.levels_below[0], own.below);
    up_.update_running_statistics(ex, cache.up_layers, own.up);
  }

 private:
  UNet(const UNetOptions& o, Index level)
      : level_(level),
        levels_(o.levels - level),
        out_(level == 0 ? o.out : o.filters_of(level - 1)),
        down_(make_down(o, level)),
        up_(make_up(o, level)) {
    if (levels_ > 1) below_.push_back(UNet(o, level + 1));
  }

  static const UNetOptions& checked(const UNetOptions& o) {
    if (o.in < 1 || o.out < 1 || o.filters < 1 || o.levels < 1 || o.levels > 30)
      throw InputError(sentence("UNet: in = ", o.in, ", out = ", o.out, ", filters = ", o.filters,
                                ", levels = ", o.levels, ", expected positive numbers and at most 30 levels"));
    return o;
  }
  static Down make_down(const UNetOptions& o, Index level) {
    const Index in = level == 0 ? o.in : o.filters_of(level - 1), out = o.filters_of(level);
    const bool norm = level > 0;  // whose β is the bias
    const auto conv = named("conv", Conv2d<T>{.in = in, .out = out, .kernel = 4, .stride = 2, .bias = !norm});
    if (norm) return sequential(conv, named("norm", BatchNorm<T, LeakyRelu>{.channels = out}));
    return sequential(conv, named("activation", Activation<T, LeakyRelu>{}));
  }
  static Up make_up(const UNetOptions& o, Index level) {
    const Index joined = level + 1 == o.levels ? 1 : 2;
    const Index in = joined * o.filters_of(level), out = level == 0 ? o.out : o.filters_of(level - 1);
    const bool norm = level > 0;
    const auto conv = named("conv", ConvTranspose2d<T>{.in = in, .out = out, .kernel = 4, .stride = 2, .bias = !norm});
    if (norm) return sequential(conv, named("norm", BatchNorm<T, Relu>{.channels = out}));
    return sequential(conv, named("activation", Activation<T, Tanh>{}));
  }

  /// What of an array of parameters, or of their gradients, belongs to whom.
  template <class S>
  struct Parts {
    std::span<S> down, below, up;
  };
  template <class S>
  Parts<S> parts(std::span<S> all) const {
    require_size(std::ssize(all), parameter_count(), "UNet", "the parameter array");
    const auto down = static_cast<std::size_t>(down_.parameter_count());
    const auto up = static_cast<std::size_t>(up_.parameter_count());
    return {all.first(down), all.subspan(down, all.size() - down - up), all.last(up)};
  }

  Index level_, levels_;  ///< how many are above it; how many it has, its own included
  Index out_;
  Down down_;
  std::vector<UNet> below_{};  ///< the next level with all below it; none at the last
  Up up_;
};

/// Makes one: `u_net<float>({.levels = 5})`.
template <class T>
UNet<T> u_net(const UNetOptions& o) {
  return UNet<T>(o);
}

}  // namespace videoonenet
