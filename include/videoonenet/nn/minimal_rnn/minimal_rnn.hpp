// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The convolutional MinimalRNN: a recurrent layer over the frames of a video with one gate.

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/core/cuda/gpu.hpp"
#include "videoonenet/core/streams.hpp"
#include "videoonenet/nn/minimal_rnn/minimal_rnn_cpu.hpp"

namespace videoonenet {

/// A recurrent layer whose output is its state, in one direction of time.
///
/// Math, form paper: u_t = sigmoid(K ∗ x_t + R ∗ h_{t−1} + b), h_t = (1 − u_t) ⊙ h_{t−1} + u_t ⊙ x_t, h_{−1} = 0,
/// 'same' convolutions; form chen: z_t = tanh(Φ ∗ x_t + c), u_t = sigmoid(K ∗ z_t + R ∗ h_{t−1} + b), h_t = u_t ⊙
/// h_{t−1} + (1 − u_t) ⊙ z_t. Direction backward takes the last frame first. In memory with a hop s, h_{−1} of
/// direction forward is h_{s−1} of the call before; the other one begins at the end, which no earlier call has seen.
/// Adjoint: MinimalRnnScan's from the last step to the first gives d, the gradient of sigmoid's argument in every
/// frame; then grad_x += Kᵀ ∗ d, grad_K += x ⋆ d, grad_R += h_{t−1} ⋆ d, grad_b += Σ d. (chen: the same to z, then
/// through tanh: (1 − z²) ⊙, and Φ.) With a hop there is none.
/// Shapes: (N, T, H, W, channels), kept; θ = K (kernel, kernel, channels, channels), R likewise, b (channels); chen
/// adds Φ like K and c like b.
/// Errors: ShapeError for other channels; InputError for a hop in training or beyond the video.
/// Cost: 2·kernel²·channels² multiply-adds a pixel (chen 3), the adjoint twice that.
/// Source: SPEC §4; VON; Chen, MinimalRNN (2017).
template <class T>
struct MinimalRnn {
  using value_type = T;

  Index channels = 1;
  Index kernel = 3;
  TimeDirection direction = TimeDirection::forward;
  MinimalRnnForm form = MinimalRnnForm::paper;

  struct Cache {
    View<const T> x{}, y{};
    std::span<T> gates{};     ///< u
    std::span<T> features{};  ///< z, form chen
    std::span<T> grad_preactivation{}, grad_features{};
    std::span<T> scratch{};
    std::span<T> carried{};  ///< h_{−1} of every video before a call, h_{hop−1} after it; empty when h_{−1} = 0
    Index hop = 0;
  };

