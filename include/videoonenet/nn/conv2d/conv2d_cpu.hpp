// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the convolution of frames.

#include <algorithm>

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/nn/conv2d/conv2d_geometry.hpp"

namespace videoonenet::cpu {

namespace detail {

/// Calls body(pixel of y, pixel of x, tap of the kernel) for every pair of pixels of frame f that meet.
template <class Body>
void for_meetings(const Conv2dGeometry& g, Index f, Body&& body) {
  const Index out_h = g.out_h(), out_w = g.out_w();
  for (Index i = 0; i < out_h; ++i)
    for (Index j = 0; j < out_w; ++j)
      for (Index r = 0; r < g.kernel; ++r)
        for (Index s = 0; s < g.kernel; ++s) {
          const Index row = i * g.stride + r - g.before(g.h), column = j * g.stride + s - g.before(g.w);
          if (row < 0 || row >= g.h || column < 0 || column >= g.w) continue;
          body((f * out_h + i) * out_w + j, (f * g.h + row) * g.w + column, r * g.kernel + s);
        }
}

}  // namespace detail

/// Entries of scratch that the kernels below need.
template <class T>
Index conv2d_scratch_size(const Executor&, const Conv2dGeometry&) {
  return 0;
}

/// y = K ∗ x + b, or y += K ∗ x + b; b may be empty.
template <class T>
void conv2d_forward(const Executor& ex, const Conv2dGeometry& g, Input<T> x, Input<T> kernel, Input<T> bias,
                    Accumulate accumulate, Output<T> y, Output<T>) {
  const Index in = g.in, out = g.out, frame = g.out_h() * g.out_w() * out;
  parallel_for(ex, g.frames, [&, in, out](Index f) {
    T* first = y.data() + f * frame;
    for (Index i = 0; i < frame; ++i) {
      const T b = bias.empty() ? T(0) : bias[static_cast<std::size_t>(i % out)];
      first[i] = accumulate == Accumulate::add ? first[i] + b : b;
    }
    detail::for_meetings(g, f, [&](Index at, Index from, Index tap) {
      for (Index c = 0; c < in; ++c)
        for (Index k = 0; k < out; ++k)
          y.data()[at * out + k] += kernel.data()[(tap * in + c) * out + k] * x.data()[from * in + c];
    });
  });
}

/// grad_x += Kᵀ ∗ grad_y.
template <class T>
void conv2d_input_gradient(const Executor& ex, const Conv2dGeometry& g, Input<T> grad_y, Input<T> kernel,
                           Output<T> grad_x, Output<T>) {
  const Index in = g.in, out = g.out;
  parallel_for(ex, g.frames, [&, in, out](Index f) {
    detail::for_meetings(g, f, [&](Index at, Index from, Index tap) {
      for (Index c = 0; c < in; ++c) {
        T sum = 0;
        for (Index k = 0; k < out; ++k) sum += kernel.data()[(tap * in + c) * out + k] * grad_y.data()[at * out + k];
        grad_x.data()[from * in + c] += sum;
      }
    });
  });
}

/// grad_kernel[r, s, c, k] += Σ x · grad_y over the pixels they meet at.
template <class T>
void conv2d_kernel_gradient(const Executor&, const Conv2dGeometry& g, Input<T> x, Input<T> grad_y,
                            Output<T> grad_kernel, Output<T>) {
  for (Index f = 0; f < g.frames; ++f)
    detail::for_meetings(g, f, [&](Index at, Index from, Index tap) {
      for (Index c = 0; c < g.in; ++c)
        for (Index k = 0; k < g.out; ++k)
          grad_kernel.data()[(tap * g.in + c) * g.out + k] += x.data()[from * g.in + c] * grad_y.data()[at * g.out + k];
    });
}

/// grad_bias[k] += Σ grad_y[…, k].
template <class T>
void conv2d_bias_gradient(const Executor&, const Conv2dGeometry& g, Input<T> grad_y, Output<T> grad_bias) {
  const Index pixels = g.frames * g.out_h() * g.out_w();
  for (Index p = 0; p < pixels; ++p)
    for (Index k = 0; k < g.out; ++k) grad_bias.data()[k] += grad_y.data()[p * g.out + k];
}

}  // namespace videoonenet::cpu
