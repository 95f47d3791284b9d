// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Restoration of batches on a GPU, launched or captured as one graph.

#include "videoonenet/autodiff/backward.hpp"
#include "videoonenet/core/cuda/graph.cuh"
#include "videoonenet/core/memory.hpp"
#include "videoonenet/train/batch_step/device_batch_cuda.cuh"
#include "videoonenet/train/batch_step/step_engine.hpp"

namespace videoonenet {

/// A trained network that restores batches of one shape, all of it on a GPU; owns the network.
/// Errors: InputError for a network that learns ρ (the factors are for one).
/// Cost: the memory of an inference, taken at construction; a restoration is one graph.
template <class Network, cuda::Gpu Ex>
class BatchRestorer final : public RestorationEngine<typename Network::value_type> {
 public:
  using T = typename Network::value_type;

  /// `batch.n` is the number of videos of every batch.
  BatchRestorer(const Ex& ex, Network network, std::span<const T> parameters, const Shape& batch,
                const FactorBounds& bounds)
      : ex_(ex),
        network_(with_one_rho(std::move(network))),
        batch_(ex, batch, bounds, network_.options().rho),
        parameters_(ex.template allocate<T>(network_.parameter_count())),
        bound_(network_.bind(ex, batch_.problems(), batch_.measurement())),
        plan_(plan(ex, [&](auto& memory) { return Work(network_, memory, batch); }, Purpose::inference)) {
    ex.upload(parameters, parameters_.span());
  }

  void restore(const HostBatch<T>& batch, std::span<T> z) override {
    batch_.upload(batch);
    graph_.run(ex_, [&] {
      bound_.rebind(ex_, batch_.measurement());
      network_.forward(ex_, parameters_.span(), bound_, plan_.cache.network, plan_.cache.z);
    });
    ex_.download(std::span<const T>(plan_.cache.z.flat()), z);
  }
  Shape batch() const override { return plan_.cache.z.shape; }
  FactorBounds bounds() const override { return batch_.problems().bounds(); }
  T rho() const override { return network_.options().rho; }
  Index bytes() const override {
    return plan_.bytes() + batch_.bytes() + parameters_.size() * static_cast<Index>(sizeof(T));
  }

 private:
  struct Work {
    View<T> z;
    typename Network::Cache network;

    template <class M>
    Work(const Network& net, M& memory, const Shape& batch)
        : z(memory.kept.template take<T>(batch)), network(net.make_cache(memory, batch, Backward{})) {}
  };

  static Network with_one_rho(Network network) {
    if (network.options().learn_rho)
      throw InputError("BatchRestorer: a learned rho needs factors for every value of it, which a batch does not have");
    return network;
  }

  Ex ex_;
  Network network_;
  DeviceBatch<T, Ex> batch_;
  decltype(std::declval<const Ex&>().template allocate<T>(0)) parameters_;
  decltype(std::declval<const Network&>().bind(std::declval<const Ex&>(), std::declval<const ProblemBatch<T, Ex>&>(),
                                               std::declval<std::span<const T>>())) bound_;
  Planned<Work, Ex> plan_;
  cuda::Graph<Ex> graph_;
};

}  // namespace videoonenet
