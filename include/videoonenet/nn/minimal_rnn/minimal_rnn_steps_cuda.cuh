// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What a step of the MinimalRNN and of its adjoint does to one entry, given the convolution there, and what it reads.

#include <array>

#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/simd_math.hpp"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_scan.hpp"

namespace videoonenet::cuda::detail {

/// Where entry (pixel of all videos' frames, channel) of a step lies.
struct ScanEntries {
  Divisor pixels;  ///< of a frame
  int channels, video;
  static ScanEntries of(const MinimalRnnScan& s) {
    as_int(s.samples * s.steps * s.size(), "minimal_rnn");
    return {Divisor(as_int(s.frame.h * s.frame.w, "minimal_rnn")), static_cast<int>(s.frame.in),
            static_cast<int>(s.steps * s.size())};
  }
  VIDEOONENET_HOST_DEVICE int offset(int pixel, int channel) const {
    const int sample = pixels.divide(pixel);
    return sample * video + (pixel - sample * pixels.value()) * channels + channel;
  }
};

/// The frames of a video in the order in which they are taken.
struct ScanOrder {
  int count, first, by;
  static ScanOrder of(const MinimalRnnScan& s, bool reversed) {
    const int size = static_cast<int>(s.size()), count = static_cast<int>(s.steps);
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

/// A step of one entry, in memory.
template <class Step>
VIDEOONENET_DEVICE void step_entry(const Step& step, int pixel, int channel, float convolved) {
  const int i = step.entries.offset(pixel, channel);
  const auto from = step.reads();
  typename Step::Reads read;
  for (std::size_t k = 0; k < from.size(); ++k) read[k] = from[k][i];
  const float* before = step.carried_from(pixel, channel);
  float carried = before ? *before : 0.0f;
  const auto written = step.apply(read, carried, convolved);
  const auto to = step.writes();
  for (std::size_t k = 0; k < to.size(); ++k) to[k][i] = written[k];
  if (float* after = step.carried_to(pixel, channel)) *after = carried;
}

/// One step of MinimalRnnScan for one entry, given R ∗ h_{t−1} there. All pointers are at frame t of the first video.
///
/// `apply` is the step without memory: from what lies at `reads`, all at the entry, and what is carried from step to
/// step, here the state, it computes what is to lie at `writes`, the last of which the next step convolves.
struct StateStep {
  static constexpr bool staged = true;
  using Reads = std::array<float, 2>;
  ScanEntries entries;
  MinimalRnnForm form;
  ScanSource previous;  ///< h_{t−1}
  const float* candidate;
  float *gate, *state;

  VIDEOONENET_HOST_DEVICE std::array<const float*, 2> reads() const { return {gate, candidate}; }
  VIDEOONENET_HOST_DEVICE std::array<float*, 2> writes() const { return {gate, state}; }
  VIDEOONENET_DEVICE std::array<float, 2> apply(const Reads& read, float& h, float convolved) const {
    const float u = simd::sigmoid(read[0] + convolved), v = read[1];
    h = form == MinimalRnnForm::paper ? h + u * (v - h) : v + u * (h - v);
    return {u, h};
  }
  /// Where what is carried lies, null for a zero, and where it goes, null if it is written anyway.
  VIDEOONENET_DEVICE const float* carried_from(int pixel, int channel) const {
    const int sample = entries.pixels.divide(pixel);
    return previous.frames
               ? previous.frames + entries.offset(pixel, channel) + sample * (previous.video - entries.video)
               : nullptr;
  }
  VIDEOONENET_DEVICE float* carried_to(int /*pixel*/, int /*channel*/) const { return nullptr; }
  VIDEOONENET_DEVICE void operator()(int pixel, int channel, int /*part*/, float convolved) const {
    step_entry(*this, pixel, channel, convolved);
  }
};

/// The steps of a scan: gates hold pre-activations before and u after them, y becomes h.
struct StateSteps {
  static constexpr bool transposed = false;  ///< the recurrent kernel
  ScanEntries entries;
  ScanOrder order;
  MinimalRnnForm form;
  ScanSource initial;
  const float* candidate;
  float *gates, *y;

  VIDEOONENET_HOST_DEVICE ScanSource source(int i) const {
    return i == 0 ? initial : ScanSource{y + order.offset(i - 1), entries.video};
  }
  VIDEOONENET_HOST_DEVICE StateStep at(int i) const {
    const int frame = order.offset(i);
    return {entries, form, source(i), candidate + frame, gates + frame, y + frame};
  }
};

/// One step of its adjoint for one entry, given Rᵀ ∗ d_{t+1} there; `carried` is what the later state gave to this one
/// past its convolution, and becomes what this one gives to the earlier.
struct StateGradientStep {
  static constexpr bool staged = true;
  using Reads = std::array<float, 5>;
  ScanEntries entries;
  MinimalRnnForm form;
  bool last;              ///< there is no later state
  const float* previous;  ///< h_{t−1}, null when it is zero
  const float *candidate, *gate, *grad_y;
  float *carried, *grad_candidate, *grad_preactivation;

  VIDEOONENET_HOST_DEVICE std::array<const float*, 5> reads() const {
    return {gate, candidate, previous ? previous : gate, grad_y, grad_candidate};  // none is missing
  }
  VIDEOONENET_HOST_DEVICE std::array<float*, 2> writes() const { return {grad_candidate, grad_preactivation}; }
  VIDEOONENET_DEVICE std::array<float, 2> apply(const Reads& read, float& past, float convolved) const {
    const float u = read[0], v = read[1], h = previous ? read[2] : 0.0f, g = read[3] + (past + convolved);
    const float through_gate = g * u, past_gate = g - through_gate;
    const bool paper = form == MinimalRnnForm::paper;
    past = paper ? past_gate : through_gate;
    return {read[4] + (paper ? through_gate : past_gate), past_gate * u * (paper ? v - h : h - v)};
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
  ScanOrder order;
  MinimalRnnForm form;
  const float *candidate, *gates, *y, *grad_y;
  float *carried, *grad_candidate, *grad_preactivation;

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
            grad_y + frame,
            carried,
            grad_candidate + frame,
            grad_preactivation + frame};
  }
};

}  // namespace videoonenet::cuda::detail
