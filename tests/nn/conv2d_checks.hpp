// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What the tests of convolution kernels share: operands, the definition in double, the kernels on spoilt scratch.

#include <limits>

#include "nn/layer_checks.hpp"
#include "videoonenet/nn/conv2d/conv2d.hpp"
#include "videoonenet/nn/conv2d/conv2d_reference.hpp"

namespace conv2d_checks {

using namespace videoonenet;

/// All that the kernels of one convolution return; each adds to normal numbers.
template <class T>
struct Results {
  Buffer<T> y, grad_x, grad_kernel, grad_bias;

  bool operator==(const Results& other) const {
    return std::ranges::equal(y, other.y) && std::ranges::equal(grad_x, other.grad_x) &&
           std::ranges::equal(grad_kernel, other.grad_kernel) && std::ranges::equal(grad_bias, other.grad_bias);
  }
};

/// Inputs that both scalar types hold exactly.
template <class T>
struct Operands {
  Buffer<T> x, kernel, bias, grad_y;
  Results<T> start;

  explicit Operands(const Conv2dGeometry& g) {
    Random random(7);
    for (auto [buffer, size] : {std::pair{&x, g.x_size()},
                                {&kernel, g.kernel_size()},
                                {&bias, g.out},
                                {&grad_y, g.y_size()},
                                {&start.y, g.y_size()},
                                {&start.grad_x, g.x_size()},
                                {&start.grad_kernel, g.kernel_size()},
                                {&start.grad_bias, g.out}}) {
      *buffer = Buffer<T>(size);
      for (T& v : *buffer) v = static_cast<T>(static_cast<float>(random.normal()));
    }
  }
};

inline Results<double> by_definition(const Conv2dGeometry& g, const Operands<double>& o) {
  Results<double> r = o.start;
  reference::conv2d_forward(g, o.x.span(), o.kernel.span(), o.bias.span(), Accumulate::add, r.y.span());
  reference::conv2d_input_gradient(g, o.grad_y.span(), o.kernel.span(), r.grad_x.span());
  reference::conv2d_kernel_gradient(g, o.x.span(), o.grad_y.span(), r.grad_kernel.span());
  reference::conv2d_bias_gradient(g, o.grad_y.span(), r.grad_bias.span());
  return r;
}

/// The host kernels, each on scratch full of NaN: nothing may depend on what was there.
template <class T>
Results<T> on_cpu(const Cpu& ex, const Conv2dGeometry& g, const Operands<T>& o) {
  Results<T> r = o.start;
  Buffer<T> scratch(cpu::conv2d_scratch_size<T>(ex, g));
  const auto spoil = [&] { std::ranges::fill(scratch, std::numeric_limits<T>::quiet_NaN()); };
  spoil();
  conv2d_forward(ex, g, o.x.span(), o.kernel.span(), o.bias.span(), Accumulate::add, r.y.span(), scratch.span());
  spoil();
  conv2d_input_gradient(ex, g, o.grad_y.span(), o.kernel.span(), r.grad_x.span(), scratch.span());
  spoil();
  conv2d_kernel_gradient(ex, g, o.x.span(), o.grad_y.span(), r.grad_kernel.span(), scratch.span());
  conv2d_bias_gradient(ex, g, o.grad_y.span(), r.grad_bias.span());
  return r;
}

/// Calls body(geometry) for small convolutions of all kinds: every kernel and stride, channels around the registers'
/// widths, at most `frames` frames; a twelfth of them, drawn at random, and all 3×3 ones of few channels.
template <class Body>
void for_random_geometries(std::uint64_t seed, Index frames, Body&& body) {
  Random random(seed);
  const auto side = [&] { return 1 + random.integer(17); };
  constexpr Index channels[] = {1, 2, 3, 6, 7, 8, 16, 17, 33};
  for (Index stride : {1, 2, 3})
    for (Index k : {1, 2, 3, 4, 5, 7, 11})
      for (Index in : channels)
        for (Index out : channels)
          if (random.uniform() < 0.08 || (stride == 1 && k == 3 && std::min(in, out) <= 2))
            body(Conv2dGeometry{.frames = 1 + random.integer(frames),
                                .h = side(),
                                .w = side(),
                                .in = in,
                                .out = out,
                                .kernel = k,
                                .stride = stride});
}

/// For INFO.
inline std::string text(const Conv2dGeometry& g) {
  return sentence(g.frames, " frames of ", g.h, "x", g.w, ", ", g.in, " to ", g.out, " channels, kernel ", g.kernel,
                  ", stride ", g.stride);
}

}  // namespace conv2d_checks
