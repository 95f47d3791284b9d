// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Convolution by its definition: the loops every backend is held against.

#include "videoonenet/core/view.hpp"
#include "videoonenet/nn/conv2d/conv2d_geometry.hpp"

namespace videoonenet::reference {

namespace detail {

/// Calls body(offset in y's frame batch, offset in x's, offset in the kernel) for every product of the convolution.
template <class Body>
void for_products(const Conv2dGeometry& g, Body&& body) {
  const Index out_h = g.out_h(), out_w = g.out_w();
  for (Index f = 0; f < g.frames; ++f)
    for (Index i = 0; i < out_h; ++i)
      for (Index j = 0; j < out_w; ++j)
        for (Index r = 0; r < g.kernel; ++r)
          for (Index s = 0; s < g.kernel; ++s) {
            const Index row = i * g.stride + r - g.before(g.h), column = j * g.stride + s - g.before(g.w);
            if (row < 0 || row >= g.h || column < 0 || column >= g.w) continue;
            for (Index c = 0; c < g.in; ++c)
              for (Index k = 0; k < g.out; ++k)
                body(((f * out_h + i) * out_w + j) * g.out + k, ((f * g.h + row) * g.w + column) * g.in + c,
                     ((r * g.kernel + s) * g.in + c) * g.out + k);
          }
}

}  // namespace detail

/// y = K ∗ x + b, or y += K ∗ x + b; b may be empty.
template <class T>
void conv2d_forward(const Conv2dGeometry& g, Input<T> x, Input<T> kernel, Input<T> bias, Accumulate accumulate,
                    Output<T> y) {
  const T *px = x.data(), *pk = kernel.data();
  T* py = y.data();
  for (Index i = 0; i < g.y_size(); ++i) {
    const T b = bias.empty() ? T(0) : bias[static_cast<std::size_t>(i % g.out)];
    py[i] = accumulate == Accumulate::add ? py[i] + b : b;
  }
  detail::for_products(g, [=](Index iy, Index ix, Index ik) { py[iy] += pk[ik] * px[ix]; });
}

/// grad_x += Kᵀ ∗ grad_y.
template <class T>
void conv2d_input_gradient(const Conv2dGeometry& g, Input<T> grad_y, Input<T> kernel, Output<T> grad_x) {
  const T *py = grad_y.data(), *pk = kernel.data();
  T* px = grad_x.data();
  detail::for_products(g, [=](Index iy, Index ix, Index ik) { px[ix] += pk[ik] * py[iy]; });
}

/// grad_kernel[r, s, c, k] += Σ x · grad_y over the pixels they meet at.
template <class T>
void conv2d_kernel_gradient(const Conv2dGeometry& g, Input<T> x, Input<T> grad_y, Output<T> grad_kernel) {
  const T *px = x.data(), *py = grad_y.data();
  T* pk = grad_kernel.data();
  detail::for_products(g, [=](Index iy, Index ix, Index ik) { pk[ik] += px[ix] * py[iy]; });
}

/// grad_bias[k] += Σ grad_y[…, k].
template <class T>
void conv2d_bias_gradient(const Conv2dGeometry& g, Input<T> grad_y, Output<T> grad_bias) {
  for (Index i = 0; i < g.y_size(); ++i) grad_bias.data()[i % g.out] += grad_y.data()[i];
}

}  // namespace videoonenet::reference
