// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What a step of the MinimalRNN and of its adjoint does to one entry, given the convolution there, and what it reads.

#include <algorithm>
#include <array>

#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/simd_math.hpp"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_scan.hpp"

namespace videoonenet::cuda::detail {

/// Where entry (pixel of all videos' frames, channel) of a step lies, in most arrays and in those of joint channels.
struct ScanEntries {
  Divisor pixels;  ///< of a frame
  int channels, video, joint, joint_video;
  static ScanEntries of(const MinimalRnnScan& s) {
    const Index joint = s.joint > 0 ? s.joint : s.frame.in, pixels = s.frame.h * s.frame.w;
    as_int(s.samples * s.steps * pixels * std::max(s.frame.in, joint), "minimal_rnn");
    return {Divisor(as_int(pixels, "minimal_rnn")), static_cast<int>(s.frame.in), static_cast<int>(s.steps * s.size()),
            static_cast<int>(joint), static_cast<int>(s.steps * pixels * joint)};
  }
  /// An entry of a step: its video, pixel of the frame and channel.
  struct Place {
    int sample, pixel, channel;
  };
  VIDEOONENET_HOST_DEVICE Place place(int pixel_of_all, int channel) const {
    const int sample = pixels.divide(pixel_of_all);
    return {sample, pixel_of_all - sample * pixels.value(), channel};
  }
  VIDEOONENET_HOST_DEVICE int offset(const Place& p) const { return p.sample * video + p.pixel * channels + p.channel; }
  VIDEOONENET_HOST_DEVICE int joint_offset(const Place& p) const {
    return p.sample * joint_video + p.pixel * joint + p.channel;
  }
};

/// The frames of a video in the order in which they are taken.
struct ScanOrder {
  int count, first, by;
  static ScanOrder of(const MinimalRnnScan& s, bool reversed, Index channels) {
    const int size = static_cast<int>(s.frame.h * s.frame.w * channels), count = static_cast<int>(s.steps);
    const bool ahead = (s.direction == TimeDirection::forward) != reversed;
    return {count, ahead ? 0 : (count - 1) * size, ahead ? size : -size};
  }
  VIDEOONENET_HOST_DEVICE int offset(int i) const { return first + i * by; }
};

/// Frames that a step convolves, one a video: null when they are zero.
struct ScanSource {
  const float* frames = nullptr;
  int video = 0;  ///< entries from a video to the next
};

/// Where the k-th array that a step reads has an entry.
template <class Step>
VIDEOONENET_DEVICE const float* read_place(const Step& step, std::size_t k, const ScanEntries::Place& p) {
  return step.reads()[k] + (k == Step::joint_read ? step.entries.joint_offset(p) : step.entries.offset(p));
}

/// A step of one entry, in memory.
template <class Step>
VIDEOONENET_DEVICE void step_entry(const Step& step, int pixel, int channel, float convolved) {
  const ScanEntries::Place place = step.entries.place(pixel, channel);
  typename Step::Reads read;
  for (std::size_t k = 0; k < read.size(); ++k) read[k] = *read_place(step, k, place);
  const float* before = step.carried_from(pixel, channel);
  float carried = before ? *before : 0.0f;
  const auto written = step.apply(read, carried, convolved);
  const auto to = step.writes();
  for (std::size_t k = 0; k < to.size(); ++k) to[k][step.entries.offset(place)] = written[k];
  if (float* after = step.carried_to(pixel, channel)) *after = carried;
  if (step.copy()) step.copy()[step.entries.joint_offset(place)] = written[1];
}

/// One step of MinimalRnnScan for one entry, given R ∗ h_{t−1} there. All pointers are at frame t of the first video.
///
/// `apply` is the step without memory: from what lies at `reads`, all at the entry, and what is carried from step to
/// step, here the state, it computes what is to lie at `writes`, the last of which the next step convolves, and which
/// also goes to `copy` unless that is null. Entries of `copy`, and of what is read as number `joint_read`, are joint
/// ones.
struct StateStep {
  static constexpr bool staged = true;
  static constexpr std::size_t joint_read = 2;  // none
  using Reads = std::array<float, 2>;
  ScanEntries entries;
  MinimalRnnForm form;
  ScanSource previous;  ///< h_{t−1}
  const float* candidate;
  float *gate, *state, *joint_state;

