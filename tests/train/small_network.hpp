// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The smallest network that can be trained, and data for it: compiles in seconds and is differentiated by hand.

#include <cstring>
#include <vector>

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/data/any_dataset.hpp"
#include "videoonenet/train/batch_gradient/batch_gradient.hpp"
#include "videoonenet/train/triplet_sampler/triplet_sampler.hpp"

namespace videoonenet::test {

/// z = θ₀ a + θ₁ a² + θ₂ with a = Aᵀy.
template <class T>
struct SmallNetwork {
  using value_type = T;
  struct Bound {
    Buffer<T> aty;
    Shape video;
    Shape shape() const { return video; }
  };
  struct Cache {
    View<T> squares;
  };

  Index parameter_count() const { return 3; }
  std::vector<Parameter> parameters() const { return {{"powers", {2}, Initial::ones}, {"bias", {1}}}; }
  template <class Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& video, const Backward& = {}) const {
    return {memory.kept.template take<T>(video)};
  }
  template <class A>
  Bound bind(const Cpu& ex, const A& a, std::span<const T> y) const {
    Bound bound{Buffer<T>(Shape(a.domain()).size()), a.domain()};
    a.apply_adjoint(ex, y, bound.aty.span());
    return bound;
  }
  void forward(const Cpu&, Input<T> parameters, const Bound& bound, Cache& cache, View<T> z) const {
    for (Index i = 0; i < z.size(); ++i) {
      const T a = bound.aty[i];
      cache.squares.data[i] = a * a;
      z.data[i] = parameters[0] * a + parameters[1] * cache.squares.data[i] + parameters[2];
    }
  }
  void adjoint(const Cpu&, Input<T>, const Bound& bound, const Cache& cache, View<const T> grad_z,
               std::span<T> grad_parameters) const {
    for (Index i = 0; i < grad_z.size(); ++i) {
      grad_parameters[0] += bound.aty[i] * grad_z.data[i];
      grad_parameters[1] += cache.squares.data[i] * grad_z.data[i];
      grad_parameters[2] += grad_z.data[i];
    }
  }
};
static_assert(TrainableNetwork<SmallNetwork<float>, ShippedOperator<float>>);

/// Videos of random numbers; video i is the same in every draw but for a random brightness.
struct RandomVideos {
  Index count = 10;
  Shape video{.t = 4, .h = 6, .w = 5};
  std::uint64_t seed = 77;

  Index size() const { return count; }
  Shape shape() const { return video; }
  template <class T>
  void sample(Index index, Random& random, View<T> x) const {
    const double brightness = 0.5 + 0.5 * random.uniform();
    Random own(seed, static_cast<std::uint64_t>(index));
    for (T& v : x.flat()) v = static_cast<T>(brightness * own.uniform());
  }
};

/// A few problems without matrices.
inline ProblemSet small_problems() {
  return ProblemSet({{.key = ProblemKey::pixel_inpaint},
                     {.key = ProblemKey::center_inpaint},
                     {.key = ProblemKey::frame_prediction},
                     {.key = ProblemKey::temporal_disk_blur}});
}

template <class T>
TripletSampler<T> small_sampler(TripletStream stream = TripletStream::training, std::uint64_t seed = 1) {
  return {AnyDataset<T>(RandomVideos{}), small_problems(), seed, stream};
}

/// Whether two arrays have the same bits.
template <class T>
bool same_bits(std::span<const T> a, std::span<const T> b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}
template <class T>
bool same_bits(const Buffer<T>& a, const Buffer<T>& b) {
  return same_bits(a.span(), b.span());
}

}  // namespace videoonenet::test
