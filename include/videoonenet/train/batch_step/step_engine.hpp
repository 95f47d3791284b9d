// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What restores batches and makes the steps of a Trainer in the host's place.

#include "videoonenet/train/batch_step/batch_step.hpp"

namespace videoonenet {

/// Restores batches of factored problems on a device of its own, where the weights live.
template <class T>
class RestorationEngine {
 public:
  virtual ~RestorationEngine() = default;
  /// Writes z⁽ᴷ⁾ of every video of the batch, one behind the other.
  virtual void restore(const HostBatch<T>& batch, std::span<T> z) = 0;
  /// What its batches look like.
  virtual Shape batch() const = 0;
  virtual FactorBounds bounds() const = 0;
  virtual T rho() const = 0;
  /// Bytes it holds.
  virtual Index bytes() const = 0;
};

/// Makes training steps as well; the optimiser's state lives beside the weights meanwhile.
template <class T>
class StepEngine : public RestorationEngine<T> {
 public:
  struct Outcome {
    double loss, gradient_norm;  ///< before clipping
  };

  /// Takes and returns the weights and the optimiser's state.
  virtual void set(std::span<const T> parameters, std::span<const T> state) = 0;
  virtual void get(std::span<T> parameters, std::span<T> state) const = 0;
  /// Makes update number `step` (from 1) with `factor` times the learning rate; one whose gradient is not finite
  /// changes nothing.
  virtual Outcome step(const HostBatch<T>& batch, Index step, double factor) = 0;
};

}  // namespace videoonenet
