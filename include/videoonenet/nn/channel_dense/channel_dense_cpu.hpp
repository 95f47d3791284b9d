// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the channel-wise dense layer: a register of channels at a time, the kernel read once for several
/// frames, because it is far larger than they are.

#include "videoonenet/core/simd.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/nn/channel_dense/channel_dense_geometry.hpp"

namespace videoonenet::cpu {

namespace detail {

/// The frames that share one reading of the kernel.
inline constexpr Index channel_dense_frames = 8;

/// Calls body(channel, count) for registers that cover the channels; the count of full ones is a constant.
template <class T, class Body>
void for_channel_registers(Index channels, Body&& body) {
  constexpr Index lanes = simd::lanes<T>;
  Index c = 0;
  for (; c + lanes <= channels; c += lanes) body(c, std::integral_constant<Index, lanes>{});
  if (c < channels) body(c, channels - c);
}

/// out[f, o, c] = (or +=) Σ_i weight(i, o, c) in[f, i, c] with weight (i, o) at kernel + (i · row + o · column)
/// channels.
template <bool add, class T>
void channel_dense_product(const Executor& ex, const ChannelDenseGeometry& g, const T* in, const T* kernel, Index row,
                           Index column, T* out) {
  using V = simd::Vector<T>;
  const Index positions = g.positions, channels = g.channels, frame = positions * channels;
  parallel_for(for_size(ex, frame * positions), positions, [&](Index o) {
    for_channel_registers<T>(channels, [&](Index c, auto count) {
      for (Index first = 0; first < g.frames; first += channel_dense_frames) {
        const auto sum_frames = [&](auto frames) {
          V sums[channel_dense_frames]{};
          for (Index i = 0; i < positions; ++i) {
            const V weight = simd::load(kernel + (i * row + o * column) * channels + c, count);
            for (Index f = 0; f < frames; ++f)
              sums[f] += weight * simd::load(in + (first + f) * frame + i * channels + c, count);
          }
          for (Index f = 0; f < frames; ++f) {
            T* to = out + (first + f) * frame + o * channels + c;
            simd::store(to, add ? sums[f] + simd::load(to, count) : sums[f], count);
          }
        };
        if (first + channel_dense_frames <= g.frames)
          sum_frames(std::integral_constant<Index, channel_dense_frames>{});
        else
          sum_frames(g.frames - first);
      }
    });
  });
}

}  // namespace detail

/// y[q, c] = Σ_p K[p, q, c] x[p, c].
template <class T>
void channel_dense_forward(const Executor& ex, const ChannelDenseGeometry& g, Input<T> x, Input<T> kernel,
                           Output<T> y) {
  detail::channel_dense_product<false>(ex, g, x.data(), kernel.data(), g.positions, Index(1), y.data());
}

/// grad_x[p, c] += Σ_q K[p, q, c] grad_y[q, c].
template <class T>
void channel_dense_input_gradient(const Executor& ex, const ChannelDenseGeometry& g, Input<T> grad_y, Input<T> kernel,
                                  Output<T> grad_x) {
  detail::channel_dense_product<true>(ex, g, grad_y.data(), kernel.data(), Index(1), g.positions, grad_x.data());
}

/// grad_K[p, q, c] += Σ over frames of x[p, c] grad_y[q, c].
template <class T>
void channel_dense_kernel_gradient(const Executor& ex, const ChannelDenseGeometry& g, Input<T> x, Input<T> grad_y,
                                   Output<T> grad_kernel) {
  const Index positions = g.positions, channels = g.channels, frame = positions * channels;
  const T *px = x.data(), *pgy = grad_y.data();
  T* pk = grad_kernel.data();
  parallel_for(detail::for_size(ex, frame * positions), positions, [&](Index p) {
    for (Index q = 0; q < positions; ++q)
      detail::for_channel_registers<T>(channels, [&](Index c, auto count) {
        T* to = pk + (p * positions + q) * channels + c;
        auto sum = simd::load(to, count);
        for (Index f = 0; f < g.frames; ++f)
          sum += simd::load(px + f * frame + p * channels + c, count) *
                 simd::load(pgy + f * frame + q * channels + c, count);
        simd::store(to, sum, count);
      });
  });
}

}  // namespace videoonenet::cpu
