// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Total variation of a video in time and space.

#include <array>
#include <limits>
#include <numbers>
#include <vector>

#include "videoonenet/concepts/proximal_operator.hpp"
#include "videoonenet/proximal/total_variation/total_variation_cpu.hpp"
#include "videoonenet/proximal/weight.hpp"

namespace videoonenet {

/// How the proximal operator of total variation went for one video.
struct TotalVariationReport {
  int iterations = 0;      ///< dual steps taken
  double gap = 0;          ///< duality gap of the result, in units of ½‖x − v‖²
  double error_bound = 0;  ///< √(2 gap / n): the result is at most this far from the exact one, root mean square
};

/// Sparse differences between neighbouring frames, rows and columns, per channel.
///
/// Math: φ(x) = λ Σ ‖(a_t D_t x, a_h D_h x, a_w D_w x)‖ over all pixels and channels, with forward differences D that
/// are zero across the border; ‖·‖ is the Euclidean norm (isotropic) or the ℓ1 norm (anisotropic) of the three numbers.
/// prox_{τφ}(v) = v − τλ Dᵀp, where p maximises the dual problem, found by accelerated projected gradient steps.
/// Inexact: to `tolerance`, or `iterations` steps. The cache keeps p, and its report how exact the result is. The
/// default number of steps is for ADMM, whose next call continues from the cache; a single call wants some hundred.
/// Shapes: any batch; the videos of a batch are independent.
/// Units: `tolerance` is in units of x. Rounding keeps the bound above about √ε: 3e-4 in float, 1e-8 in double.
/// Errors: InputError for negative or infinite weights and tolerances, or no iterations.
/// Cost: per step about 13 passes over the video's entries, one square root each when isotropic; on a device 18 and two
/// launches for the whole batch. A device is waited for once a call, for the report, and with a tolerance every five
/// steps.
/// Source: Beck and Teboulle, "Fast gradient-based algorithms for constrained total variation image denoising and
/// deblurring problems" (2009); Chambolle (2004).
template <class T>
struct TotalVariation {
  using value_type = T;

  /// How the differences of a pixel are joined.
  enum class Norm { isotropic, anisotropic };

  T lambda = T(0.05);              ///< weight λ ≥ 0
  Norm norm = Norm::isotropic;     ///< how the differences of a pixel are joined
  DifferenceWeights<T> weights{};  ///< a_t, a_h, a_w, each at least 0
  int iterations = 10;             ///< at most this many dual steps a call
  double tolerance = 1e-3;         ///< stop when the error bound of a video falls below; 0 takes all steps
  bool warm_start = true;          ///< start from the cache's last p, which ADMM moves little; otherwise from zero

  /// Dual variables and scratch memory of a call.
  template <Executor Ex>
  struct Cache {
    using Memory = decltype(std::declval<const Ex&>().template allocate<T>(0));
    Shape shape;
    TotalVariationScratch scratch;        ///< sizes of primal and sums
    Memory p_t, p_h, p_w, q_t, q_h, q_w;  ///< the dual variable and its extrapolation
    Memory primal;
    decltype(std::declval<const Ex&>().template allocate<double>(0)) sums;
    decltype(std::declval<const Ex&>().template allocate<int>(0)) stopped;  ///< which videos take no more steps
    std::vector<double> gaps;                                               ///< of the videos
    std::vector<TotalVariationReport> reports;                              ///< of the last call, one for each video
  };

  template <Executor Ex>
  Cache<Ex> make_cache(const Ex& ex, const Shape& shape) const {
    require_valid(shape, "TotalVariation");
    const TotalVariationScratch scratch = total_variation_scratch(ex, shape);
    const auto videos = static_cast<std::size_t>(Index(shape.n));
    const auto dual = [&] { return ex.template allocate<T>(shape.size()); };
    return {.shape = shape,
            .scratch = scratch,
            .p_t = dual(),
            .p_h = dual(),
            .p_w = dual(),
            .q_t = dual(),
            .q_h = dual(),
            .q_w = dual(),
            .primal = ex.template allocate<T>(scratch.slots * scratch.primal),
            .sums = ex.template allocate<double>(shape.n * scratch.sums),
            .stopped = ex.template allocate<int>(shape.n),
            .gaps = std::vector<double>(videos),
            .reports = std::vector<TotalVariationReport>(videos)};
  }

  template <Executor Ex>
  void apply(const Ex& ex, Cache<Ex>& cache, View<const T> v, T tau, View<T> x) const {
    const T weight = require_parameters(tau);
    require_shape(v.shape, cache.shape, "TotalVariation", "v");
    for (auto* p : {&cache.p_t, &cache.p_h, &cache.p_w})
      if (!warm_start) fill(ex, T(0), p->span());
    copy(ex, cache.p_t.span(), cache.q_t.span());
    copy(ex, cache.p_h.span(), cache.q_h.span());
    copy(ex, cache.p_w.span(), cache.q_w.span());
    for_videos(ex, v.shape.n, cache.scratch.slots, [&](const Ex& inner, Index first, Index count, Index slot) {
      const auto begin = static_cast<std::size_t>(first), videos = static_cast<std::size_t>(count);
      solve(inner, problem_of(cache, first, count, slot, weight), part_of(v, first, count), part_of(x, first, count),
            std::span(cache.gaps).subspan(begin, videos), std::span(cache.reports).subspan(begin, videos));
    });
  }

