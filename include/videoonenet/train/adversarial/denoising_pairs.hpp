// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Pairs to train a denoiser on that also sees a measurement of lower resolution.

#include "videoonenet/core/channels.hpp"
#include "videoonenet/nn/pixel_shuffle/pixel_shuffle.hpp"
#include "videoonenet/train/adversarial/start_pairs.hpp"

namespace videoonenet {

/// What the prior of Inf-ADMM meets between the start and the end of its iterations, beside the truth.
///
/// Math: ([pack(v), y], x) with v = x + s (pinv(A) y − x) + σ n for a triplet x, A, y = A x + ξ; s uniform on [0, 1],
/// σ uniform up to the largest deviation, n white Gaussian noise; pack makes channels of blocks of pixels. The paper
/// asks for noisy images alone; their way from the start to the truth is ours.
/// Shapes: (T, H/factor, W/factor, F·factor² + C) and (T, H, W, F), y an image (T, H/factor, W/factor, C).
/// Errors: those of TripletSampler; ShapeError where y is no such image; InputError for a deviation out of range.
/// Cost: a triplet and the factorisation of its problem a pair.  Source: SPEC §4 (INF, cPSDAE).
template <class T>
class DenoisingPairs {
 public:
  using value_type = T;

  DenoisingPairs(TripletSampler<T> triplets, Index factor, double most_deviation, std::uint64_t seed)
      : starts_(std::move(triplets)), pack_{.factor = factor}, most_deviation_(most_deviation), seed_(seed) {
    if (!(most_deviation >= 0 && std::isfinite(most_deviation)))
      throw InputError(sentence("DenoisingPairs: the largest deviation is ", most_deviation,
                                ", expected zero or a positive number"));
    measured_ = pack_.output_shape(truth_shape());
    const Index packed = measured_.f;
    const Triplet<T> first = starts_.triplets().draw(0);
    measured_.f = Shape(first.problem.a.range()).f;
    require_fit(first);
    given_ = measured_;
    given_.f = packed + measured_.f;
  }

  Index size() const { return starts_.size(); }
  Shape given_shape() const { return given_; }
  Shape truth_shape() const { return starts_.truth_shape(); }

  /// Pair number i of an endless sequence, a function of i and the seeds alone.
  void draw(Index i, View<T> given, View<T> truth) const {
    put(starts_.triplets().draw(i), Stream::endless, i, given, truth);
  }
  /// Pair number i of a fixed list of `count`.
  void draw_fixed(Index i, Index count, View<T> given, View<T> truth) const {
    put(starts_.triplets().draw_fixed(i, count), Stream::fixed, i, given, truth);
  }

 private:
  enum class Stream : std::uint64_t { endless = 6, fixed = 7 };  // beside those of triplets, weights and projectors

  void require_fit(const Triplet<T>& triplet) const {
    require_shape(triplet.problem.a.range(), measured_, "DenoisingPairs", "the measurement");
  }
  void put(const Triplet<T>& triplet, Stream stream, Index i, View<T> given, View<T> truth) const {
    const Cpu one{};
    require_fit(triplet);
    Random random(seed_, static_cast<std::uint64_t>(stream) << 60 | static_cast<std::uint64_t>(i));
    const T share = static_cast<T>(random.uniform()), deviation = static_cast<T>(random.uniform() * most_deviation_);
    Tensor<T> v(truth.shape), noise(truth.shape);
    starts_.put(triplet, v.view(), truth);
    random.fill_normal(noise.flat());
    linear_combination(one, T(1) - share, std::span<const T>(truth.flat()), share, std::as_const(v).flat(), v.flat());
    axpby(one, deviation, std::as_const(noise).flat(), T(1), v.flat());

    Shape packed = given_;
    packed.f = given_.f - measured_.f;
    Tensor<T> code(packed);
    typename PixelShuffle<T>::Cache cache{};
    pack_.forward(one, {}, std::as_const(v).view(), code.view(), cache);
    const Index pixels = code.size() / packed.f;
    copy_channels(one, pixels, std::as_const(code).flat(), packed.f, 0, packed.f, given.flat(), given_.f, 0);
    copy_channels(one, pixels, triplet.y.span(), measured_.f, 0, measured_.f, given.flat(), given_.f, packed.f);
  }

  StartPairs<T> starts_;
  PixelShuffle<T> pack_;
  double most_deviation_;
  std::uint64_t seed_;
  Shape measured_{}, given_{};
};

}  // namespace videoonenet
