// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A problem for networks to be timed on: a video of which every other entry was kept.

#include "videoonenet/core/random.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/models/model.hpp"
#include "videoonenet/operators/mask/mask.hpp"

namespace videoonenet::benchmarks {

/// What BatchGradient asks of a sample; neither copied nor moved, since the bound problem points into it.
class MaskedSample {
 public:
  MaskedSample(const Model<float>& model, const Shape& video)
      : a_(video, mask(video)), truth_(video), y_(video), bound_(model.bind(Cpu{}, a_, measured())) {}
  MaskedSample(const MaskedSample&) = delete;

  View<const float> truth() const { return truth_.view(); }
  auto& bound() { return bound_; }

 private:
  static Buffer<float> mask(const Shape& video) {
    Buffer<float> kept(video.size());
    for (Index i = 0; i < kept.size(); i += 2) kept[i] = 1;
    return kept;
  }
  std::span<const float> measured() {
    Random random(2);
    for (float& v : truth_.flat()) v = static_cast<float>(random.uniform());
    a_.apply(Cpu{}, truth_.flat(), y_.flat());
    return y_.flat();
  }

  Mask<float> a_;
  Tensor<float> truth_, y_;
  Model<float>::Bound<Cpu, Mask<float>> bound_;
};

}  // namespace videoonenet::benchmarks
