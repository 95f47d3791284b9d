// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the wavelet transform of videos, and of thresholding its coefficients.
///
/// A step transforms one axis of one level, a thread an approximation and its detail. Steps read one array and write
/// another, so that none waits for anything but the launch before; what a level leaves as details goes to its place in
/// the coefficients at once, and only the approximation goes on.

#include <array>
#include <utility>

#include "videoonenet/core/cuda/entry_positions.hpp"
#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/proximal/l1/l1_cuda.cuh"
#include "videoonenet/proximal/wavelet/wavelet_plan.hpp"

namespace videoonenet::cuda {

namespace detail {

/// The three axes, in the order in which analysis transforms them.
enum class VideoAxis { w, h, t };

/// The axes that a level transforms.
struct WaveletAxes {
  std::array<VideoAxis, 3> axis{};
  std::size_t count = 0;

  template <class T>
  WaveletAxes(const WaveletPlan<T>& plan, Index level) {
    if (plan.w.levels >= level) axis[count++] = VideoAxis::w;
    if (plan.h.levels >= level) axis[count++] = VideoAxis::h;
    if (plan.t.levels >= level) axis[count++] = VideoAxis::t;
  }
};

/// The lines along one axis of the part of a batch that a level transforms: n entries, ⌊n/2⌋ of them details.
struct WaveletLines {
  EntryPositions positions;  ///< of what threads write: the part with half of the axis, rounded up
  Divisor channels;
  VideoAxis axis;
  int n, stride, offset;                  ///< entries of a line and their distance; where its first filter begins
  int video, frame, row;                  ///< distances in memory
  int corner_t, corner_h, corner_column;  ///< extents of the approximation after the level

  template <class T>
  WaveletLines(const WaveletPlan<T>& plan, Index level, VideoAxis along)
      : positions(halved(plan.approximation(level - 1), along), "WaveletTransform"),
        channels(static_cast<int>(plan.shape.f)),
        axis(along),
        video(as_int(plan.shape.sample_size(), "WaveletTransform")),
        frame(static_cast<int>(plan.shape.frame_size())),
        row(static_cast<int>(plan.shape.w * plan.shape.f)) {
    as_int(plan.shape.size(), "WaveletTransform");
    const Shape part = plan.approximation(level - 1), corner = plan.approximation(level);
    n = static_cast<int>(along == VideoAxis::w ? part.w : along == VideoAxis::h ? part.h : part.t);
    stride = along == VideoAxis::w ? channels.value() : along == VideoAxis::h ? row : frame;
    offset = static_cast<int>(of(plan, along).offset());
    corner_t = static_cast<int>(corner.t), corner_h = static_cast<int>(corner.h);
    corner_column = static_cast<int>(corner.w * corner.f);
  }

  template <class T>
  static const WaveletAxis<T>& of(const WaveletPlan<T>& plan, VideoAxis along) {
    return along == VideoAxis::w ? plan.w : along == VideoAxis::h ? plan.h : plan.t;
  }
  static Shape halved(Shape part, VideoAxis along) {
    auto& extent = along == VideoAxis::w ? part.w : along == VideoAxis::h ? part.h : part.t;
    extent = videoonenet::detail::approximation_length(extent, 1);
    return part;
  }

  /// A thread's part of a line: entry k of the approximations, the line's first entry in memory, and whether the
  /// approximation is part of the level's.
  struct Place {
    int k, begin;
    bool in_corner;
  };
  VIDEOONENET_DEVICE Place operator()(Index i) const {
    const EntryPosition at = positions(static_cast<int>(i));
    const int k = axis == VideoAxis::w ? channels.divide(at.column) : axis == VideoAxis::h ? at.h : at.t;
    return {k, at.n * video + at.t * frame + at.h * row + at.column - k * stride,
            at.t < corner_t && at.h < corner_h && at.column < corner_column};
  }
  VIDEOONENET_DEVICE int half() const { return n / 2; }
  /// Where detail k lies behind the approximations.
  VIDEOONENET_DEVICE int detail(int k) const { return n - half() + k; }
  /// The first of the entries 2k + offset, 2k + offset + 1, … of the circle of 2⌊n/2⌋ entries.
  VIDEOONENET_DEVICE int first(int k) const {
    int at = 2 * k + offset;
    while (at < 0) at += 2 * half();
    return at;
  }
  VIDEOONENET_DEVICE int next(int at) const { return at + 1 == 2 * half() ? 0 : at + 1; }
};

/// One level along one axis.
template <class T>
struct WaveletAnalysis {
  WaveletLines lines;
  WaveletAxis<T> axis;
  const T* x;
  T *approximation, *details;

  VIDEOONENET_DEVICE void operator()(Index i) const {
    const auto [k, begin, in_corner] = lines(i);
    const int stride = lines.stride;
    T* to = (in_corner ? approximation : details) + begin;
    if (k == lines.half()) {  // the last of an odd number is carried
      to[k * stride] = x[begin + (lines.n - 1) * stride];
      return;
    }
    const T *low = axis.low.data(), *high = axis.high.data();
    T a = 0, d = 0;
    int at = lines.first(k);
    for (int j = 0; j < axis.taps; ++j) {
      const T value = x[begin + at * stride];
      a += low[j] * value, d += high[j] * value;
      at = lines.next(at);
    }
    to[k * stride] = a;
    details[begin + lines.detail(k) * stride] = d;
  }
};

/// The inverse of WaveletAnalysis.
template <class T>
struct WaveletSynthesis {
  WaveletLines lines;
  WaveletAxis<T> axis;
  const T *approximation, *details;
  T* x;

