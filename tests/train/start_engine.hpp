// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// An engine whose restorations are the starts pinv(A) y.

#include "train/small_network.hpp"
#include "videoonenet/train/batch_step/restore_on_engine.hpp"
#include "videoonenet/train/loss/loss.hpp"

namespace videoonenet::test {

/// Batches of four of the small data set; what it has been given is counted.
struct StartEngine : StepEngine<float> {
  Shape shape{.n = 4, .t = 4, .h = 6, .w = 5};
  int restored = 0;

  void restore(const HostBatch<float>& batch, std::span<float> z) override {
    ++restored;
    std::copy(batch.measurement.begin() + batch.video.size(), batch.measurement.end(), z.begin());
  }
  void set(std::span<const float>, std::span<const float>) override {}
  void get(std::span<float>, std::span<float>) const override {}
  Outcome step(const HostBatch<float>&, Index, double) override { return {}; }
  Shape batch() const override { return shape; }
  FactorBounds bounds() const override { return factor_bounds<float>(small_problems(), RandomVideos{}.shape(), 0.3f); }
  float rho() const override { return 0.3f; }
  Index bytes() const override { return 1000; }

  /// The mean squared error of its restoration of a triplet.
  static double loss_of(const Triplet<float>& t) {
    Tensor<float> z(t.truth.shape());
    NormalSolver<ShippedOperator<float>>(Cpu{}, t.problem.a).pseudo_inverse(Cpu{}, t.y.span(), z.flat());
    return MeanSquaredError{}.value(Cpu{}, z.view(), t.truth.view());
  }
};

}  // namespace videoonenet::test