  Shape output_shape(const Shape& x) const {
    require_convolution(channels, channels, kernel, 1, "MinimalRnn");
    require_valid(x, "MinimalRnn");
    if (x.f != channels)
      throw ShapeError(sentence("MinimalRnn: the input (N,T,H,W,F) = ", x, " has ", Index(x.f),
                                " channels, expected channels = ", channels));
    return x;
  }
  Index parameter_count() const { return (chen() ? 3 : 2) * kernel_size() + (chen() ? 2 : 1) * channels; }
  std::vector<Parameter> parameters() const {
    const std::vector<Index> extents{kernel, kernel, channels, channels};
    std::vector<Parameter> all{{"kernel", extents, Initial::glorot_uniform},
                               {"recurrent_kernel", extents, Initial::orthogonal},
                               {"bias", {channels}, Initial::zeros}};
    if (chen()) {
      all.push_back({"feature_kernel", extents, Initial::glorot_uniform});
      all.push_back({"feature_bias", {channels}, Initial::zeros});
    }
    return all;
  }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    const Index size = output_shape(x).size();
    const typename Arena<Ex>::Scope scope(memory.scratch);
    const bool training = memory.purpose == Purpose::training;
    const bool carries = memory.hop > 0 && direction == TimeDirection::forward;
    if (carries && training) throw InputError("MinimalRnn: carried states have no adjoint, plan them for inference");
    if (carries && memory.hop > x.t)
      throw InputError(sentence("MinimalRnn: a hop of ", memory.hop, " frames leaves a video of ", Index(x.t)));
    Arena<Ex>& gates = training ? memory.kept : memory.scratch;
    Cache cache;
    if (carries) cache.carried = memory.carried.template take<T>(x.n * x.frame_size()), cache.hop = memory.hop;
    cache.gates = gates.template take<T>(size);
    if (chen()) cache.features = gates.template take<T>(size);
    if (training) cache.grad_preactivation = memory.scratch.template take<T>(size);
    if (training && chen()) cache.grad_features = memory.scratch.template take<T>(size);
    cache.scratch = memory.scratch.template take<T>(std::max(minimal_rnn_scratch_size<T>(memory.executor, scan(x)),
                                                             conv2d_scratch_size<T>(memory.executor, frames(x))));
    return cache;
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    const Input<T> v = begin_forward(ex, parameters, x, y, cache);
    minimal_rnn_scan(ex, scan(x.shape), cache.carried, v, weights(parameters).recurrent_kernel, cache.gates, y.flat(),
                     cache.scratch);
    carry_on(ex, y, cache);
  }
  /// On a device: the same, and y also to the channels of `joint` from `first` on.
  template <cuda::Gpu Ex>
  void forward_joint(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, View<T> joint, Index first,
                     Cache& cache) const {
    const Input<T> v = begin_forward(ex, parameters, x, y, cache);
    minimal_rnn_scan(ex, joint_scan(x.shape, joint.shape), cache.carried, v, weights(parameters).recurrent_kernel,
                     cache.gates, y.flat(), cache.scratch, joint.flat().subspan(static_cast<std::size_t>(first)));
    carry_on(ex, y, cache);
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters, Accumulate accumulate = Accumulate::add) const {
    require_shape(grad_y.shape, cache.x.shape, "MinimalRnn::adjoint", "grad_y");
    scan_adjoint(ex, parameters, cache, scan(cache.x.shape), grad_y.flat(), grad_x, grad_parameters, accumulate);
  }
  /// On a device: the same, of the gradient in the channels of `joint` from `first` on.
  template <cuda::Gpu Ex>
  void adjoint_joint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> joint, Index first,
                     View<T> grad_x, std::span<T> grad_parameters, Accumulate accumulate) const {
    scan_adjoint(ex, parameters, cache, joint_scan(cache.x.shape, joint.shape),
                 joint.flat().subspan(static_cast<std::size_t>(first)), grad_x, grad_parameters, accumulate);
  }

 private:
  /// Up to the recurrence. Returns the candidates.
  template <Executor Ex>
  Input<T> begin_forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "MinimalRnn::forward", "y");
    require_size(std::ssize(parameters), parameter_count(), "MinimalRnn::forward", "the parameter array");
    const auto w = weights(parameters);
    cache.x = x, cache.y = y;
    Input<T> v = x.flat();
    if (chen()) {
      conv2d_forward(ex, frames(x.shape), v, w.feature_kernel, w.feature_bias, Accumulate::overwrite, cache.features,
                     cache.scratch);
      minimal_rnn_features(ex, cache.features);
      v = cache.features;
    }
    conv2d_forward(ex, frames(x.shape), v, w.kernel, w.bias, Accumulate::overwrite, cache.gates, cache.scratch);
    return v;
  }

  template <Executor Ex>
  void scan_adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, const MinimalRnnScan& s, Input<T> grad_y,
                    View<T> grad_x, std::span<T> grad_parameters, Accumulate accumulate) const {
    require_shape(grad_x.shape, cache.x.shape, "MinimalRnn::adjoint", "grad_x");
    const auto w = weights(parameters);
    const auto grad = weights(grad_parameters);
    const Conv2dGeometry all = frames(cache.x.shape);
    const std::span<T> d = cache.grad_preactivation;
    const Input<T> v = chen() ? Input<T>(cache.features) : cache.x.flat();
    const std::span<T> grad_v = chen() ? cache.grad_features : grad_x.flat();

    minimal_rnn_scan_adjoint(ex, s, v, cache.gates, cache.y.flat(), w.recurrent_kernel, grad_y, grad_v, d,
                             cache.scratch, chen() ? Accumulate::overwrite : accumulate);
    const auto input = [&](std::span<T> given, std::span<const T> weight, std::span<T> to, Accumulate how) {
      return
          [=, &all, &cache](const Ex& own) { conv2d_input_gradient(own, all, given, weight, to, cache.scratch, how); };
    };
    overlap(ex, input(d, w.kernel, grad_v, Accumulate::add), [&](const Ex& own) {
      minimal_rnn_kernel_gradient(own, s, cache.y.flat(), d, grad.recurrent_kernel, cache.scratch);
      conv2d_parameter_gradients(own, all, v, d, grad.kernel, grad.bias, cache.scratch);
    });
    if (!chen()) return;
    minimal_rnn_features_adjoint(ex, cache.features, grad_v);
    overlap(ex, input(grad_v, w.feature_kernel, grad_x.flat(), accumulate), [&](const Ex& own) {
      conv2d_parameter_gradients(own, all, cache.x.flat(), grad_v, grad.feature_kernel, grad.feature_bias,
                                 cache.scratch);
    });
  }

  /// Keeps h_{hop−1} of every video, with which the next call of a stream begins.
  template <Executor Ex>
  void carry_on(const Ex& ex, View<const T> y, const Cache& cache) const {
    if (cache.carried.empty()) return;
    const auto frame = static_cast<std::size_t>(y.shape.frame_size());
    for (Index n = 0; n < y.shape.n; ++n)
      copy(ex, Input<T>(&y(n, cache.hop - 1, 0, 0, 0), frame),
           cache.carried.subspan(static_cast<std::size_t>(n) * frame, frame));
  }

  bool chen() const { return form == MinimalRnnForm::chen; }
  Index kernel_size() const { return kernel * kernel * channels * channels; }
  Conv2dGeometry frames(const Shape& x) const {
    return {.frames = x.n * x.t, .h = x.h, .w = x.w, .in = channels, .out = channels, .kernel = kernel, .stride = 1};
  }
  MinimalRnnScan scan(const Shape& x) const {
    return {.frame = frames(x).with_frames(1), .samples = x.n, .steps = x.t, .direction = direction, .form = form};
  }
  MinimalRnnScan joint_scan(const Shape& x, const Shape& joint) const {
    Shape own = joint;
    own.f = x.f;
    require_shape(own, x, "MinimalRnn", "the array of joint channels, but for those,");
    MinimalRnnScan s = scan(x);
    s.joint = joint.f;
    return s;
  }

  /// The arrays in θ or in its gradient.
  template <class S>
  struct Weights {
    std::span<S> kernel, recurrent_kernel, bias, feature_kernel, feature_bias;
  };
  template <class S>
  Weights<S> weights(std::span<S> all) const {
    const auto k = static_cast<std::size_t>(kernel_size()), c = static_cast<std::size_t>(channels);
    Weights<S> w{all.first(k), all.subspan(k, k), all.subspan(2 * k, c), {}, {}};
    if (chen()) w.feature_kernel = all.subspan(2 * k + c, k), w.feature_bias = all.last(c);
    return w;
  }
};

}  // namespace videoonenet