  VIDEOONENET_DEVICE void operator()(Index i) const {
    const auto [q, begin, in_corner] = lines(i);
    const int stride = lines.stride;
    const T *low = (in_corner ? approximation : details) + begin, *high = details + begin;
    if (q == lines.half()) {
      x[begin + (lines.n - 1) * stride] = low[q * stride];
      return;
    }
    const T *even = axis.even.data(), *odd = axis.odd.data();
    T first = 0, second = 0;
    int k = q;
    for (int j = 0; j < axis.taps; j += 2) {
      const T a = low[k * stride], d = high[lines.detail(k) * stride];
      first += even[j] * a, first += even[j + 1] * d;
      second += odd[j] * a, second += odd[j + 1] * d;
      k = k == 0 ? lines.half() - 1 : k - 1;
    }
    const int at = lines.first(q);
    x[begin + at * stride] = first;
    x[begin + lines.next(at) * stride] = second;
  }
};

/// Which coefficients are outside the approximation a.
struct WaveletDetails {
  EntryPositions positions;
  int t, h, column;

  template <class T>
  WaveletDetails(const WaveletPlan<T>& plan, const Shape& a)
      : positions(plan.shape, "Wavelet"),
        t(static_cast<int>(a.t)),
        h(static_cast<int>(a.h)),
        column(static_cast<int>(a.w * plan.shape.f)) {}
  VIDEOONENET_DEVICE bool contain(Index i) const {
    const EntryPosition at = positions(static_cast<int>(i));
    return at.t >= t || at.h >= h || at.column >= column;
  }
};

template <class T>
struct WaveletDetailTerm {
  WaveletDetails details;
  MagnitudeTerm<T> magnitude;
  VIDEOONENET_DEVICE void operator()(Index i, Sums<1>& sums) const {
    if (details.contain(i)) magnitude(i, sums);
  }
};

}  // namespace detail

/// Scratch entries for wavelet_analysis and wavelet_synthesis: two batches, which steps read and write by turns.
template <Gpu Ex, class T>
Index wavelet_scratch_size(const Ex&, const WaveletPlan<T>& plan) {
  return 2 * plan.shape.size();
}

/// c = W x; x and c may be the same memory.
template <Gpu Ex, class T>
void wavelet_analysis(const Ex& ex, const WaveletPlan<T>& plan, Input<T> x, std::type_identity_t<Output<T>> scratch,
                      Output<T> c) {
  if (plan.levels() == 0) return copy(ex, x, c);
  const auto size = c.size();
  T *to = scratch.data(), *next_to = to + size;
  const T* from = x.data();
  if (from == c.data()) {  // details would be written over what is still to be read
    copy(ex, x, scratch.last(size));
    from = next_to;
  }
  for (Index level = 1; level <= plan.levels(); ++level) {
    const detail::WaveletAxes axes(plan, level);
    for (std::size_t j = 0; j < axes.count; ++j) {
      const bool ends_level = j + 1 == axes.count, ends = ends_level && level == plan.levels();
      const detail::WaveletLines lines(plan, level, axes.axis[j]);
      T* const approximation = ends ? c.data() : to;
      for_each(ex, lines.positions.size(),
               detail::WaveletAnalysis<T>{lines, lines.of(plan, axes.axis[j]), from, approximation,
                                          ends_level ? c.data() : approximation});
      from = approximation;
      std::swap(to, next_to);
    }
  }
}

/// x = Wᵀ c; x may be the memory of c.
template <Gpu Ex, class T>
void wavelet_synthesis(const Ex& ex, const WaveletPlan<T>& plan, Output<T> c, std::type_identity_t<Output<T>> scratch,
                       std::type_identity_t<Output<T>> x) {
  if (plan.levels() == 0) return copy(ex, c, x);
  T *to = scratch.data(), *next_to = to + c.size();
  const T* from = c.data();
  for (Index level = plan.levels(); level >= 1; --level) {
    const detail::WaveletAxes axes(plan, level);
    for (std::size_t j = axes.count; j-- > 0;) {
      const bool begins_level = j + 1 == axes.count, ends = j == 0 && level == 1;
      const detail::WaveletLines lines(plan, level, axes.axis[j]);
      T* const part = ends && x.data() != c.data() ? x.data() : to;
      for_each(
          ex, lines.positions.size(),
          detail::WaveletSynthesis<T>{lines, lines.of(plan, axes.axis[j]), from, begins_level ? c.data() : from, part});
      from = part;
      std::swap(to, next_to);
    }
  }
  copy(ex, std::span<const T>(from, x.size()), x);
}

/// Soft thresholding of the coefficients outside the approximation a (an extent of zero: of all), in place.
template <Gpu Ex, class T>
void wavelet_threshold(const Ex& ex, const WaveletPlan<T>& plan, const Shape& a, std::type_identity_t<T> threshold,
                       Output<T> c) {
  const detail::WaveletDetails details(plan, a);
  T* pc = c.data();
  for_each(ex, std::ssize(c), [=] VIDEOONENET_DEVICE(Index i) {
    if (details.contain(i)) pc[i] = detail::soft_thresholded(pc[i], threshold);
  });
}

/// Σ |c| over the coefficients outside the approximation a.  Cost: it waits for the device.
template <Gpu Ex, class T>
double wavelet_l1_norm(const Ex& ex, const WaveletPlan<T>& plan, const Shape& a, std::span<const T> c) {
  return sum_to_host<1>(ex, std::ssize(c),
                        detail::WaveletDetailTerm<T>{detail::WaveletDetails(plan, a), {c.data()}})[0];
}

}  // namespace videoonenet::cuda