  VIDEOONENET_HOST_DEVICE std::array<const float*, 2> reads() const { return {gate, candidate}; }
  VIDEOONENET_HOST_DEVICE std::array<float*, 2> writes() const { return {gate, state}; }
  VIDEOONENET_HOST_DEVICE float* copy() const { return joint_state; }
  VIDEOONENET_DEVICE std::array<float, 2> apply(const Reads& read, float& h, float convolved) const {
    const float u = simd::sigmoid(read[0] + convolved), v = read[1];
    h = form == MinimalRnnForm::paper ? h + u * (v - h) : v + u * (h - v);
    return {u, h};
  }
  /// Where what is carried lies, null for a zero, and where it goes, null if it is written anyway.
  VIDEOONENET_DEVICE const float* carried_from(int pixel, int channel) const {
    const ScanEntries::Place p = entries.place(pixel, channel);
    return previous.frames ? previous.frames + entries.offset(p) + p.sample * (previous.video - entries.video)
                           : nullptr;
  }
  VIDEOONENET_DEVICE float* carried_to(int /*pixel*/, int /*channel*/) const { return nullptr; }
  VIDEOONENET_DEVICE void operator()(int pixel, int channel, int /*part*/, float convolved) const {
    step_entry(*this, pixel, channel, convolved);
  }
};

/// The steps of a scan: gates hold pre-activations before and u after them, y becomes h, and so does `copy` unless it
/// is null.
struct StateSteps {
  static constexpr bool transposed = false;  ///< the recurrent kernel
  ScanEntries entries;
  ScanOrder order, joint_order;
  MinimalRnnForm form;
  ScanSource initial;
  const float* candidate;
  float *gates, *y, *copy;

  VIDEOONENET_HOST_DEVICE ScanSource source(int i) const {
    return i == 0 ? initial : ScanSource{y + order.offset(i - 1), entries.video};
  }
  VIDEOONENET_HOST_DEVICE StateStep at(int i) const {
    const int frame = order.offset(i);
    return {entries,
            form,
            source(i),
            candidate + frame,
            gates + frame,
            y + frame,
            copy ? copy + joint_order.offset(i) : nullptr};
  }
};

/// One step of its adjoint for one entry, given Rᵀ ∗ d_{t+1} there; `carried` is what the later state gave to this one
/// past its convolution, and becomes what this one gives to the earlier.
struct StateGradientStep {
  static constexpr bool staged = true;
  static constexpr std::size_t joint_read = 3;
  using Reads = std::array<float, 5>;
  ScanEntries entries;
  MinimalRnnForm form;
  bool last;              ///< there is no later state
  const float* previous;  ///< h_{t−1}, null when it is zero
  const float *candidate, *gate, *grad_y;
  float *carried, *grad_candidate, *grad_preactivation;
  bool add;  ///< to grad_candidate

  VIDEOONENET_HOST_DEVICE std::array<const float*, 5> reads() const {  // none is missing
    return {gate, candidate, previous ? previous : gate, grad_y, add ? grad_candidate : gate};
  }
  VIDEOONENET_HOST_DEVICE std::array<float*, 2> writes() const { return {grad_candidate, grad_preactivation}; }
  VIDEOONENET_HOST_DEVICE static float* copy() { return nullptr; }
  VIDEOONENET_DEVICE std::array<float, 2> apply(const Reads& read, float& past, float convolved) const {
    const float u = read[0], v = read[1], h = previous ? read[2] : 0.0f, g = read[3] + (past + convolved);
    const float through_gate = g * u, past_gate = g - through_gate;
    const bool paper = form == MinimalRnnForm::paper;
    past = paper ? past_gate : through_gate;
    return {(add ? read[4] : 0.0f) + (paper ? through_gate : past_gate), past_gate * u * (paper ? v - h : h - v)};
  }
  VIDEOONENET_DEVICE const float* carried_from(int pixel, int channel) const {
    return last ? nullptr : carried_to(pixel, channel);
  }
  VIDEOONENET_DEVICE float* carried_to(int pixel, int channel) const {
    return carried + pixel * entries.channels + channel;
  }
  VIDEOONENET_DEVICE void operator()(int pixel, int channel, int /*part*/, float convolved) const {
    step_entry(*this, pixel, channel, convolved);
  }
};

/// The steps of the adjoint, the last frame's first.
struct StateGradientSteps {
  static constexpr bool transposed = true;
  ScanEntries entries;
  ScanOrder order, joint_order;
  MinimalRnnForm form;
  const float *candidate, *gates, *y, *grad_y;
  float *carried, *grad_candidate, *grad_preactivation;
  bool add;

  VIDEOONENET_HOST_DEVICE ScanSource source(int i) const {
    return i == 0 ? ScanSource{} : ScanSource{grad_preactivation + order.offset(i - 1), entries.video};
  }
  VIDEOONENET_HOST_DEVICE StateGradientStep at(int i) const {
    const int frame = order.offset(i);
    return {entries,
            form,
            i == 0,
            i + 1 < order.count ? y + order.offset(i + 1) : nullptr,
            candidate + frame,
            gates + frame,
            grad_y + joint_order.offset(i),
            carried,
            grad_candidate + frame,
            grad_preactivation + frame,
            add};
  }
};

}  // namespace videoonenet::cuda::detail
