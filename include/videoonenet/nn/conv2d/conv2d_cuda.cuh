// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the convolution of frames: products on the matrix unit whose operands are windows of the frames,
/// which are never formed in memory.
///
/// Results do not depend on the order in which blocks run.

#if defined(__CUDACC__)
#include "videoonenet/core/cuda/executor.cuh"
#endif
#include "videoonenet/core/cuda/for_each.cuh"
#include "videoonenet/core/streams_cuda.cuh"
#include "videoonenet/core/view.hpp"
#include "videoonenet/nn/conv2d/conv2d_add_parts_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_bias_gradient_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_few_forward_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_few_input_gradient_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_few_kernel_gradient_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_operands_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_products_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_warpgroup_cuda.cuh"
#include "videoonenet/nn/conv2d/conv2d_warpgroup_gradient_cuda.cuh"

namespace videoonenet::cuda {

namespace convolution {

/// Whether copies of four channels are possible.
template <class... Channels>
bool by_fours(Channels... channels) {
  return ((channels % 4 == 0) && ...);
}

/// The pixels of y.
/// Errors: ShapeError for arrays that kernels cannot index.
inline Index pixels_of_y(const Conv2dGeometry& g) {
  for (const Index size : {g.x_size(), g.y_size(), g.kernel_size()}) as_int(size, "conv2d");
  return g.frames * g.out_h() * g.out_w();
}

/// Whether the input gradient is computed as the products of every pixel of grad_y with the whole kernel, gathered
/// afterwards: with few inputs that leaves the matrix unit's columns full.
inline bool gathers(const Conv2dGeometry& g) { return g.in <= 8 && g.kernel > 1 && g.out % 4 == 0; }

/// Entries of the products that are gathered.
inline Index product_size(const Conv2dGeometry& g) {
  return gathers(g) ? ceil_div(g.frames * g.out_h() * g.out_w() * g.kernel * g.kernel * g.in, 4) * 4 : 0;
}
template <Gpu Ex>
Index parts_size(const Ex& ex, const Conv2dGeometry& g) {
  const Index pixels = g.frames * g.out_h() * g.out_w();
  const Index parts = term_parts(ex.multiprocessors(), g.kernel * g.kernel * g.in, g.out, pixels);
  return std::max({g.kernel_size() * parts, warpgroup_parts_size(ex, g), few_parts_size(ex.multiprocessors(), g)});
}

inline void require_scratch(Index given, Index needed) {
  if (given < needed)
    throw ShapeError(sentence("conv2d: ", given, " entries of scratch were given, expected ", needed));
}

/// Entries of the scratch of all passes but the kernel gradient's, which is behind it and is read four at once.
template <Gpu Ex>
Index first_size(const Ex& ex, const Conv2dGeometry& g) {
  return std::max(product_size(g), warpgroup_weights_size(ex, g));
}
/// The kernel gradient's part of scratch.
template <Gpu Ex>
std::span<float> behind_first(const Ex& ex, const Conv2dGeometry& g, std::span<float> scratch) {
  require_scratch(std::ssize(scratch), first_size(ex, g));
  return scratch.subspan(static_cast<std::size_t>(first_size(ex, g)));
}
/// The other passes' room for prepared weights.
template <Gpu Ex>
WarpgroupWeights weights_in(const Ex& ex, const Conv2dGeometry& g, std::span<float> scratch) {
  const Index size = warpgroup_weights_size(ex, g);
  require_scratch(std::ssize(scratch), size);
  return {scratch.first(static_cast<std::size_t>(size))};
}

/// grad_kernel += Σ over pixels of the product, in parts that are added in their order.
template <int width, Gpu Ex>
void add_product(const Ex& ex, const WindowEntries<width>& x, const Pixels<width>& grad_y, Index rows, Index columns,
                 Index pixels, std::span<float> grad_kernel, std::span<float> scratch) {
  const Index parts = term_parts(ex.multiprocessors(), rows, columns, pixels), size = rows * columns;
  const bool at_once = parts == 1;
  if (!at_once) require_scratch(std::ssize(scratch), parts * size);
  const Store store{at_once ? grad_kernel.data() : scratch.data(), nullptr, static_cast<int>(rows),
                    static_cast<int>(columns), at_once};
  launch_product(ex, x, grad_y, store, rows, columns, pixels, parts);
  if (!at_once) add_parts(ex, scratch.data(), parts, size, grad_kernel);
}

/// grad_kernel += Σ over the pixels of all frames, which lie as the maps say.
template <Gpu Ex>
void add_kernel_gradient(const Ex& ex, const Conv2dGeometry& g, const FrameMap& x_map, const float* x,
                         const FrameMap& y_map, const float* grad_y, std::span<float> grad_kernel,
                         std::span<float> scratch) {
  if (add_warpgroup_gradient(ex, g, x_map, x, y_map, grad_y, grad_kernel, {}, scratch)) return;
  Frames frames = Frames::input(g, x);
  frames.map = x_map;
  const Index frame = g.out_h() * g.out_w(), pixels = g.frames * frame, rows = g.kernel * g.kernel * g.in;
  const auto add = [&]<int width>() {
    add_product<width>(ex, {frames, g.kernel, pixels}, {grad_y, y_map, frame, g.out}, rows, g.out, pixels, grad_kernel,
                       scratch);
  };
  if (by_fours(g.in, g.out))
    add.template operator()<4>();
  else
    add.template operator()<1>();
}

/// grad_x += or = Σ_{r, s} products[pixel of grad_y that meets x's there, (r, s, c)].
template <Gpu Ex>
void gather_products(const Ex& ex, const Conv2dGeometry& g, const float* products, bool add, float* grad_x) {
  Frames frames = Frames::output(g, products);
  const int kernel = static_cast<int>(g.kernel), in = static_cast<int>(g.in);
  frames.channels = kernel * kernel * in;
  frames.map = FrameMap::contiguous(g.frames, g.out_h() * g.out_w() * frames.channels);
  const Divisor channels(in);
  for_each(ex, g.x_size(), [=] VIDEOONENET_DEVICE(Index i) {
    const int number = channels.divide(static_cast<int>(i)), c = static_cast<int>(i) - number * in;
    const Frames::Pixel p = frames.pixel(number);
    const int offset = frames.map.offset(p.frame);
    float sum = 0;
    for (int r = 0; r < kernel; ++r)
      for (int s = 0; s < kernel; ++s) {
        const float* at = frames.meet(offset, p.i + frames.shift_h, p.j + frames.shift_w, r, s);
        if (at) sum += at[(r * kernel + s) * in + c];
      }
    grad_x[i] = add ? grad_x[i] + sum : sum;
  });
}

}  // namespace convolution

/// Entries of scratch that the kernels below need. The kernel gradient's lie behind the others', so that it may run
/// beside them.
template <class T, Gpu Ex>
Index conv2d_scratch_size(const Ex& ex, const Conv2dGeometry& g) {
  static_assert(std::same_as<T, float>, "videoonenet: convolutions on a GPU are computed in float");
  return convolution::first_size(ex, g) + convolution::parts_size(ex, g);
}

/// y = K ∗ x + b, or y += K ∗ x + b; b may be empty.
template <Gpu Ex>
void conv2d_forward(const Ex& ex, const Conv2dGeometry& g, Input<float> x, Input<float> kernel, Input<float> bias,
                    Accumulate accumulate, std::span<float> y, std::span<float> scratch) {
  using namespace convolution;
  const Index pixels = pixels_of_y(g), terms = g.kernel * g.kernel * g.in;
  const Store store{y.data(), bias.empty() ? nullptr : bias.data(), as_int(pixels, "conv2d_forward"),
                    as_int(g.out, "conv2d_forward"), accumulate == Accumulate::add};
  if (few_channels(g) && few_forward(ex, g, x.data(), kernel.data(), store.bias, store.add, store.y)) return;
  const Frames frames = Frames::input(g, x.data());
  auto weights = weights_in(ex, g, scratch);
  if (launch_warpgroup_convolution<false>(ex, g, frames.map, x.data(), kernel.data(), weights,
                                          StorePairs{store.y, store.bias, store.columns, store.add}))
    return;
  if (by_fours(g.in, g.out))
    launch_product(ex, Windows<4>(frames, g.kernel, pixels), TermsByColumns<4>(kernel.data(), g.out), store, pixels,
                   g.out, terms);
  else
    launch_product(ex, Windows<1>(frames, g.kernel, pixels), TermsByColumns<1>(kernel.data(), g.out), store, pixels,
                   g.out, terms);
}

/// grad_x += Kᵀ ∗ grad_y, or =.
template <Gpu Ex>
void conv2d_input_gradient(const Ex& ex, const Conv2dGeometry& g, Input<float> grad_y, Input<float> kernel,
                           std::span<float> grad_x, std::span<float> scratch, Accumulate accumulate = Accumulate::add) {
  using namespace convolution;
  pixels_of_y(g);
  const bool add = accumulate == Accumulate::add;
  if (few_channels(g) && few_input_gradient(ex, g, grad_y.data(), kernel.data(), add, grad_x.data())) return;
  if (gathers(g)) {
    require_scratch(std::ssize(scratch), product_size(g));
    const Index pixels = pixels_of_y(g), columns = g.kernel * g.kernel * g.in;
    const Conv2dGeometry plain{.frames = g.frames, .h = g.out_h(), .w = g.out_w(), .in = g.out, .kernel = 1};
    const Store store{scratch.data(), nullptr, as_int(pixels, "conv2d_input_gradient"),
                      as_int(columns, "conv2d_input_gradient"), false};
    launch_product(ex, Windows<4>(Frames::input(plain, grad_y.data()), 1, pixels),
                   TransposedKernel<4>(kernel.data(), columns, g.out), store, pixels, columns, g.out);
    return gather_products(ex, g, scratch.data(), add, grad_x.data());
  }
  const Index pixels = g.frames * g.h * g.w, terms = g.kernel * g.kernel * g.out;
  const Store store{grad_x.data(), nullptr, as_int(pixels, "conv2d_input_gradient"),
                    as_int(g.in, "conv2d_input_gradient"), add};
  const Frames frames = Frames::output(g, grad_y.data());
  auto weights = weights_in(ex, g, scratch);
  if (launch_warpgroup_convolution<true>(ex, g, frames.map, grad_y.data(), kernel.data(), weights,
                                         StorePairs{store.y, nullptr, store.columns, add}))
    return;
  if (by_fours(g.out))
    launch_product(ex, Windows<4>(frames, g.kernel, pixels), TransposedKernel<4>(kernel.data(), g.in, g.out), store,
                   pixels, g.in, terms);
  else
    launch_product(ex, Windows<1>(frames, g.kernel, pixels), TransposedKernel<1>(kernel.data(), g.in, g.out), store,
                   pixels, g.in, terms);
}

/// Both gradients of a convolution's parameters, which read grad_y once where that is possible: grad_kernel[r, s, c, k]
/// += Σ x · grad_y over the pixels they meet at, and unless it is empty grad_bias[k] += Σ grad_y[…, k].
template <Gpu Ex>
void conv2d_parameter_gradients(const Ex& ex, const Conv2dGeometry& g, Input<float> x, Input<float> grad_y,
                                std::span<float> grad_kernel, std::span<float> grad_bias, std::span<float> scratch) {
  using namespace convolution;
  pixels_of_y(g);
  const std::span<float> parts = behind_first(ex, g, scratch);
  if (few_channels(g)) {
    require_scratch(std::ssize(parts), few_parts_size(ex.multiprocessors(), g));
    if (add_few_kernel_gradient(ex, g, x.data(), grad_y.data(), grad_kernel, grad_bias, parts.data())) return;
  }
  const auto x_map = FrameMap::contiguous(g.frames, g.h * g.w * g.in),
             y_map = FrameMap::contiguous(g.frames, g.out_h() * g.out_w() * g.out);
  if (add_warpgroup_gradient(ex, g, x_map, x.data(), y_map, grad_y.data(), grad_kernel, grad_bias, parts)) return;
  add_kernel_gradient(ex, g, x_map, x.data(), y_map, grad_y.data(), grad_kernel, parts);
  if (!grad_bias.empty()) conv2d_bias_gradient(ex, g, grad_y, grad_bias);
}

/// The kernel's alone.
template <Gpu Ex>
void conv2d_kernel_gradient(const Ex& ex, const Conv2dGeometry& g, Input<float> x, Input<float> grad_y,
                            std::span<float> grad_kernel, std::span<float> scratch) {
  conv2d_parameter_gradients(ex, g, x, grad_y, grad_kernel, {}, scratch);
}

#if defined(VIDEOONENET_INSTANCE) && defined(__CUDACC__)
VIDEOONENET_INSTANCE void conv2d_forward(const Executor&, const Conv2dGeometry&, Input<float>, Input<float>,
                                         Input<float>, Accumulate, std::span<float>, std::span<float>);
VIDEOONENET_INSTANCE void conv2d_input_gradient(const Executor&, const Conv2dGeometry&, Input<float>, Input<float>,
                                                std::span<float>, std::span<float>, Accumulate);
VIDEOONENET_INSTANCE void convolution::add_kernel_gradient(const Executor&, const Conv2dGeometry&,
                                                           const convolution::FrameMap&, const float*,
                                                           const convolution::FrameMap&, const float*, std::span<float>,
                                                           std::span<float>);
VIDEOONENET_INSTANCE void conv2d_parameter_gradients(const Executor&, const Conv2dGeometry&, Input<float>, Input<float>,
                                                     std::span<float>, std::span<float>, std::span<float>);
#endif

}  // namespace videoonenet::cuda
