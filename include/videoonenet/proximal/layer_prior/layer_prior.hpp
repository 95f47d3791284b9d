// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A trained network in place of the proximal operator of a classical method.

#include "videoonenet/concepts/layer.hpp"
#include "videoonenet/concepts/proximal_operator.hpp"
#include "videoonenet/core/memory.hpp"

namespace videoonenet {

/// The prior of OneNet as it was first proposed: a network that was trained by itself, for any linear problem.
///
/// Math: x = p(θ, z − u), whatever the penalty is.
/// Shapes: the network keeps those of the videos.  Errors: ShapeError when network, weights and videos do not fit.
/// Cost: the network's.  Source: ON, Algorithm 1; SPEC §2.
template <class Net>
class LayerPrior {
 public:
  using value_type = typename Net::value_type;
  using T = value_type;

  /// `weights` lie in memory of the executor that will run it, and must outlive it.
  LayerPrior(Net net, std::span<const T> weights) : net_(std::move(net)), weights_(weights) {
    require_size(std::ssize(weights), net_.parameter_count(), "LayerPrior", "the list of weights");
  }

  struct Cache {
    View<T> output{};
    typename Net::Cache net{};
  };

  template <Executor Ex>
  auto make_cache(const Ex& ex, const Shape& video) const {
    require_shape(net_.output_shape(video), video, "LayerPrior", "the network's output");
    const auto make = [&](auto& memory) {
      return Cache{.output = memory.kept.template take<T>(video), .net = net_.make_cache(memory, video)};
    };
    return plan(ex, make, Purpose::inference);
  }

  /// x from v = z − u, which may be the same memory.
  template <Executor Ex>
  void apply(const Ex& ex, Planned<Cache, Ex>& planned, View<const T> v, T /*tau*/, View<T> x) const {
    Cache& c = planned.cache;
    if (v.data != x.data) return net_.forward(ex, weights_, v, x, c.net);
    net_.forward(ex, weights_, v, c.output, c.net);
    copy(ex, std::span<const T>(c.output.flat()), x.flat());
  }

 private:
  Net net_;
  std::span<const T> weights_;
};

}  // namespace videoonenet
