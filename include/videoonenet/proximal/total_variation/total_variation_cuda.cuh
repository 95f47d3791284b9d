// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of total variation: two launches a step for all videos, one for the primal and one for the dual.

#include <cmath>

#include "videoonenet/core/cuda/channel_sums.cuh"
#include "videoonenet/core/cuda/entry_positions.hpp"
#include "videoonenet/proximal/total_variation/total_variation_problem.hpp"

namespace videoonenet::cuda {

namespace detail {

/// The differences of a batch: how far away neighbours are and what the differences weigh.
template <class T>
struct VideoDifferences {
  EntryPositions positions;
  int channels;
  bool time;  ///< whether there are differences between frames
  T t, h, w;  ///< weights

  VideoDifferences(const TotalVariationProblem<T>& problem, T scale)
      : positions(problem.shape, "TotalVariation"),
        channels(static_cast<int>(problem.shape.f)),
        time(problem.shape.t > 1 && problem.weights.t != T(0)),
        t(scale * problem.weights.t),
        h(scale * problem.weights.h),
        w(scale * problem.weights.w) {}

  /// −(Dᵀp) of entry i, whose position is `at`.
  VIDEOONENET_DEVICE T divergence(const DualField<T>& p, int i, const EntryPosition& at) const {
    const auto difference = [i](const T* own, bool first, int distance) {
      return first ? own[i] : own[i] - own[i - distance];
    };
    T sum = h * difference(p.h, at.h == 0, positions.row()) + w * difference(p.w, at.column < channels, channels);
    if (time) sum += t * difference(p.t, at.t == 0, positions.frame());
    return sum;
  }
  /// D x of entry i, without the weights and in the scalar type U.
  template <class U>
  struct Gradient {
    U t, h, w;
  };
  template <class U>
  VIDEOONENET_DEVICE Gradient<U> gradient(const T* x, int i, const EntryPosition& at) const {
    const auto difference = [i, x](bool last, int distance) { return last ? U(0) : U(x[i + distance]) - U(x[i]); };
    return {difference(!time || at.t + 1 == positions.frames(), positions.frame()),
            difference(at.h + 1 == positions.rows(), positions.row()),
            difference(at.column + channels >= positions.row(), channels)};
  }
};

/// x = v − weight · Dᵀp of the videos that have not stopped; of all without `stopped`.
template <class T>
struct VariationPrimal {
  VideoDifferences<T> differences;
  DualField<T> p;
  const int* stopped;
  const T* v;
  T* x;

  VIDEOONENET_DEVICE void operator()(Index index) const {
    const int i = static_cast<int>(index);
    const EntryPosition at = differences.positions(i);
    if (!stopped || !stopped[at.n]) x[i] = v[i] + differences.divergence(p, i, at);
  }
};

/// A step of dual ascent: p ← P(q + σ D x), then q ← p + β (p − previous p).
template <class T>
struct VariationAscent {
  VideoDifferences<T> differences;  ///< whose weights contain σ
  bool isotropic;
  T momentum;
  DualField<T> p, q;
  const int* stopped;
  const T* x;

  VIDEOONENET_DEVICE void operator()(Index index) const {
    const int i = static_cast<int>(index);
    const EntryPosition at = differences.positions(i);
    if (stopped[at.n]) return;
    const auto gradient = differences.template gradient<T>(x, i, at);
    const bool time = differences.time;
    T yt = time ? q.t[i] + differences.t * gradient.t : T(0);
    T yh = q.h[i] + differences.h * gradient.h, yw = q.w[i] + differences.w * gradient.w;
    if (isotropic) {
      const T square = yt * yt + yh * yh + yw * yw;
      const T shrink = square > T(1) ? T(1) / std::sqrt(square) : T(1);
      yt *= shrink, yh *= shrink, yw *= shrink;
    } else {
      const auto clip = [](T y) { return y < T(-1) ? T(-1) : y > T(1) ? T(1) : y; };
      yt = clip(yt), yh = clip(yh), yw = clip(yw);
    }
    const T beta = momentum;
    const auto write = [i, beta](T y, T* own, T* extrapolated) {
      extrapolated[i] = y + beta * (y - own[i]);
      own[i] = y;
    };
    if (time) write(yt, p.t, q.t);
    write(yh, p.h, q.h);
    write(yw, p.w, q.w);
  }
};

/// What an entry of x adds to TV(x), or with p to TV(x) − ⟨p, Dx⟩, a small difference of large sums.
template <class T>
struct VariationTerm {
  VideoDifferences<T> differences;
  bool isotropic;
  const T* x;
  DualField<T> p;  ///< null for TV(x)

