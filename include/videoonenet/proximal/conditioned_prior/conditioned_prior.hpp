// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A trained network in place of the proximal operator that also sees a measurement of lower resolution.

#include "videoonenet/concepts/layer.hpp"
#include "videoonenet/concepts/proximal_operator.hpp"
#include "videoonenet/core/channels.hpp"
#include "videoonenet/nn/pixel_shuffle/pixel_shuffle.hpp"

namespace videoonenet {

/// The prior of Inf-ADMM-ADNN: a denoiser for the videos of one measurement.
///
/// Math: x = unpack(p(θ, [pack(z − u), c])), where pack makes channels of blocks of factor × factor pixels, unpack is
/// its inverse, and c, the condition, is the measurement or what is known of it on that coarse grid.
/// Shapes: x, z and u are (N, T, H, W, F), c (N, T, H/factor, W/factor, C); the network maps F·factor² + C channels to
/// F·factor².
/// Errors: ShapeError when network, weights and condition do not fit the videos.
/// Cost: the network's and four passes.  Source: INF, §3.2 and Table 2; SPEC §4.
template <class Net>
class ConditionedPrior {
 public:
  using value_type = typename Net::value_type;
  using T = value_type;

  /// `weights` and `condition` lie in memory of the executor that will run it, and must outlive it.
  ConditionedPrior(Net net, std::span<const T> weights, View<const T> condition, Index factor)
      : net_(std::move(net)), weights_(weights), condition_(condition), pack_{.factor = factor} {
    require_size(std::ssize(weights), net_.parameter_count(), "ConditionedPrior", "the list of weights");
  }

  struct Cache {
    View<T> packed{}, input{}, output{};
    typename PixelShuffle<T>::Cache pack{}, unpack{};
    typename Net::Cache net{};
  };

  template <Executor Ex>
  auto make_cache(const Ex& ex, const Shape& video) const {
    const auto make = [&](auto& memory) {
      const Shape packed = pack_.output_shape(video);
      Shape input = packed, condition = packed;
      condition.f = condition_.shape.f;
      input.f = packed.f + condition.f;
      require_shape(condition_.shape, condition, "ConditionedPrior", "the condition");
      require_shape(net_.output_shape(input), packed, "ConditionedPrior", "the network's output");
      const auto take = [&](const Shape& shape) { return memory.kept.template take<T>(shape); };
      return Cache{.packed = take(packed),
                   .input = take(input),
                   .output = take(packed),
                   .pack = pack_.make_cache(memory, video),
                   .unpack = unpack().make_cache(memory, packed),
                   .net = net_.make_cache(memory, input)};
    };
    return plan(ex, make, Purpose::inference);
  }

  /// x from v = z − u; the network does not ask for τ.
  template <Executor Ex>
  void apply(const Ex& ex, Planned<Cache, Ex>& planned, View<const T> v, T /*tau*/, View<T> x) const {
    Cache& c = planned.cache;
    const Index f = c.packed.shape.f, more = condition_.shape.f, pixels = c.packed.size() / f;
    pack_.forward(ex, {}, v, c.packed, c.pack);
    copy_channels(ex, pixels, c.packed.flat(), f, 0, f, c.input.flat(), f + more, 0);
    copy_channels(ex, pixels, condition_.flat(), more, 0, more, c.input.flat(), f + more, f);
    net_.forward(ex, weights_, c.input, c.output, c.net);
    unpack().forward(ex, {}, c.output, x, c.unpack);
  }

 private:
  PixelShuffle<T> unpack() const { return {.factor = pack_.factor, .direction = PixelShuffleDirection::to_space}; }

  Net net_;
  std::span<const T> weights_;
  View<const T> condition_;
  PixelShuffle<T> pack_;
};

}  // namespace videoonenet
