// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the MinimalRNN: the recurrence over frames, and Chen's feature map.

#include "videoonenet/nn/activation/activation_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_cpu.hpp"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_scan.hpp"

namespace videoonenet::cpu {

namespace detail {

/// Whether every thread takes videos of its own, which needs no waiting between the steps; otherwise the threads share
/// the pixels of one frame after the other.
inline bool threads_take_samples(const Executor& ex, const MinimalRnnScan& s) {
  return ex.threads <= 1 || s.samples >= ex.threads;
}

/// Calls body(executor for this video, worker, n) for all videos.
template <class Body>
void for_samples(const Executor& ex, const MinimalRnnScan& s, Body&& body) {
  if (!threads_take_samples(ex, s)) {
    for (Index n = 0; n < s.samples; ++n) body(ex, Index(0), n);
    return;
  }
  parallel_ranges(ex, s.samples, [&](Index worker, Index begin, Index end) {
    for (Index n = begin; n < end; ++n) body(ex.with_threads(1), worker, n);
  });
}

/// `size` entries, rounded up to whole cache lines.
template <class T>
constexpr Index whole_lines(Index size) {
  constexpr Index line = static_cast<Index>(alignment / sizeof(T));
  return (size + line - 1) / line * line;
}

/// Entries of scratch of one worker: the gradient carried between steps, and the convolution's.
template <class T>
Index worker_scratch_size(const Executor& ex, const MinimalRnnScan& s) {
  const Executor worker = threads_take_samples(ex, s) ? ex.with_threads(1) : ex;
  return whole_lines<T>(s.size()) + whole_lines<T>(conv2d_working_size<T>(worker, s.frame));
}

/// Scratch in parts: the recurrent kernel, prepared once for all videos and steps, and what each worker needs.
template <class T>
class ScanScratch {
 public:
  ScanScratch(const Executor& ex, const MinimalRnnScan& s, std::span<T> scratch)
      : all_(scratch),
        kernel_(part(whole_lines<T>(conv2d_prepared_size<T>(ex, s.frame)))),
        carried_(part(s.size())),
        worker_(part(worker_scratch_size<T>(ex, s))) {}

  std::span<T> kernel() const { return all_.first(kernel_); }
  /// The gradient that a worker carries between steps.
  std::span<T> carried(Index worker) const { return of(worker).first(carried_); }
  /// What its convolutions need.
  std::span<T> convolution(Index worker) const { return of(worker).subspan(part(whole_lines<T>(carried_))); }

 private:
  static std::size_t part(Index size) { return static_cast<std::size_t>(size); }
  std::span<T> of(Index worker) const { return all_.subspan(kernel_ + part(worker) * worker_, worker_); }