  VIDEOONENET_DEVICE void operator()(Index index, Sums<1>& sums) const {
    const int i = static_cast<int>(index);
    const auto gradient = differences.template gradient<double>(x, i, differences.positions(i));
    const double gt = double(differences.t) * gradient.t, gh = double(differences.h) * gradient.h,
                 gw = double(differences.w) * gradient.w;
    const auto magnitude = [](double g) { return g < 0 ? -g : g; };
    sums[0] += isotropic ? std::sqrt(gt * gt + gh * gh + gw * gw) : magnitude(gt) + magnitude(gh) + magnitude(gw);
    if (p.h) sums[0] -= gt * double(p.t[i]) + gh * double(p.h[i]) + gw * double(p.w[i]);
  }
  VIDEOONENET_DEVICE const VariationTerm& of(int /*video*/, int /*channel*/) const { return *this; }
};

struct WriteGaps {
  double weight;
  double* gaps;
  template <class Thread, class Total>
  VIDEOONENET_DEVICE void operator()(const Thread& t, const ChannelSumsShape& s, const Total& total) const {
    for (int n = t.thread(); n < s.groups; n += t.threads()) gaps[n] = weight * total(n, 0)[0];
  }
};

template <Gpu Ex>
ChannelSumsShape variation_sums(const Ex& ex, const Shape& shape) {
  return ChannelSumsShape::make(ex, shape.n, shape.sample_size(), 1);
}

template <Gpu Ex, class T>
void variation_primal(const Ex& ex, const TotalVariationProblem<T>& problem, const DualField<T>& p, const int* stopped,
                      const T* v, T* x) {
  for_each(ex, problem.shape.size(),
           VariationPrimal<T>{VideoDifferences<T>(problem, problem.weight), p, stopped, v, x});
}

/// The gaps of p at x.
template <Gpu Ex, class T>
void variation_gaps(const Ex& ex, const TotalVariationProblem<T>& problem, const T* x, std::span<double> gaps) {
  const ChannelSumsShape s = variation_sums(ex, problem.shape);
  const std::span<double> parts(problem.sums, static_cast<std::size_t>(s.size(1)));
  const std::span<double> result(problem.sums + s.size(1), gaps.size());
  channel_sums<1>(ex, s, parts, VariationTerm<T>{VideoDifferences<T>(problem, T(1)), problem.isotropic, x, problem.p},
                  WriteGaps{double(problem.weight), result.data()});
  ex.download(std::span<const double>(result), gaps);
}

}  // namespace detail

/// One slot with the primal of the batch; the parts of the sums, and a gap for each video.
template <Gpu Ex>
TotalVariationScratch total_variation_scratch(const Ex& ex, const Shape& shape) {
  return {.slots = 1, .primal = shape.size(), .sums = detail::variation_sums(ex, shape).chunks + 1};
}

/// One step of accelerated projected gradient ascent on the dual of every video that has not stopped.
template <Gpu Ex, class T>
void total_variation_ascend(const Ex& ex, const TotalVariationProblem<T>& problem, Input<T> v,
                            std::type_identity_t<T> momentum) {
  const int* stopped = problem.stopped.data();
  detail::variation_primal(ex, problem, problem.q, stopped, v.data(), problem.primal);
  const T sigma = 1 / (problem.weight * problem.lipschitz);
  for_each(ex, problem.shape.size(),
           detail::VariationAscent<T>{detail::VideoDifferences<T>(problem, sigma), problem.isotropic, momentum,
                                      problem.p, problem.q, stopped, problem.primal});
}

/// The duality gap of p, weight · (TV(x) − ⟨p, Dx⟩) at x = v − weight · Dᵀp, of every video.
/// Cost: it waits for the device.
template <Gpu Ex, class T>
void total_variation_gap(const Ex& ex, const TotalVariationProblem<T>& problem, Input<T> v, std::span<double> gaps) {
  detail::variation_primal<Ex, T>(ex, problem, problem.p, nullptr, v.data(), problem.primal);
  detail::variation_gaps<Ex, T>(ex, problem, problem.primal, gaps);
}

/// x = v − weight · Dᵀp, and the duality gap of every video; x may be the memory of v.  Cost: it waits for the device.
template <Gpu Ex, class T>
void total_variation_primal(const Ex& ex, const TotalVariationProblem<T>& problem, Input<T> v, Output<T> x,
                            std::span<double> gaps) {
  detail::variation_primal<Ex, T>(ex, problem, problem.p, nullptr, v.data(), x.data());
  detail::variation_gaps<Ex, T>(ex, problem, x.data(), gaps);
}

/// The sum of TV(x) over the videos.  Cost: it waits for the device.
template <Gpu Ex, class T>
double total_variation_norm(const Ex& ex, const TotalVariationProblem<T>& problem, Input<T> x) {
  return sum_to_host<1>(ex, problem.shape.size(),
                        detail::VariationTerm<T>{detail::VideoDifferences<T>(problem, T(1)), problem.isotropic,
                                                 x.data(), DualField<T>{}})[0];
}

/// Calls body(ex, 0, videos, 0) once: all videos of a batch are worked on together.
template <Gpu Ex, class Body>
void for_videos(const Ex& ex, Index videos, Index /*slots*/, Body&& body) {
  body(ex, Index(0), videos, Index(0));
}

}  // namespace videoonenet::cuda
