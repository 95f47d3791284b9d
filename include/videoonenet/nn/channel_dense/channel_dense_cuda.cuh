// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Device kernels of the channel-wise dense layer: neighbouring threads take neighbouring channels, and a thread's
/// registers hold sums of several frames and positions, because the kernel is far larger than the frames.
///
/// Cost: bytes, as few products share an operand. The forward pass and the input's gradient read the kernel once for
/// every 8 frames, the kernel's gradient reads and writes it once; frames are read again and again from the
/// second-level cache, every entry positions/4 times and, for the kernel's gradient, 3 positions/8 times in all. With
/// 64 positions, 1024 channels and 8 frames of float, a product moves 21 MB from and to memory, 17 MB of them the
/// kernel, and 34 MB out of the cache; the kernel's gradient 38 MB and 50 MB.

#include "videoonenet/core/cuda/divisor.hpp"
#include "videoonenet/core/cuda/for_each.cuh"
#include "videoonenet/core/view.hpp"
#include "videoonenet/nn/channel_dense/channel_dense_geometry.hpp"

namespace videoonenet::cuda {

namespace detail {

/// Errors: ShapeError where a 32-bit number cannot count the entries.
inline void require_indexable(const ChannelDenseGeometry& g) {
  as_int(g.positions * g.positions * g.channels, "channel_dense");
  as_int(g.frames * g.positions * g.channels, "channel_dense");
}

/// out[f, o, c] = (or +=) Σ_i weight(i, o, c) in[f, i, c] with weight (i, o) at kernel + (i · row + o · column)
/// channels.
///
/// Block (window of channels and of frames, window of outputs): every warp adds its share of the positions i, so that
/// there are threads enough for one window of frames, and then the block adds what its warps have.
template <bool add, class T>
struct ChannelDenseProduct {
  static constexpr int threads = 256, lanes = 32, warps = threads / lanes;
  static constexpr int frames = 8, outputs = 4, sums = frames * outputs;  ///< of a thread
  static constexpr int shared_bytes = sums * threads * static_cast<int>(sizeof(T));

  const T *in, *kernel;
  T* out;
  int all_frames, positions, channels, row, column;

  VIDEOONENET_HOST_DEVICE int channel_windows() const { return (channels + lanes - 1) / lanes; }

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const int c = t.block(0) % channel_windows() * lanes + t.lane();
    const int first_frame = t.block(0) / channel_windows() * frames, first_output = t.block(1) * outputs;
    const bool inside = c < channels;
    T sum[outputs][frames] = {};
    for (int i = t.warp(); inside && i < positions; i += warps) {
      T value[frames];
      VIDEOONENET_UNROLL
      for (int f = 0; f < frames; ++f)
        value[f] = first_frame + f < all_frames ? in[((first_frame + f) * positions + i) * channels + c] : T(0);
      VIDEOONENET_UNROLL
      for (int o = 0; o < outputs; ++o) {
        const bool exists = first_output + o < positions;
        const T weight = exists ? kernel[(i * row + (first_output + o) * column) * channels + c] : T(0);
        VIDEOONENET_UNROLL
        for (int f = 0; f < frames; ++f) sum[o][f] += weight * value[f];
      }
    }

    const auto shared = t.template shared<T>(0, sums * threads);
    VIDEOONENET_UNROLL
    for (int o = 0; o < outputs; ++o) {
      VIDEOONENET_UNROLL
      for (int f = 0; f < frames; ++f) shared[(o * frames + f) * threads + t.thread()] = sum[o][f];
    }
    t.sync();
    for (int s = t.warp(); s < sums; s += warps) {
      const int f = first_frame + s % frames, o = first_output + s / frames;
      if (!inside || f >= all_frames || o >= positions) continue;
      T total = 0;
      VIDEOONENET_UNROLL
      for (int warp = 0; warp < warps; ++warp) total += shared[s * threads + warp * lanes + t.lane()];
      T& to = out[(f * positions + o) * channels + c];
      to = add ? to + total : total;
    }
  }
};

template <bool add, Gpu Ex, class T>
void channel_dense_product(const Ex& ex, const ChannelDenseGeometry& g, const T* in, const T* kernel, Index row,
                           Index column, T* out) {
  using Kernel = ChannelDenseProduct<add, T>;
  require_indexable(g);
  const Kernel product{in,
                       kernel,
                       out,
                       static_cast<int>(g.frames),
                       static_cast<int>(g.positions),
                       static_cast<int>(g.channels),
                       static_cast<int>(row),
                       static_cast<int>(column)};
  const Index windows = product.channel_windows() * ceil_div(g.frames, Kernel::frames);
  ex.launch({.blocks = {static_cast<int>(windows), static_cast<int>(ceil_div(g.positions, Kernel::outputs)), 1},
             .threads = Kernel::threads,
             .shared_bytes = Kernel::shared_bytes},
            product);
}

/// grad_K[p, q, c] += Σ over frames of x[p, c] grad_y[q, c], for a tile of p and q.
template <class T>
struct ChannelDenseTile {
  static constexpr int rows = 4, columns = 8;  ///< positions p and q of a thread

