// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Pairs to train a network on that restores in one pass: what a measurement tells without a prior, and the true video.

#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/train/triplet_sampler/triplet_sampler.hpp"

namespace videoonenet {

/// Where the classical methods start, beside the truth.
///
/// Math: (pinv(A) y, x) of a triplet x, A, y = A x + ξ.
/// Shapes: both have that of a video.  Errors: those of TripletSampler.
/// Cost: a triplet and the factorisation of its problem a pair.  Source: SPEC §3.1, §4 (INV).
template <class T>
class StartPairs {
 public:
  using value_type = T;

  explicit StartPairs(TripletSampler<T> triplets, const SolverOptions& solver = {})
      : triplets_(std::move(triplets)), solver_(solver) {}

  const TripletSampler<T>& triplets() const { return triplets_; }
  Index size() const { return triplets_.data().size(); }
  Shape given_shape() const { return triplets_.data().shape(); }
  Shape truth_shape() const { return given_shape(); }

  /// Pair number i of an endless sequence, a function of i alone.
  void draw(Index i, View<T> given, View<T> truth) const { put(triplets_.draw(i), given, truth); }
  /// Pair number i of a fixed list of `count`.
  void draw_fixed(Index i, Index count, View<T> given, View<T> truth) const {
    put(triplets_.draw_fixed(i, count), given, truth);
  }

  /// The pair of a triplet.
  void put(const Triplet<T>& triplet, View<T> given, View<T> truth) const {
    const Cpu one{};
    NormalSolver<ShippedOperator<T>> normal(one, triplet.problem.a, solver_);
    normal.pseudo_inverse(one, triplet.y.span(), given.flat());
    std::ranges::copy(triplet.truth.flat(), truth.data);
  }

 private:
  TripletSampler<T> triplets_;
  SolverOptions solver_;
};

}  // namespace videoonenet
