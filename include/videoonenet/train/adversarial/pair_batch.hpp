// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Pairs that networks are trained on, and a batch of them a step.

#include <algorithm>
#include <concepts>

#include "videoonenet/core/executor.hpp"
#include "videoonenet/core/tensor.hpp"

namespace videoonenet {

/// Pairs of what a network is given and what it should make of it, drawn by number on any thread.
template <class P>
concept TrainingPairs =
    requires(const P& pairs, Index i, View<typename P::value_type> given, View<typename P::value_type> truth) {
      { pairs.size() } -> std::same_as<Index>;
      { pairs.given_shape() } -> std::same_as<Shape>;
      { pairs.truth_shape() } -> std::same_as<Shape>;
      pairs.draw(i, given, truth);
      pairs.draw_fixed(i, i, given, truth);
    };

/// The pairs of one step after the other.
template <TrainingPairs Pairs>
class PairBatch {
 public:
  using T = typename Pairs::value_type;

  /// Errors: InputError for a batch of none.
  PairBatch(Pairs pairs, Index count)
      : pairs_(std::move(pairs)),
        given_(batch_of(pairs_.given_shape(), count)),
        truth_(batch_of(pairs_.truth_shape(), count)) {}

  const Pairs& pairs() const { return pairs_; }
  /// Steps that draw every pair once on average.
  Index steps_per_epoch() const { return std::max<Index>(1, pairs_.size() / given_.shape().n); }
  Index bytes() const { return (given_.size() + truth_.size()) * Index(sizeof(T)); }

  /// Draws the pairs of step i, from 0, by the executor's threads.
  void draw(const Cpu& ex, Index i) {
    const Index count = given_.shape().n;
    parallel_for(ex, count,
                 [&](Index n) { pairs_.draw(i * count + n, given_.view().sample(n), truth_.view().sample(n)); });
  }
  View<const T> given() const { return given_.view(); }
  View<const T> truth() const { return truth_.view(); }

 private:
  static Shape batch_of(Shape video, Index count) {
    if (count < 1) throw InputError(sentence("PairBatch: the batch size is ", count, ", expected at least 1"));
    video.n = count;
    return video;
  }

  Pairs pairs_;
  Tensor<T> given_, truth_;
};

}  // namespace videoonenet
