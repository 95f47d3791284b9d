// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A smooth little layer for tests of what layers are put into.

#include <cmath>

#include "videoonenet/concepts/layer.hpp"

namespace videoonenet::support {

/// y[p, j] = tanh(Σ_i W[j, i] x[p, i]) for every pixel p; it points at its input and at its output until the adjoint.
template <class T>
struct MixingLayer {
  using value_type = T;
  Index in = 1, out = 1;

  struct Cache {
    View<const T> x, y;
  };
  Shape output_shape(const Shape& x) const {
    if (x.f != in) throw ShapeError(sentence("MixingLayer: ", Index(x.f), " channels, expected ", in));
    Shape y = x;
    y.f = out;
    return y;
  }
  Index parameter_count() const { return in * out; }
  template <class Ex>
  Cache make_cache(Memory<Ex>&, const Shape&) const {
    return {};
  }
  template <class Ex>
  void forward(const Ex&, std::span<const T> w, View<const T> x, View<T> y, Cache& cache) const {
    cache = {x, y};
    for (Index p = 0; p < x.size() / in; ++p)
      for (Index j = 0; j < out; ++j) {
        T sum = 0;
        for (Index i = 0; i < in; ++i) sum += w[static_cast<std::size_t>(j * in + i)] * x.data[p * in + i];
        y.data[p * out + j] = std::tanh(sum);
      }
  }
  template <class Ex>
  void adjoint(const Ex&, std::span<const T> w, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_w) const {
    for (Index p = 0; p < grad_y.size() / out; ++p)
      for (Index j = 0; j < out; ++j) {
        const T y = cache.y.data[p * out + j], slope = grad_y.data[p * out + j] * (1 - y * y);
        for (Index i = 0; i < in; ++i) {
          const auto k = static_cast<std::size_t>(j * in + i);
          grad_x.data[p * in + i] += w[k] * slope;
          grad_w[k] += slope * cache.x.data[p * in + i];
        }
      }
  }
};

}  // namespace videoonenet::support