  /// φ(x).
  template <Executor Ex>
  double value(const Ex& ex, Cache<Ex>& cache, View<const T> x) const {
    require_parameters(T(1));
    require_shape(x.shape, cache.shape, "TotalVariation", "x");
    double sum = 0;
    for_videos(ex, x.shape.n, Index(1), [&](const Ex& inner, Index first, Index count, Index slot) {
      sum += total_variation_norm(inner, problem_of(cache, first, count, slot, T(1)), part_of(x, first, count));
    });
    return double(lambda) * sum;
  }

 private:
  T require_parameters(T tau) const {
    for (const T a : std::array{weights.t, weights.h, weights.w})
      if (!(a >= T(0)) || !std::isfinite(a))
        throw InputError(
            sentence("TotalVariation: the weight of an axis is ", a, ", expected a number that is not negative"));
    if (iterations < 1 || !(tolerance >= 0))
      throw InputError(sentence("TotalVariation: ", iterations, " iterations to a tolerance of ", tolerance,
                                " were asked for, expected at least one and a tolerance that is not negative"));
    return proximal_weight(tau, lambda, "TotalVariation");
  }

  /// The entries of `count` videos.
  template <class U>
  static std::span<U> part_of(View<U> x, Index first, Index count) {
    const Index size = x.shape.sample_size();
    return x.flat().subspan(static_cast<std::size_t>(first * size), static_cast<std::size_t>(count * size));
  }

  template <Executor Ex>
  TotalVariationProblem<T> problem_of(Cache<Ex>& cache, Index first, Index count, Index slot, T weight) const {
    Shape video = cache.shape;
    video.n = count;
    const auto largest = [](T a, Index extent) {  // eigenvalue of a² DᵀD
      return double(a) * double(a) * 4 * std::pow(std::cos(std::numbers::pi / (2 * double(extent))), 2) * (extent > 1);
    };
    const Index offset = first * video.sample_size();
    return {.shape = video,
            .isotropic = norm == Norm::isotropic,
            .weights = weights,
            .weight = weight,
            .lipschitz =
                static_cast<T>(largest(weights.t, video.t) + largest(weights.h, video.h) + largest(weights.w, video.w)),
            .p = {cache.p_t.data() + offset, cache.p_h.data() + offset, cache.p_w.data() + offset},
            .q = {cache.q_t.data() + offset, cache.q_h.data() + offset, cache.q_w.data() + offset},
            .stopped = cache.stopped.span().subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)),
            .sums = cache.sums.data() + first * cache.scratch.sums,
            .primal = cache.primal.data() + slot * cache.scratch.primal,
            .slots = cache.scratch.slots - slot};
  }

  /// Solves for the videos of a problem; one that is exact enough takes no more steps, whatever the others do.
  template <Executor Ex>
  void solve(const Ex& ex, const TotalVariationProblem<T>& problem, std::span<const T> v, std::span<T> x,
             std::span<double> gaps, std::span<TotalVariationReport> reports) const {
    std::ranges::fill(reports, TotalVariationReport{});
    if (problem.weight == T(0) || problem.lipschitz == T(0)) return copy(ex, v, x);
    const auto bound = [&](double gap) {
      return std::sqrt(2 * std::max(gap, 0.0) / double(problem.shape.sample_size()));
    };
    for (TotalVariationReport& report : reports) report.error_bound = std::numeric_limits<double>::quiet_NaN();
    fill(ex, 0, problem.stopped);
    double t = 1;
    bool running = true;
    for (int step = 1; running && step <= iterations; ++step) {
      const double next_t = (1 + std::sqrt(1 + 4 * t * t)) / 2;
      total_variation_ascend(ex, problem, v, static_cast<T>((t - 1) / next_t));
      t = next_t;
      constexpr int check_every = 5;
      const bool check = tolerance > 0 && step % check_every == 0;
      if (check) total_variation_gap(ex, problem, v, gaps);
      running = false;
      for (std::size_t n = 0; n < reports.size(); ++n) {
        TotalVariationReport& report = reports[n];
        if (report.error_bound <= tolerance) continue;
        ++report.iterations;
        if (check) report.error_bound = bound(gaps[n]);
        if (report.error_bound <= tolerance)
          fill(ex, 1, problem.stopped.subspan(n, 1));
        else
          running = true;
      }
    }
    total_variation_primal(ex, problem, v, x, gaps);
    for (std::size_t n = 0; n < reports.size(); ++n) {
      reports[n].gap = gaps[n];
      reports[n].error_bound = bound(gaps[n]);
    }
  }
};

}  // namespace videoonenet