  std::span<T> all_;
  std::size_t kernel_, carried_, worker_;
};

/// u = sigmoid(a) in place of the pre-activation a, and the new state; `previous` is null before the first step.
template <MinimalRnnForm form, class T>
void update_state(const Executor& ex, Index size, const T* candidate, const T* previous, T* gate, T* state) {
  for_blocks(ex, size, [&](Index begin, Index end) {
    for_registers<T>(begin, end, [&](Index i, auto count) {
      const auto u = simd::sigmoid(simd::load(gate + i, count)), v = simd::load(candidate + i, count);
      const auto h = previous ? simd::load(previous + i, count) : simd::zeros<T>();
      simd::store(gate + i, u, count);
      simd::store(state + i, form == MinimalRnnForm::paper ? h + u * (v - h) : v + u * (h - v), count);
    });
  });
}

/// One step of MinimalRnnScan's adjoint; `carried` comes as what the later state gave to this one (null after the last
/// step: nothing) and goes as what this one gives to the earlier.
template <MinimalRnnForm form, class T>
void update_gradients(const Executor& ex, Index size, const T* candidate, const T* previous, const T* gate,
                      const T* grad_y, bool last, bool add, T* carried, T* grad_candidate, T* grad_preactivation) {
  for_blocks(ex, size, [&](Index begin, Index end) {
    for_registers<T>(begin, end, [&](Index i, auto count) {
      const auto u = simd::load(gate + i, count), v = simd::load(candidate + i, count);
      const auto h = previous ? simd::load(previous + i, count) : simd::zeros<T>();
      auto g = simd::load(grad_y + i, count);
      if (!last) g += simd::load(carried + i, count);
      const auto through_gate = g * u, past_gate = g - through_gate;
      constexpr bool paper = form == MinimalRnnForm::paper;
      simd::store(grad_preactivation + i, past_gate * u * (paper ? v - h : h - v), count);
      auto given = paper ? through_gate : past_gate;
      if (add) given += simd::load(grad_candidate + i, count);
      simd::store(grad_candidate + i, given, count);
      simd::store(carried + i, paper ? past_gate : through_gate, count);
    });
  });
}

}  // namespace detail

/// Entries of scratch that the kernels below need.
template <class T>
Index minimal_rnn_scratch_size(const Executor& ex, const MinimalRnnScan& s) {
  // A run with fewer threads than the plan's may share frames differently: the larger of both.
  const Index workers = std::min<Index>(std::max(ex.threads, 1), s.samples);
  return detail::whole_lines<T>(conv2d_prepared_size<T>(ex, s.frame)) +
         std::max(workers * detail::worker_scratch_size<T>(ex.with_threads(1), s),
                  detail::worker_scratch_size<T>(ex, s));
}

/// gates: from the pre-activations K ∗ v + b to u; y: the states h. `initial` holds h_{−1} of every video, or nothing.
/// Cost: steps − 1 convolutions with R of every video, and a pass over its frames.
template <class T>
void minimal_rnn_scan(const Executor& ex, const MinimalRnnScan& s, Input<T> initial, Input<T> candidate,
                      Input<T> recurrent_kernel, Output<T> gates, Output<T> y, Output<T> scratch) {
  const Index size = s.size();
  const auto frame = static_cast<std::size_t>(size);
  const detail::ScanScratch<T> parts(ex, s, scratch);
  if (s.steps > 1 || !initial.empty()) conv2d_prepare_forward(ex, s.frame, recurrent_kernel, parts.kernel());
  detail::for_samples(ex, s, [&](const Executor& inner, Index worker, Index n) {
    for (Index step = 0; step < s.steps; ++step) {
      const Index at = s.offset(n, step);
      const T* before = initial.empty() ? nullptr : initial.data() + n * size;
      const T* previous = step > 0 ? y.data() + s.offset(n, step - 1) : before;
      const Output<T> gate{gates.data() + at, frame};
      if (previous)
        conv2d_forward_prepared(inner, s.frame, {previous, frame}, parts.kernel(), {}, Accumulate::add, gate,
                                parts.convolution(worker));
      if (s.form == MinimalRnnForm::paper)
        detail::update_state<MinimalRnnForm::paper>(inner, size, candidate.data() + at, previous, gate.data(),
                                                    y.data() + at);
      else
        detail::update_state<MinimalRnnForm::chen>(inner, size, candidate.data() + at, previous, gate.data(),
                                                   y.data() + at);
    }
  });
}

/// grad_candidate += v's gradient through the states, or =; grad_preactivation = that of K ∗ v + b.
/// Cost: as the scan's.
template <class T>
void minimal_rnn_scan_adjoint(const Executor& ex, const MinimalRnnScan& s, Input<T> candidate, Input<T> gates,
                              Input<T> y, Input<T> recurrent_kernel, Input<T> grad_y, Output<T> grad_candidate,
                              Output<T> grad_preactivation, Output<T> scratch,
                              Accumulate accumulate = Accumulate::add) {
  const Index size = s.size();
  const auto frame = static_cast<std::size_t>(size);
  const detail::ScanScratch<T> parts(ex, s, scratch);
  if (s.steps > 1) conv2d_prepare_input_gradient(ex, s.frame, recurrent_kernel, parts.kernel());
  detail::for_samples(ex, s, [&](const Executor& inner, Index worker, Index n) {
    const Output<T> carried = parts.carried(worker);
    for (Index step = s.steps - 1; step >= 0; --step) {
      const Index at = s.offset(n, step);
      const T* previous = step > 0 ? y.data() + s.offset(n, step - 1) : nullptr;
      const auto update = s.form == MinimalRnnForm::paper ? detail::update_gradients<MinimalRnnForm::paper, T>
                                                          : detail::update_gradients<MinimalRnnForm::chen, T>;
      update(inner, size, candidate.data() + at, previous, gates.data() + at, grad_y.data() + at, step == s.steps - 1,
             accumulate == Accumulate::add, carried.data(), grad_candidate.data() + at, grad_preactivation.data() + at);
      if (previous)
        conv2d_input_gradient_prepared(inner, s.frame, {grad_preactivation.data() + at, frame}, parts.kernel(), carried,
                                       parts.convolution(worker));
    }
  });
}

/// grad_R += Σ_t h_{t−1} ⋆ d_t: within a video the states but the last and the d but the first lie in a row.
template <class T>
void minimal_rnn_kernel_gradient(const Executor& ex, const MinimalRnnScan& s, Input<T> y, Input<T> grad_preactivation,
                                 Output<T> grad_recurrent_kernel, Output<T> scratch) {
  const auto count = static_cast<std::size_t>((s.steps - 1) * s.size());
  if (count == 0) return;
  for (Index n = 0; n < s.samples; ++n) {
    const auto first = static_cast<std::size_t>(n * s.steps * s.size()),
               second = first + static_cast<std::size_t>(s.size());
    const bool ahead = s.direction == TimeDirection::forward;
    conv2d_kernel_gradient(ex, s.frame.with_frames(s.steps - 1), y.subspan(ahead ? first : second, count),
                           grad_preactivation.subspan(ahead ? second : first, count), grad_recurrent_kernel, scratch);
  }
}

/// z = tanh(z).
template <class T>
void minimal_rnn_features(const Executor& ex, Output<T> z) {
  activation_forward(ex, Tanh{}, Input<T>(z), z);
}

/// grad_z ← (1 − z²) ⊙ grad_z, from the gradient of z = tanh(a) to that of a.
template <class T>
void minimal_rnn_features_adjoint(const Executor& ex, Input<T> z, Output<T> grad_z) {
  detail::for_blocks(ex, std::ssize(grad_z), [&](Index begin, Index end) {
    detail::for_registers<T>(begin, end, [&](Index i, auto count) {
      const auto value = simd::load(z.data() + i, count);
      simd::store(grad_z.data() + i, (T(1) - value * value) * simd::load(grad_z.data() + i, count), count);
    });
  });
}

}  // namespace videoonenet::cpu
