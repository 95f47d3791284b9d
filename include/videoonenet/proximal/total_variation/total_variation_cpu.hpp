// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of total variation: accelerated projected gradient on the dual, frame by frame.
///
/// The frames are cut into slabs, one for each thread. A slab keeps only two frames of the primal at a time, so the
/// primal stays in cache while the duals stream by. Every entry is computed by one thread in a fixed order and sums are
/// taken frame by frame: the results do not depend on the number of threads.

#include "videoonenet/core/executor.hpp"
#include "videoonenet/proximal/total_variation/total_variation_rows_cpu.hpp"

namespace videoonenet::cpu {

namespace detail {

/// Calls body with two compile-time flags: isotropic, and whether there is a difference in time.
template <class T, class Body>
void with_variation_kind(const TotalVariationProblem<T>& problem, Body&& body) {
  const bool time = problem.shape.t > 1 && problem.weights.t != T(0);
  if (problem.isotropic)
    time ? body(std::true_type{}, std::true_type{}) : body(std::true_type{}, std::false_type{});
  else
    time ? body(std::false_type{}, std::true_type{}) : body(std::false_type{}, std::false_type{});
}

/// x = v − weight · Dᵀp for frame t; x and v may be the same memory.
template <class T>
void primal_frame(const TotalVariationProblem<T>& problem, const DualField<T>& p, Index t, const T* v, T* x) {
  const Shape& s = problem.shape;
  const Index frame = s.frame_size(), stride = s.w * s.f;
  const DifferenceWeights<T> a{problem.weight * problem.weights.t, problem.weight * problem.weights.h,
                               problem.weight * problem.weights.w};
  with_variation_kind(problem, [&](auto, auto time) {
    for (Index h = 0; h < s.h; ++h) {
      const Index here = t * frame + h * stride;
      const Index earlier = (t > 0 ? t - 1 : s.t - 1) * frame + h * stride;
      const Index above = t * frame + (h > 0 ? h - 1 : s.h - 1) * stride;
      const auto part = [&](Index begin, Index count, Index left) {
        const DualField<T> before{p.t + earlier + begin, p.h + above + begin, p.w + here + left};
        subtract_divergence<time()>(a, p.at(here + begin), before, v + h * stride + begin, x + h * stride + begin,
                                    count);
      };
      part(0, s.f, stride - s.f);
      part(s.f, stride - s.f, 0);
    }
  });
}

/// Calls body(begin, count, x, next_t, next_h, next_w) for the parts of frame t, whose primal is x and the next one's
/// is `later` (x itself after the last frame).
template <class T, class Body>
void for_differences(const Shape& s, const T* x, const T* later, Body&& body) {
  const Index stride = s.w * s.f;
  for (Index h = 0; h < s.h; ++h) {
    const T *row = x + h * stride, *below = h + 1 < s.h ? row + stride : row, *next = later + h * stride;
    const Index inner = stride - s.f;
    body(h * stride, inner, row, next, below, row + s.f);
    body(h * stride + inner, s.f, row + inner, next + inner, below + inner, row + inner);
  }
}

/// Calls body(t, x_t, x_{t+1}) for every frame, with x = v − weight · Dᵀq; the body may change q in frame t.
template <class T, class Body>
void sweep_frames(const Executor& ex, const TotalVariationProblem<T>& problem, const DualField<T>& q, const T* v,
                  Body&& body) {
  const Index frame = problem.shape.frame_size(), frames = problem.shape.t;
  const Index slabs = std::clamp(std::min(Index(ex.threads), problem.slots), Index(1), frames);
  const auto first = [&](Index slab) { return frames * slab / slabs; };
  // The first frame of each slab, before anybody changes the duals it depends on.
  const auto primal = [&](Index slab, Index t) {
    return problem.primal + (3 * slab + (t == first(slab) ? Index(2) : t % 2)) * frame;
  };
  parallel_for(ex, slabs, [&](Index slab) {
    primal_frame(problem, q, first(slab), v + first(slab) * frame, primal(slab, first(slab)));
  });
  parallel_for(ex, slabs, [&](Index slab) {
    const Index end = first(slab + 1);
    for (Index t = first(slab); t < end; ++t) {
      const T *x = primal(slab, t), *later = x;
      if (t + 1 < end) {
        T* next = primal(slab, t + 1);
        primal_frame(problem, q, t + 1, v + (t + 1) * frame, next);
        later = next;
      } else if (end < frames) {
        later = primal(slab + 1, end);
      }
      body(t, x, later);
    }
  });
}

/// TV(x) and the duality gap of p, from the sums that `variation_frame` has left for each frame.
template <class T>
VariationSums add_frame_sums(const TotalVariationProblem<T>& problem) {
  VariationSums total;
  for (Index t = 0; t < problem.shape.t; ++t) total += {problem.sums[2 * t], problem.sums[2 * t + 1]};
  return total;
}

/// Leaves the sums of frame t for add_frame_sums.
template <class T>
void variation_frame(const TotalVariationProblem<T>& problem, Index t, const T* x, const T* later) {
  const Index frame = problem.shape.frame_size();
  VariationSums sums;
  for_differences(problem.shape, x, later,
                  [&](Index begin, Index count, const T* row, const T* next_t, const T* next_h, const T* next_w) {
                    const auto p = problem.p.at(t * frame + begin);
                    sums += problem.isotropic
                                ? variation_sums<true>(problem.weights, row, next_t, next_h, next_w, p, count)
                                : variation_sums<false>(problem.weights, row, next_t, next_h, next_w, p, count);
                  });
  problem.sums[2 * t] = sums.variation;
  problem.sums[2 * t + 1] = sums.gap;
}

/// TV(x), and TV(x) − ⟨p, Dx⟩, of a whole video.
template <class T>
VariationSums variation_of(const Executor& ex, const TotalVariationProblem<T>& problem, const T* x) {
  const Index frame = problem.shape.frame_size();
  parallel_for(ex, problem.shape.t, [&](Index t) {
    variation_frame(problem, t, x + t * frame, x + std::min(t + 1, problem.shape.t - 1) * frame);
  });
  return add_frame_sums(problem);
}

}  // namespace detail

/// A slot for each thread, with 3 frames; 2 sums for each frame.
inline TotalVariationScratch total_variation_scratch(const Executor& ex, const Shape& shape) {
  return {.slots = std::clamp(Index(ex.threads), Index(1), Index(shape.n * shape.t)),
          .primal = 3 * shape.frame_size(),
          .sums = 2 * shape.t};
}

/// One step of accelerated projected gradient ascent on the dual of one video.
template <class T>
void total_variation_ascend(const Executor& ex, const TotalVariationProblem<T>& problem, Input<T> v,
                            std::type_identity_t<T> momentum) {
  const Index frame = problem.shape.frame_size();
  const detail::DualStep<T> step{1 / (problem.weight * problem.lipschitz), momentum};
  detail::with_variation_kind(problem, [&](auto isotropic, auto time) {
    detail::sweep_frames(ex, problem, problem.q, v.data(), [&](Index t, const T* x, const T* later) {
      detail::for_differences(
          problem.shape, x, later,
          [&](Index begin, Index count, const T* row, const T* next_t, const T* next_h, const T* next_w) {
            const Index at = t * frame + begin;
            detail::ascend_dual<isotropic(), time()>(problem.weights, step, row, next_t, next_h, next_w,
                                                     problem.p.at(at), problem.q.at(at), count);
          });
    });
  });
}

/// The duality gap of p, weight · (TV(x) − ⟨p, Dx⟩) at x = v − weight · Dᵀp.
template <class T>
void total_variation_gap(const Executor& ex, const TotalVariationProblem<T>& problem, Input<T> v,
                         std::span<double> gap) {
  detail::sweep_frames(ex, problem, problem.p, v.data(),
                       [&](Index t, const T* x, const T* later) { detail::variation_frame(problem, t, x, later); });
  gap[0] = double(problem.weight) * detail::add_frame_sums(problem).gap;
}

/// x = v − weight · Dᵀp, and its duality gap; x may be the memory of v.
template <class T>
void total_variation_primal(const Executor& ex, const TotalVariationProblem<T>& problem, Input<T> v, Output<T> x,
                            std::span<double> gap) {
  const Index frame = problem.shape.frame_size();
  parallel_for(ex, problem.shape.t, [&](Index t) {
    detail::primal_frame(problem, problem.p, t, v.data() + t * frame, x.data() + t * frame);
  });
  gap[0] = double(problem.weight) * detail::variation_of(ex, problem, x.data()).gap;
}

/// TV(x) of one video.
template <class T>
double total_variation_norm(const Executor& ex, const TotalVariationProblem<T>& problem, Input<T> x) {
  return detail::variation_of(ex, problem, x.data()).variation;
}

/// Calls body(ex, n, 1, slot) for every video n of a batch; videos are spread over the threads where there are enough.
template <class Body>
void for_videos(const Executor& ex, Index videos, Index slots, Body&& body) {
  const Index workers = std::min({Index(ex.threads), slots, videos});
  if (workers < ex.threads || workers <= 1) {
    for (Index n = 0; n < videos; ++n) body(ex, n, Index(1), Index(0));
    return;
  }
  parallel_for(ex, workers, [&](Index worker) {
    for (Index n = videos * worker / workers; n < videos * (worker + 1) / workers; ++n)
      body(ex.with_threads(1), n, Index(1), worker);
  });
}

}  // namespace videoonenet::cpu
