// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Self-supervised triplets: a video, an operator drawn for it, and what the operator measures.

#include <utility>

#include "videoonenet/data/any_dataset.hpp"
#include "videoonenet/operators/problem_set/problem_set.hpp"

namespace videoonenet {

/// A video x, its problem A and y = A x + ξ.
template <class T>
struct Triplet {
  Tensor<T> truth;
  Problem<T> problem;
  Buffer<T> y;
};

/// Which random numbers a sampler uses; no two purposes of one seed share any.
enum class TripletStream : std::uint64_t { training = 1, validation = 2 };

/// Draws triplets from a data set and a set of problems; triplet i is a function of (seed, stream, i) alone, on any
/// thread and in any order.
///
/// Source: SPEC §2, last paragraph: draw a video, draw one problem uniformly, draw its operator, measure.
template <class T>
class TripletSampler {
 public:
  /// Errors: InputError for a data set without videos; those of drawing, when a problem does not fit the videos.
  TripletSampler(AnyDataset<T> data, ProblemSet problems, std::uint64_t seed,
                 TripletStream stream = TripletStream::training)
      : data_(std::move(data)), problems_(std::move(problems)), seed_(seed), stream_(stream) {
    if (data_.size() < 1) throw InputError("TripletSampler: the data set has no videos");
    for (Index p = 0; p < problems_.size(); ++p) {
      Random random(seed);
      draw_problem<T>(Cpu{}, problems_[p], data_.shape(), random);
    }
  }

  const AnyDataset<T>& data() const { return data_; }
  const ProblemSet& problems() const { return problems_; }

  /// Triplet number i of an endless sequence: any video, any problem.
  /// Errors: those of the data set.
  Triplet<T> draw(Index i) const {
    Random random = numbers(i);
    const Index video = random.integer(data_.size());
    const Index problem = random.integer(problems_.size());
    return make(video, problem, random);
  }

  /// Triplet number i of a fixed list of `count`: videos spread evenly over the data set, every problem in turn.
  /// Errors: those of the data set.
  Triplet<T> draw_fixed(Index i, Index count) const {
    Random random = numbers(i);
    return make(i % count * data_.size() / count, i % problems_.size(), random);
  }

 private:
  Random numbers(Index i) const {
    return Random(seed_, static_cast<std::uint64_t>(stream_) << 60 | static_cast<std::uint64_t>(i));
  }
  Triplet<T> make(Index video, Index problem, Random& random) const {
    const Cpu one{};
    Tensor<T> truth = data_.sample(video, random);
    Problem<T> drawn = draw_problem<T>(one, problems_[problem], data_.shape(), random);
    Buffer<T> y = measure<T>(one, drawn, truth.flat(), random);
    return {std::move(truth), std::move(drawn), std::move(y)};
  }

  AnyDataset<T> data_;
  ProblemSet problems_;
  std::uint64_t seed_;
  TripletStream stream_;
};

/// A triplet with its problem prepared by a network: what BatchGradient takes. It stays where it is, for the bound
/// problem refers to it.
template <class Network>
class BoundTriplet {
 public:
  using T = typename Network::value_type;

  BoundTriplet(const Cpu& ex, const Network& network, Triplet<T> triplet)
      : triplet_(std::move(triplet)),
        bound_(network.bind(ex, triplet_.problem.a, std::span<const T>(triplet_.y.span()))) {}
  BoundTriplet(const BoundTriplet&) = delete;
  BoundTriplet& operator=(const BoundTriplet&) = delete;

  View<const T> truth() const { return triplet_.truth.view(); }
  auto& bound() { return bound_; }
  const Triplet<T>& triplet() const { return triplet_; }

 private:
  Triplet<T> triplet_;
  decltype(std::declval<const Network&>().bind(std::declval<const Cpu&>(), std::declval<const ShippedOperator<T>&>(),
                                               std::declval<std::span<const T>>())) bound_;
};

}  // namespace videoonenet
