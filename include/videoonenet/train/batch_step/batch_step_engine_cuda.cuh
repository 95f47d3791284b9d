// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A GPU as the engine of a Trainer.

#include "videoonenet/train/batch_step/batch_step_cuda.cuh"
#include "videoonenet/train/batch_step/step_engine.hpp"

namespace videoonenet {

/// BatchStep behind the interface that a Trainer knows; owns its network.
template <class Network, cuda::Gpu Ex, class LossType = MeanSquaredError>
class BatchStepEngine final : public StepEngine<typename Network::value_type> {
 public:
  using T = typename Network::value_type;
  using Outcome = typename StepEngine<T>::Outcome;

  BatchStepEngine(const Ex& ex, Network network, const Shape& batch, const FactorBounds& bounds,
                  const BatchStepOptions<LossType>& options = {})
      : network_(std::move(network)), batch_(batch), bounds_(bounds), step_(ex, network_, batch, bounds, options) {}

  void set(std::span<const T> parameters, std::span<const T> state) override { step_.set(parameters, state); }
  void get(std::span<T> parameters, std::span<T> state) const override { step_.get(parameters, state); }
  Outcome step(const HostBatch<T>& batch, Index step, double factor) override {
    step_(batch, step, factor);
    const auto report = step_.report();
    return {report.loss, report.gradient_norm};
  }
  void restore(const HostBatch<T>& batch, std::span<T> z) override { step_.restore(batch, z); }
  Shape batch() const override { return batch_; }
  FactorBounds bounds() const override { return bounds_; }
  T rho() const override { return network_.options().rho; }
  Index bytes() const override { return step_.bytes(); }

 private:
  Network network_;
  Shape batch_;
  FactorBounds bounds_;
  BatchStep<Network, Ex, LossType> step_;
};

}  // namespace videoonenet
