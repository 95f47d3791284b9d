// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the MinimalRNN: a launch a step, whose convolution ends in the gate and the new state.

#include "videoonenet/core/simd_math.hpp"
#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_cuda.cuh"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_scan.hpp"

namespace videoonenet::cuda {

namespace detail {

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

/// One step of MinimalRnnScan for one entry, given R ∗ h_{t−1} there. All pointers are at frame t of the first video.
struct StateStep {
  static constexpr bool staged = true;
  ScanEntries entries;
  MinimalRnnForm form;
  const float *candidate, *previous;  ///< `previous` is null when h_{t−1} is zero
  int previous_video;                 ///< entries between the videos of `previous`
  float *gate, *state;

  VIDEOONENET_DEVICE void operator()(int pixel, int channel, int /*part*/, float convolved) const {
    const int i = entries.offset(pixel, channel);
    const float u = simd::sigmoid(gate[i] + convolved), v = candidate[i];
    const int sample = entries.pixels.divide(pixel);
    const float h = previous ? previous[i + sample * (previous_video - entries.video)] : 0.0f;
    gate[i] = u;
    state[i] = form == MinimalRnnForm::paper ? h + u * (v - h) : v + u * (h - v);
  }
};

/// One step of its adjoint for one entry, given Rᵀ ∗ d_{t+1} there; `carried` is what the later state gave to this one
/// past its convolution, and becomes what this one gives to the earlier.
struct StateGradientStep {
  static constexpr bool staged = true;
  ScanEntries entries;
  MinimalRnnForm form;
  const float *candidate, *previous, *gate, *grad_y;
  bool last;  ///< there is no later state
  float *carried, *grad_candidate, *grad_preactivation;