  const T *x, *grad_y;
  T* grad_kernel;
  int frames, positions, channels;

  VIDEOONENET_DEVICE void operator()(int p0, int q0, int c) const {
    T sum[rows][columns] = {};
    for (int f = 0; f < frames; ++f) {
      const int frame = f * positions;
      T up[columns];
      VIDEOONENET_UNROLL
      for (int q = 0; q < columns; ++q) up[q] = q0 + q < positions ? grad_y[(frame + q0 + q) * channels + c] : T(0);
      VIDEOONENET_UNROLL
      for (int p = 0; p < rows; ++p) {
        const T value = p0 + p < positions ? x[(frame + p0 + p) * channels + c] : T(0);
        VIDEOONENET_UNROLL
        for (int q = 0; q < columns; ++q) sum[p][q] += value * up[q];
      }
    }
    VIDEOONENET_UNROLL
    for (int p = 0; p < rows; ++p) {
      VIDEOONENET_UNROLL
      for (int q = 0; q < columns; ++q)
        if (p0 + p < positions && q0 + q < positions)
          grad_kernel[((p0 + p) * positions + q0 + q) * channels + c] += sum[p][q];
    }
  }
};

}  // namespace detail

/// y[q, c] = Σ_p K[p, q, c] x[p, c].
template <Gpu Ex, class T>
void channel_dense_forward(const Ex& ex, const ChannelDenseGeometry& g, Input<T> x, Input<T> kernel, Output<T> y) {
  detail::channel_dense_product<false>(ex, g, x.data(), kernel.data(), g.positions, Index(1), y.data());
}

/// grad_x[p, c] += Σ_q K[p, q, c] grad_y[q, c].
template <Gpu Ex, class T>
void channel_dense_input_gradient(const Ex& ex, const ChannelDenseGeometry& g, Input<T> grad_y, Input<T> kernel,
                                  Output<T> grad_x) {
  detail::channel_dense_product<true>(ex, g, grad_y.data(), kernel.data(), Index(1), g.positions, grad_x.data());
}

/// grad_K[p, q, c] += Σ over frames of x[p, c] grad_y[q, c].
template <Gpu Ex, class T>
void channel_dense_kernel_gradient(const Ex& ex, const ChannelDenseGeometry& g, Input<T> x, Input<T> grad_y,
                                   Output<T> grad_kernel) {
  using Tile = detail::ChannelDenseTile<T>;
  detail::require_indexable(g);
  const Tile tile{x.data(),
                  grad_y.data(),
                  grad_kernel.data(),
                  static_cast<int>(g.frames),
                  static_cast<int>(g.positions),
                  static_cast<int>(g.channels)};
  const Index rows = ceil_div(g.positions, Tile::rows), columns = ceil_div(g.positions, Tile::columns);
  const Divisor channels(static_cast<int>(g.channels)), column_tiles(static_cast<int>(columns));
  for_each(ex, rows * columns * g.channels, [=] VIDEOONENET_DEVICE(Index i) {
    const int k = channels.divide(static_cast<int>(i)), p = column_tiles.divide(k), q = k - p * column_tiles.value();
    tile(p * Tile::rows, q * Tile::columns, channels.remainder(static_cast<int>(i)));
  });
}

}  // namespace videoonenet::cuda
