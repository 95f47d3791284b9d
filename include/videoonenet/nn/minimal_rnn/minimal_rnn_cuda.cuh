// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the MinimalRNN: a launch a step, whose convolution ends in the gate and the new state, or one for
/// all steps.

#include "videoonenet/core/vector_ops_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_cuda.cuh"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_cluster_cuda.cuh"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_steps_cuda.cuh"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_warpgroup_cuda.cuh"

namespace videoonenet::cuda {

namespace detail {

/// step(pixel, channel, 0, Σ) for all entries of a frame of every video, Σ the convolution of `from` with the recurrent
/// kernel or its transpose.
template <bool transposed, Gpu Ex, class Step>
void launch_step(const Ex& ex, const MinimalRnnScan& s, const ScanSource& from, Input<float> kernel,
                 convolution::WarpgroupWeights& weights, const Step& step) {
  using namespace convolution;
  const Conv2dGeometry g = s.frame.with_frames(s.samples);
  const Index pixels = g.frames * g.h * g.w, terms = g.kernel * g.kernel * g.in;
  Frames frames = transposed ? Frames::output(g, from.frames) : Frames::input(g, from.frames);
  frames.map.frame_stride = from.video;
  if (launch_warpgroup_convolution<transposed>(ex, g, frames.map, from.frames, kernel.data(), weights,
                                               StepPairs<Step>{step}))
    return;
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

/// All steps, in one kernel or in one each, whose convolutions share prepared weights.
template <Gpu Ex, class Steps>
void launch_steps(const Ex& ex, const MinimalRnnScan& s, Input<float> kernel, std::span<float> scratch,
                  const Steps& steps) {
  if (launch_cluster_scan(ex, s, kernel, steps) || launch_warpgroup_scan(ex, s, kernel, steps)) return;
  const Conv2dGeometry g = s.frame.with_frames(s.samples);
  auto weights = convolution::weights_in(ex, g, scratch);
  for (int i = 0; i < steps.order.count; ++i)
    if (const ScanSource source = steps.source(i); source.frames)
      launch_step<Steps::transposed>(ex, s, source, kernel, weights, steps.at(i));
    else
      launch_plain_step(ex, s, steps.at(i));
}

}  // namespace detail

/// Entries of scratch that the kernels below need.
template <class T, Gpu Ex>
Index minimal_rnn_scratch_size(const Ex& ex, const MinimalRnnScan& s) {
  static_assert(std::same_as<T, float>, "videoonenet: recurrent layers on a GPU are computed in float");
  return convolution::warpgroup_weights_size(ex, s.frame) + s.samples * s.size();
}

/// gates: from the pre-activations K ∗ v + b to u; y: the states h, and unless it is empty also `copy`, which begins at
/// the first of `in` channels of s.joint. `initial` holds h_{−1} of every video, or nothing.
template <Gpu Ex>
void minimal_rnn_scan(const Ex& ex, const MinimalRnnScan& s, Input<float> initial, Input<float> candidate,
                      Input<float> recurrent_kernel, std::span<float> gates, std::span<float> y,
                      std::span<float> scratch, std::span<float> copy = {}) {
  using namespace detail;
  const ScanSource first{initial.empty() ? nullptr : initial.data(), as_int(s.size(), "minimal_rnn")};
  const auto entries = ScanEntries::of(s);
  launch_steps(ex, s, recurrent_kernel, scratch,
               StateSteps{entries, ScanOrder::of(s, false, entries.channels), ScanOrder::of(s, false, entries.joint),
                          s.form, first, candidate.data(), gates.data(), y.data(), copy.data()});
}

/// grad_candidate += v's gradient through the states, or =; grad_preactivation = that of K ∗ v + b. grad_y begins at
/// the first of `in` channels of s.joint.
template <Gpu Ex>
void minimal_rnn_scan_adjoint(const Ex& ex, const MinimalRnnScan& s, Input<float> candidate, Input<float> gates,
                              Input<float> y, Input<float> recurrent_kernel, Input<float> grad_y,
                              std::span<float> grad_candidate, std::span<float> grad_preactivation,
                              std::span<float> scratch, Accumulate accumulate = Accumulate::add) {
  using namespace detail;
  const Index of_weights = convolution::warpgroup_weights_size(ex, s.frame);
  convolution::require_scratch(std::ssize(scratch), of_weights + s.samples * s.size());
  const auto entries = ScanEntries::of(s);
  launch_steps(
      ex, s, recurrent_kernel, scratch,
      StateGradientSteps{entries, ScanOrder::of(s, true, entries.channels), ScanOrder::of(s, true, entries.joint),
                         s.form, candidate.data(), gates.data(), y.data(), grad_y.data(), scratch.data() + of_weights,
                         grad_candidate.data(), grad_preactivation.data(), accumulate == Accumulate::add});
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
  add_kernel_gradient(ex, g, map, y.data() + (ahead ? 0 : size), map, grad_preactivation.data() + (ahead ? size : 0),
                      grad_recurrent_kernel, behind_first(ex, s.frame.with_frames(s.samples * s.steps), scratch));
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
                                           Input<float>, std::span<float>, std::span<float>, std::span<float>,
                                           std::span<float>);
VIDEOONENET_INSTANCE void minimal_rnn_scan_adjoint(const Executor&, const MinimalRnnScan&, Input<float>, Input<float>,
                                                   Input<float>, Input<float>, Input<float>, std::span<float>,
                                                   std::span<float>, std::span<float>, Accumulate);
#endif

}  // namespace videoonenet::cuda