  VIDEOONENET_DEVICE void operator()(int pixel, int channel, int /*part*/, float convolved) const {
    const int i = entries.offset(pixel, channel), own = pixel * entries.channels + channel;
    const float u = gate[i], v = candidate[i], h = previous ? previous[i] : 0.0f;
    const float g = last ? grad_y[i] : grad_y[i] + (carried[own] + convolved);
    const float through_gate = g * u, past_gate = g - through_gate;
    const bool paper = form == MinimalRnnForm::paper;
    grad_preactivation[i] = past_gate * u * (paper ? v - h : h - v);
    grad_candidate[i] += paper ? through_gate : past_gate;
    carried[own] = paper ? past_gate : through_gate;
  }
};

/// step(pixel, channel, 0, Σ) for all entries of a frame of every video, Σ the convolution of `from`, frames
/// `video` entries apart, with the recurrent kernel or its transpose.
template <bool transposed, Gpu Ex, class Step>
void launch_step(const Ex& ex, const MinimalRnnScan& s, const float* from, Index video, Input<float> kernel,
                 const Step& step) {
  using namespace convolution;
  const Conv2dGeometry g = s.frame.with_frames(s.samples);
  const Index pixels = g.frames * g.h * g.w, terms = g.kernel * g.kernel * g.in;
  Frames frames = transposed ? Frames::output(g, from) : Frames::input(g, from);
  frames.map.frame_stride = as_int(video, "minimal_rnn");
  const auto launch = [&]<int width>() {
    const Windows<width> a(frames, g.kernel, pixels);
    if constexpr (transposed)
      launch_product(ex, a, TransposedKernel<width>(kernel.data(), g.in, g.out), step, pixels, g.in, terms);
    else
      launch_product(ex, a, TermsByColumns<width>(kernel.data(), g.out), step, pixels, g.out, terms);
  };
  if (by_fours(g.in, g.out))
    launch.template operator()<4>();
  else
    launch.template operator()<1>();
}

/// The same where there is nothing to convolve.
template <Gpu Ex, class Step>
void launch_plain_step(const Ex& ex, const MinimalRnnScan& s, const Step& step) {
  const Divisor channels(static_cast<int>(s.frame.in));
  for_each(ex, s.samples * s.size(), [=] VIDEOONENET_DEVICE(Index i) {
    const int pixel = channels.divide(static_cast<int>(i));
    step(pixel, static_cast<int>(i) - pixel * channels.value(), 0, 0.0f);
  });
}

}  // namespace detail

/// Entries of scratch that the kernels below need.
template <class T, Gpu Ex>
Index minimal_rnn_scratch_size(const Ex&, const MinimalRnnScan& s) {
  static_assert(std::same_as<T, float>, "videoonenet: recurrent layers on a GPU are computed in float");
  return s.samples * s.size();
}

/// gates: from the pre-activations K ∗ v + b to u; y: the states h. `initial` holds h_{−1} of every video, or nothing.
template <Gpu Ex>
void minimal_rnn_scan(const Ex& ex, const MinimalRnnScan& s, Input<float> initial, Input<float> candidate,
                      Input<float> recurrent_kernel, std::span<float> gates, std::span<float> y,
                      std::span<float> /*scratch*/) {
  const detail::ScanEntries entries = detail::ScanEntries::of(s);
  for (Index step = 0; step < s.steps; ++step) {
    const Index at = s.offset(0, step);
    const bool first = step == 0;
    const float* previous = !first ? y.data() + s.offset(0, step - 1) : initial.empty() ? nullptr : initial.data();
    const Index video = first ? s.size() : s.steps * s.size();
    const detail::StateStep state{
        entries, s.form, candidate.data() + at, previous, static_cast<int>(video), gates.data() + at, y.data() + at};
    if (previous)
      detail::launch_step<false>(ex, s, previous, video, recurrent_kernel, state);
    else
      detail::launch_plain_step(ex, s, state);
  }
}

/// grad_candidate += v's gradient through the states; grad_preactivation = that of K ∗ v + b.
template <Gpu Ex>
void minimal_rnn_scan_adjoint(const Ex& ex, const MinimalRnnScan& s, Input<float> candidate, Input<float> gates,
                              Input<float> y, Input<float> recurrent_kernel, Input<float> grad_y,
                              std::span<float> grad_candidate, std::span<float> grad_preactivation,
                              std::span<float> scratch) {
  const detail::ScanEntries entries = detail::ScanEntries::of(s);
  convolution::require_scratch(std::ssize(scratch), s.samples * s.size());
  for (Index step = s.steps - 1; step >= 0; --step) {
    const Index at = s.offset(0, step);
    const bool last = step == s.steps - 1;
    const detail::StateGradientStep gradient{entries,
                                             s.form,
                                             candidate.data() + at,
                                             step > 0 ? y.data() + s.offset(0, step - 1) : nullptr,
                                             gates.data() + at,
                                             grad_y.data() + at,
                                             last,
                                             scratch.data(),
                                             grad_candidate.data() + at,
                                             grad_preactivation.data() + at};
    if (last)
      detail::launch_plain_step(ex, s, gradient);
    else
      detail::launch_step<true>(ex, s, grad_preactivation.data() + s.offset(0, step + 1), s.steps * s.size(),
                                recurrent_kernel, gradient);
  }
}

/// grad_R += Σ_t h_{t−1} ⋆ d_t over all videos.
template <Gpu Ex>
void minimal_rnn_kernel_gradient(const Ex& ex, const MinimalRnnScan& s, Input<float> y, Input<float> grad_preactivation,
                                 std::span<float> grad_recurrent_kernel, std::span<float> scratch) {
  using namespace convolution;
  if (s.steps < 2) return;
  const Index count = s.steps - 1, size = s.size();
  const Conv2dGeometry g = s.frame.with_frames(s.samples * count);
  const FrameMap map{.per_group = Divisor(as_int(count, "minimal_rnn")),
                     .group_stride = as_int(s.steps * size, "minimal_rnn"),
                     .frame_stride = static_cast<int>(size)};
  // Within a video the states but the last and the d but the first lie in a row.
  const bool ahead = s.direction == TimeDirection::forward;
  Frames frames = Frames::input(g, y.data() + (ahead ? 0 : size));
  frames.map = map;
  const float* d = grad_preactivation.data() + (ahead ? size : 0);
  const Index pixels = g.frames * g.h * g.w, rows = g.kernel * g.kernel * g.in;
  const std::span<float> parts = behind_products(s.frame.with_frames(s.samples * s.steps), scratch);
  const auto add = [&]<int width>() {
    add_kernel_gradient<width>(ex, {frames, g.kernel, pixels}, {d, map, g.h * g.w, g.out}, rows, g.out, pixels,
                               grad_recurrent_kernel, parts);
  };
  if (by_fours(g.in, g.out))
    add.template operator()<4>();
  else
    add.template operator()<1>();
}

/// z = tanh(z).
template <Gpu Ex>
void minimal_rnn_features(const Ex& ex, std::span<float> z) {
  float* p = z.data();
  for_each(ex, std::ssize(z), [=] VIDEOONENET_DEVICE(Index i) { p[i] = simd::tanh(p[i]); });
}

/// grad_z ← (1 − z²) ⊙ grad_z, from the gradient of z = tanh(a) to that of a.
template <Gpu Ex>
void minimal_rnn_features_adjoint(const Ex& ex, Input<float> z, std::span<float> grad_z) {
  const float* p = z.data();
  float* g = grad_z.data();
  for_each(ex, std::ssize(grad_z), [=] VIDEOONENET_DEVICE(Index i) { g[i] *= 1 - p[i] * p[i]; });
}

#if defined(VIDEOONENET_INSTANCE) && defined(__CUDACC__)
VIDEOONENET_INSTANCE void minimal_rnn_scan(const Executor&, const MinimalRnnScan&, Input<float>, Input<float>,
                                           Input<float>, std::span<float>, std::span<float>, std::span<float>);
VIDEOONENET_INSTANCE void minimal_rnn_scan_adjoint(const Executor&, const MinimalRnnScan&, Input<float>, Input<float>,
                                                   Input<float>, Input<float>, Input<float>, std::span<float>,
                                                   std::span<float>, std::span<float>);
#endif

}  // namespace videoonenet::cuda
