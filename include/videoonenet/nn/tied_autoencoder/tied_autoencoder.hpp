// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Convolutions and, with the same kernels in the opposite order, their transposes: a network W and its own Wᵀ.

#include <algorithm>

#include "videoonenet/nn/activation/activation.hpp"
#include "videoonenet/nn/conv2d/conv2d.hpp"
#include "videoonenet/nn/conv_transpose2d/conv_transpose2d.hpp"

namespace videoonenet {

/// y = Wᵀ(W(x)) with one kernel for each convolution of W and its transpose in Wᵀ, and no biases.
///
/// Math: h_0 = x, h_i = f(K_i ∗ h_{i−1}) for i = 1…L, g_L = h_L, g_{i−1} = f(K_iᵀ ∗ g_i), y = K_1ᵀ ∗ g_1. With
/// `Linear` for f, y = WᵀW x is symmetric and positive semidefinite in x whatever the weights; with `Relu` a positive
/// multiple of x gives the same multiple of y.
/// Adjoint: the layers', each kernel's gradient from both of its places.
/// Shapes: any of `channels` channels, kept. θ = K_1, …, K_L, K_i (kernel, kernel, in, out).
/// Errors: InputError without filters; ShapeError for other channels than `channels`.
/// Cost: 2·kernel² Σ in·out multiply-adds a pixel, the adjoint twice that.  Source: INF §3.1 and Table 4.
template <class T, ActivationFunction F = Relu>
struct TiedAutoencoder {
  using value_type = T;

  Index channels = 3;
  std::vector<Index> filters{32, 64};  ///< channels after each convolution
  Index kernel = 4;
  F activation{};

  struct Cache {
    /// A convolution or its transpose, and the activation behind it (the last one has none).
    template <class Convolution>
    struct Stage {
      typename Convolution::Cache convolution{};
      typename Activation<T, F>::Cache activation{};
      View<T> linear{};  ///< what the activation is given
      View<T> output{};
    };
    std::vector<Stage<Conv2d<T>>> down{};         ///< in the order of K
    std::vector<Stage<ConvTranspose2d<T>>> up{};  ///< in the order of K, the last to run first
    std::array<std::span<T>, 2> gradients{};
  };

  Shape output_shape(const Shape& x) const {
    if (filters.empty()) throw InputError("TiedAutoencoder: no filters were given, expected one number a convolution");
    down(0).output_shape(x);
    return x;
  }
  Index parameter_count() const {
    Index total = 0;
    for (Index i = 0; i < depth(); ++i) total += down(i).parameter_count();
    return total;
  }
  std::vector<Parameter> parameters() const {
    std::vector<Parameter> all;
    for (Index i = 0; i < depth(); ++i) append_parameters(all, sentence(i), down(i).parameters());
    return all;
  }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    output_shape(x);
    Cache cache;
    const typename Arena<Ex>::Scope scope(memory.scratch);
    const bool training = memory.purpose == Purpose::training;
    Arena<Ex>& own = training ? memory.kept : memory.scratch;
    std::vector<Shape> shapes{x};
    Index largest = x.size();
    for (Index i = 0; i < depth(); ++i) {
      shapes.push_back(down(i).output_shape(shapes.back()));
      largest = std::max(largest, shapes.back().size());
    }
    cache.down.resize(filters.size());
    cache.up.resize(filters.size());
    const auto take = [&](auto& stage, const Shape& shape) {
      stage.linear = own.template take<T>(shape), stage.output = own.template take<T>(shape);
    };
    for (Index i = 0; i < depth(); ++i) {
      take(at(cache.down, i), at(shapes, i + 1));
      if (i > 0) take(at(cache.up, i), at(shapes, i));
    }
    if (training)
      for (std::span<T>& g : cache.gradients) g = memory.scratch.template take<T>(largest);
    for (Index i = 0; i < depth(); ++i) {  // last: what layers take for one call, they take in the same place
      at(cache.down, i).convolution = down(i).make_cache(memory, at(shapes, i));
      at(cache.up, i).convolution = up(i).make_cache(memory, at(shapes, i + 1));
    }
    return cache;
  }

  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "TiedAutoencoder::forward", "y");
    require_size(std::ssize(parameters), parameter_count(), "TiedAutoencoder::forward", "the parameter array");
    const Activation<T, F> f{activation};
    for (Index i = 0; i < depth(); ++i) {
      auto& stage = at(cache.down, i);
      down(i).forward(ex, kernel_of(parameters, i), x, stage.linear, stage.convolution);
      f.forward(ex, {}, stage.linear, stage.output, stage.activation);
      x = stage.output;
    }
    for (Index i = depth() - 1; i >= 0; --i) {
      auto& stage = at(cache.up, i);
      up(i).forward(ex, kernel_of(parameters, i), x, i > 0 ? stage.linear : y, stage.convolution);
      if (i > 0) f.forward(ex, {}, stage.linear, stage.output, stage.activation);
      x = stage.output;
    }
  }

  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters) const {
    const Activation<T, F> f{activation};
    View<T> a = grad_x, b = grad_x;  // the gradient that is there and the next one, in turns in two places
    a.data = cache.gradients[0].data(), b.data = cache.gradients[1].data();
    const auto zero = [&](View<T>& g, const Shape& shape) {
      g.shape = shape;
      fill(ex, T(0), g.flat());
    };
    View<const T> g = grad_y;
    for (Index i = 0; i < depth(); ++i) {
      const auto& stage = at(cache.up, i);
      if (i > 0) {  // through the activation behind K_iᵀ
        zero(b, stage.linear.shape);
        f.adjoint(ex, {}, stage.activation, a, b, {});
        g = b;
      }
      zero(a, at(cache.down, i).output.shape);
      up(i).adjoint(ex, kernel_of(parameters, i), stage.convolution, g, a, kernel_of(grad_parameters, i));
    }
    for (Index i = depth() - 1; i >= 0; --i) {
      const auto& stage = at(cache.down, i);
      zero(b, stage.linear.shape);
      f.adjoint(ex, {}, stage.activation, a, b, {});
      View<T> below = grad_x;
      if (i > 0) zero(a, at(cache.down, i - 1).output.shape), below = a;
      down(i).adjoint(ex, kernel_of(parameters, i), stage.convolution, b, below, kernel_of(grad_parameters, i));
    }
  }

 private:
  Index depth() const { return std::ssize(filters); }
  template <class V>
  static auto& at(V& stages, Index i) {
    return stages[static_cast<std::size_t>(i)];
  }
  Conv2d<T> down(Index i) const {
    return {.in = i == 0 ? channels : at(filters, i - 1), .out = at(filters, i), .kernel = kernel, .bias = false};
  }
  ConvTranspose2d<T> up(Index i) const {
    return {.in = at(filters, i), .out = down(i).in, .kernel = kernel, .bias = false};
  }
  /// K_i, of weights or gradients.
  template <class S>
  std::span<S> kernel_of(std::span<S> all, Index i) const {
    Index begin = 0;
    for (Index j = 0; j < i; ++j) begin += down(j).parameter_count();
    return all.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(down(i).parameter_count()));
  }
};

}  // namespace videoonenet
