// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the convolution of frames.
///
/// Results do not depend on the number of threads, nor a frame's on the other frames.

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/nn/conv2d/conv2d_plans_cpu.hpp"

namespace videoonenet::cpu {

/// Entries of a kernel that was prepared for one of the passes, for any number of frames.
template <class T>
Index conv2d_prepared_size(const Executor& ex, const Conv2dGeometry& g) {
  return convolution::largest_of_plans<T>(ex, g, [](const auto& plan) { return plan.prepared_size(); });
}

/// Entries of scratch that passes with a prepared kernel need, for at most ex.threads threads.
template <class T>
Index conv2d_working_size(const Executor& ex, const Conv2dGeometry& g) {
  const Index workers = std::max(ex.threads, 1);
  return convolution::largest_of_plans<T>(ex, g, [=](const auto& plan) { return plan.working_size(workers); });
}

/// Entries of scratch that the kernels without a prepared kernel need, each on its own, for at most ex.threads threads.
template <class T>
Index conv2d_scratch_size(const Executor& ex, const Conv2dGeometry& g) {
  using namespace convolution;
  const Index workers = std::max(ex.threads, 1);
  Index size = std::max(conv2d_prepared_size<T>(ex, g) + conv2d_working_size<T>(ex, g),
                        KernelGradient<T>(g).scratch_size(workers));  // which serves when there are fewer frames
  with_kernel_gradient<T>(ex, g, [&](const auto& k) { size = std::max<Index>(size, k.scratch_size(workers)); });
  return size;
}

/// Lays out a kernel as conv2d_forward_prepared reads it: once for many calls.
template <class T>
void conv2d_prepare_forward(const Executor& ex, const Conv2dGeometry& g, Input<T> kernel, Output<T> prepared) {
  using namespace convolution;
  with_plan<T>(ex, Padded::forward(g), [&](const auto& plan) {
    require_scratch(std::ssize(prepared), plan.prepared_size());
    plan.prepare(ex, Kernel<T>::forward(g, kernel.data()), prepared.data());
  });
}

/// Lays out a kernel as conv2d_input_gradient_prepared reads it.
template <class T>
void conv2d_prepare_input_gradient(const Executor& ex, const Conv2dGeometry& g, Input<T> kernel, Output<T> prepared) {
  using namespace convolution;
  with_plan<T>(ex, Padded::input_gradient(g), [&](const auto& plan) {
    require_scratch(std::ssize(prepared), plan.prepared_size());
    plan.prepare(ex, Kernel<T>::input_gradient(g, kernel.data()), prepared.data());
  });
}

/// conv2d_forward with a prepared kernel.
template <class T>
void conv2d_forward_prepared(const Executor& ex, const Conv2dGeometry& g, Input<T> x, Input<T> prepared, Input<T> bias,
                             Accumulate accumulate, Output<T> y, Output<T> scratch) {
  using namespace convolution;
  with_plan<T>(ex, Padded::forward(g), [&](const auto& plan) {
    require_scratch(std::ssize(scratch), plan.working_size(std::max(ex.threads, 1)));
    plan.run(ex, g.frames, x.data(), prepared.data(), bias, accumulate, y.data(), scratch.data());
  });
}

/// conv2d_input_gradient with a prepared kernel.
template <class T>
void conv2d_input_gradient_prepared(const Executor& ex, const Conv2dGeometry& g, Input<T> grad_y, Input<T> prepared,
                                    Output<T> grad_x, Output<T> scratch, Accumulate accumulate = Accumulate::add) {
  using namespace convolution;
  with_plan<T>(ex, Padded::input_gradient(g), [&](const auto& plan) {
    require_scratch(std::ssize(scratch), plan.working_size(std::max(ex.threads, 1)));
    plan.run(ex, g.frames, grad_y.data(), prepared.data(), {}, accumulate, grad_x.data(), scratch.data());
  });
}

namespace detail {

/// Scratch in two: room for a prepared kernel, and the rest.
template <class T>
std::pair<std::span<T>, std::span<T>> split_scratch(const Executor& ex, const Conv2dGeometry& g, std::span<T> scratch) {
  const Index prepared = conv2d_prepared_size<T>(ex, g);
  convolution::require_scratch(std::ssize(scratch), prepared);
  return {scratch.first(static_cast<std::size_t>(prepared)), scratch.subspan(static_cast<std::size_t>(prepared))};
}

}  // namespace detail

/// y = K ∗ x + b, or y += K ∗ x + b; b may be empty.
template <class T>
void conv2d_forward(const Executor& ex, const Conv2dGeometry& g, Input<T> x, Input<T> kernel, Input<T> bias,
                    Accumulate accumulate, Output<T> y, Output<T> scratch) {
  const auto [prepared, rest] = detail::split_scratch(ex, g, scratch);
  conv2d_prepare_forward(ex, g, kernel, prepared);
  conv2d_forward_prepared(ex, g, x, prepared, bias, accumulate, y, rest);
}

/// grad_x += Kᵀ ∗ grad_y, or =.
template <class T>
void conv2d_input_gradient(const Executor& ex, const Conv2dGeometry& g, Input<T> grad_y, Input<T> kernel,
                           Output<T> grad_x, Output<T> scratch, Accumulate accumulate = Accumulate::add) {
  const auto [prepared, rest] = detail::split_scratch(ex, g, scratch);
  conv2d_prepare_input_gradient(ex, g, kernel, prepared);
  conv2d_input_gradient_prepared(ex, g, grad_y, prepared, grad_x, rest, accumulate);
}

/// grad_kernel[r, s, c, k] += Σ x · grad_y over the pixels they meet at.
template <class T>
void conv2d_kernel_gradient(const Executor& ex, const Conv2dGeometry& g, Input<T> x, Input<T> grad_y,
                            Output<T> grad_kernel, Output<T> scratch) {
  using namespace convolution;
  with_kernel_gradient<T>(ex, g, [&](const auto& gradient) {
    require_scratch(std::ssize(scratch), gradient.scratch_size(std::max(ex.threads, 1)));
    gradient.run(ex, g.frames, x.data(), grad_y.data(), grad_kernel.data(), scratch.data());
  });
}

/// grad_bias[k] += Σ grad_y[…, k], added in blocks of pixels so that rounding errors do not pile up.
template <class T>
void conv2d_bias_gradient(const Executor&, const Conv2dGeometry& g, Input<T> grad_y, Output<T> grad_bias) {
  // Several pixels side by side make a row long enough for registers, whatever the number of channels.
  constexpr Index columns = 128, block = 128;
  const Index pixels = g.frames * g.out_h() * g.out_w(), together = std::max<Index>(1, columns / g.out);
  const auto add = [&](const T* first, Index rows, Index row, Index width, T* to) {
    T sums[columns] = {};
    for (Index r = 0; r < rows; ++r)
      for (Index i = 0; i < width; ++i) sums[i] += first[r * row + i];
    for (Index i = 0; i < width; ++i) to[i % g.out] += sums[i];
  };
  for (Index p = 0; p < pixels; p += together * block) {
    const Index count = std::min(together * block, pixels - p), rows = count / together, rest = count % together;
    const T* first = grad_y.data() + p * g.out;
    for (Index k = 0; k < g.out; k += columns)
      add(first + k, rows, together * g.out, together > 1 ? together * g.out : std::min(columns, g.out - k),
          grad_bias.data() + k);
    if (rest > 0) add(first + rows * together * g.out, 1, 0, rest * g.out, grad_bias.data());
  }
}

/// Both gradients of a convolution's parameters; grad_bias may be empty.
template <class T>
void conv2d_parameter_gradients(const Executor& ex, const Conv2dGeometry& g, Input<T> x, Input<T> grad_y,
                                Output<T> grad_kernel, Output<T> grad_bias, Output<T> scratch) {
  conv2d_kernel_gradient(ex, g, x, grad_y, grad_kernel, scratch);
  if (!grad_bias.empty()) conv2d_bias_gradient(ex, g, grad_y, grad_bias);
}

#ifdef VIDEOONENET_INSTANCE
#define VIDEOONENET_CONV2D(T)                                                                                       \
  VIDEOONENET_INSTANCE Index conv2d_prepared_size<T>(const Executor&, const Conv2dGeometry&);                       \
  VIDEOONENET_INSTANCE Index conv2d_working_size<T>(const Executor&, const Conv2dGeometry&);                        \
  VIDEOONENET_INSTANCE Index conv2d_scratch_size<T>(const Executor&, const Conv2dGeometry&);                        \
  VIDEOONENET_INSTANCE void conv2d_prepare_forward<T>(const Executor&, const Conv2dGeometry&, Input<T>, Output<T>); \
  VIDEOONENET_INSTANCE void conv2d_prepare_input_gradient<T>(const Executor&, const Conv2dGeometry&, Input<T>,      \
                                                             Output<T>);                                            \
  VIDEOONENET_INSTANCE void conv2d_forward_prepared<T>(const Executor&, const Conv2dGeometry&, Input<T>, Input<T>,  \
                                                       Input<T>, Accumulate, Output<T>, Output<T>);                 \
  VIDEOONENET_INSTANCE void conv2d_input_gradient_prepared<T>(const Executor&, const Conv2dGeometry&, Input<T>,     \
                                                              Input<T>, Output<T>, Output<T>, Accumulate);          \
  VIDEOONENET_INSTANCE void conv2d_kernel_gradient<T>(const Executor&, const Conv2dGeometry&, Input<T>, Input<T>,   \
                                                      Output<T>, Output<T>)
VIDEOONENET_CONV2D(float);
VIDEOONENET_CONV2D(double);
#undef VIDEOONENET_CONV2D
#endif

}  // namespace videoonenet::cpu
