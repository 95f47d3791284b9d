// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the wavelet transform of videos, and of thresholding its coefficients.
///
/// Every entry is computed by one thread in a fixed order: the results do not depend on the number of threads.

#include "videoonenet/proximal/l1/l1_cpu.hpp"
#include "videoonenet/proximal/wavelet/wavelet_axis_cpu.hpp"

namespace videoonenet::cpu {

namespace detail {

enum class Direction { analysis, synthesis };

/// Calls body(i, slot) for every i in [0, count); items with the same slot run one after the other.
template <class Body>
void for_slots(const Executor& ex, Index slots, Index count, Body&& body) {
  slots = std::clamp(std::min(slots, Index(ex.threads)), Index(1), std::max(count, Index(1)));
  parallel_for(ex, slots, [&](Index slot) {
    for (Index i = count * slot / slots; i < count * (slot + 1) / slots; ++i) body(i, slot);
  });
}

/// One level over the columns and rows of a frame's part of h rows of w pixels; from and to may be the same memory.
///
/// Transforms along different axes commute, so synthesis takes the axes in the same order as analysis.
template <Direction D, class T>
void transform_frame(const WaveletPlan<T>& plan, Index level, const Shape& part, Rows<const T> from, Rows<T> to,
                     T* scratch) {
  const Index h = part.h, w = part.w, f = part.f, count = w * f;
  const bool rows = plan.h.levels >= level, columns = plan.w.levels >= level;
  T* line_scratch = scratch + h * count;
  const Rows<T> lines = rows ? Rows<T>{scratch, count} : to;
  for (Index i = 0; i < h; ++i) {
    if (!columns) {
      if (from[i] != lines[i]) std::copy_n(from[i], count, lines[i]);
    } else if constexpr (D == Direction::analysis) {
      analyse_line(plan.w, w, f, from[i], lines[i], line_scratch);
    } else {
      synthesise_line(plan.w, w, f, from[i], lines[i], line_scratch);
    }
  }
  if (!rows) return;
  if constexpr (D == Direction::analysis)
    analyse_rows(plan.h, h, count, Rows<const T>{scratch, count}, to);
  else
    synthesise_rows(plan.h, h, count, Rows<const T>{scratch, count}, to);
}

/// One level over the columns and rows of every frame of the part; from and to are whole videos.
template <Direction D, class T>
void transform_frames(const Executor& ex, const WaveletPlan<T>& plan, Index level, const Shape& part,
                      std::span<T> scratch, Index slots, const T* from, T* to) {
  const Index frame = plan.shape.frame_size(), stride = plan.shape.w * plan.shape.f;
  for_slots(ex, slots, part.n * part.t, [&](Index i, Index slot) {
    const Index offset = (i / part.t * plan.shape.t + i % part.t) * frame;
    transform_frame<D>(plan, level, part, Rows<const T>{from + offset, stride}, Rows<T>{to + offset, stride},
                       scratch.data() + slot * (std::ssize(scratch) / slots));
  });
}

/// Entries of a frame that are transformed over time together.
inline Index time_chunk(Index frames) { return std::clamp(Index(8192) / frames / 16 * 16, Index(16), Index(1024)); }

/// One level over the frames of the part, in place.
template <Direction D, class T>
void transform_time(const Executor& ex, const WaveletPlan<T>& plan, const Shape& part, std::span<T> scratch,
                    Index slots, T* c) {
  const Index frame = plan.shape.frame_size(), stride = plan.shape.w * plan.shape.f;
  const bool whole_rows = part.w == plan.shape.w;
  const Index runs = whole_rows ? Index(1) : Index(part.h),
              run = (whole_rows ? Index(part.h) : Index(1)) * part.w * part.f;
  const Index chunk = time_chunk(part.t), chunks = (run + chunk - 1) / chunk;
  for_slots(ex, slots, part.n * runs * chunks, [&](Index i, Index slot) {
    const Index begin = i % chunks * chunk, count = std::min(chunk, run - begin);
    const Index video = i / chunks / runs, row = i / chunks % runs;
    const Rows<T> to{c + video * plan.shape.sample_size() + row * stride + begin, frame};
    const Rows<T> copied{scratch.data() + slot * (std::ssize(scratch) / slots), chunk};
    for (Index t = 0; t < part.t; ++t) std::copy_n(to[t], count, copied[t]);
    if constexpr (D == Direction::analysis)
      analyse_rows(plan.t, part.t, count, Rows<const T>{copied.data, chunk}, to);
    else
      synthesise_rows(plan.t, part.t, count, Rows<const T>{copied.data, chunk}, to);
  });
}

/// Calls body(begin, end) for each part of row (n, t, h) of the coefficients that holds details: all of it, or what is
/// beside the approximation a.
template <class T, class Body>
void for_details(const WaveletPlan<T>& plan, const Shape& a, Index row, Body&& body) {
  const Shape& s = plan.shape;
  const Index h = row % s.h, t = row / s.h % s.t, stride = s.w * s.f;
  const Index skipped = h < a.h && t < a.t ? a.w * a.f : Index(0);
  body(row * stride + skipped, (row + 1) * stride);
}

/// Scratch entries of a slot.
template <class T>
Index slot_size(const WaveletPlan<T>& plan) {
  const Shape& s = plan.shape;
  const Index lines = s.frame_size() + line_scratch_size(s.w, s.f), frames = s.t * time_chunk(s.t);
  constexpr Index line = static_cast<Index>(alignment / sizeof(T));
  return (std::max(lines, frames) + line - 1) / line * line;
}

}  // namespace detail

/// Scratch entries for wavelet_analysis and wavelet_synthesis: a slot for each thread.
template <class T>
Index wavelet_scratch_size(const Executor& ex, const WaveletPlan<T>& plan) {
  return std::max(1, ex.threads) * detail::slot_size(plan);
}

/// c = W x; x and c may be the same memory; `scratch` may be that of an executor with another number of threads.
template <class T>
void wavelet_analysis(const Executor& ex, const WaveletPlan<T>& plan, Input<T> x,
                      std::type_identity_t<Output<T>> scratch, Output<T> c) {
  if (plan.levels() == 0) return copy(ex, x, c);
  const Index slots = std::ssize(scratch) / detail::slot_size(plan);
  for (Index level = 1; level <= plan.levels(); ++level) {
    const Shape part = plan.approximation(level - 1);
    if (level == 1 || std::max(plan.h.levels, plan.w.levels) >= level)
      detail::transform_frames<detail::Direction::analysis>(ex, plan, level, part, scratch, slots,
                                                            level == 1 ? x.data() : c.data(), c.data());
    if (plan.t.levels >= level)
      detail::transform_time<detail::Direction::analysis>(ex, plan, part, scratch, slots, c.data());
  }
}

/// x = Wᵀ c; c is overwritten and may be the memory of x.
template <class T>
void wavelet_synthesis(const Executor& ex, const WaveletPlan<T>& plan, Output<T> c,
                       std::type_identity_t<Output<T>> scratch, std::type_identity_t<Output<T>> x) {
  if (plan.levels() == 0) return copy(ex, c, x);
  const Index slots = std::ssize(scratch) / detail::slot_size(plan);
  for (Index level = plan.levels(); level >= 1; --level) {
    const Shape part = plan.approximation(level - 1);
    if (plan.t.levels >= level)
      detail::transform_time<detail::Direction::synthesis>(ex, plan, part, scratch, slots, c.data());
    if (level == 1 || std::max(plan.h.levels, plan.w.levels) >= level)
      detail::transform_frames<detail::Direction::synthesis>(ex, plan, level, part, scratch, slots, c.data(),
                                                             level == 1 ? x.data() : c.data());
  }
}

/// Soft thresholding of the coefficients outside the approximation a (an extent of zero: of all), in place.
template <class T>
void wavelet_threshold(const Executor& ex, const WaveletPlan<T>& plan, const Shape& a,
                       std::type_identity_t<T> threshold, Output<T> c) {
  const Index rows = plan.shape.n * plan.shape.t * plan.shape.h, per_task = 64;
  parallel_for(ex, (rows + per_task - 1) / per_task, [&](Index task) {
    for (Index row = task * per_task; row < std::min(rows, (task + 1) * per_task); ++row)
      detail::for_details(plan, a, row, [&](Index begin, Index end) {
        T* p = c.data();
#pragma omp simd
        for (Index i = begin; i < end; ++i) p[i] = detail::soft_thresholded(p[i], threshold);
      });
  });
}

/// Σ |c| over the coefficients outside the approximation a.
template <class T>
double wavelet_l1_norm(const Executor& ex, const WaveletPlan<T>& plan, const Shape& a, std::span<const T> c) {
  return detail::blocked_sum(ex, plan.shape.n * plan.shape.t * plan.shape.h, [&](Index row) {
    double sum = 0;
    detail::for_details(plan, a, row, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) sum += std::abs(double(c[static_cast<std::size_t>(i)]));
    });
    return sum;
  });
}

}  // namespace videoonenet::cpu
