// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Winograd's transform of a kernel, U = G K Gᵀ, and its adjoint.

#include "videoonenet/nn/conv2d/conv2d_pack_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_winograd_points_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_winograd_tiles_cpu.hpp"

namespace videoonenet::cpu::convolution::winograd {

/// A transformed kernel as the inner loops read it: point p of channel c of the source and k of the output at
/// data[p·plane + k / group·in·group + c·group + k % group].
struct KernelLayout {
  Index in, out, group, plane;
};

/// to = G K Gᵀ for all pairs of channels; zero, or nothing, for output channels behind the last.
template <Index K, class T>
void transform_kernel(const Kernel<T>& kernel, const KernelLayout& layout, T* to) {
  using Vector = simd::Vector<T>;
  constexpr Index L = simd::lanes<T>, taps = K * K;
  const bool outputs_apart = kernel.out != 1;
  Vector square[taps][L];  // of L × L channels, one of the source in every register
  for (Index c = 0; c < layout.in; c += L)
    for (Index k = 0; k < layout.out; k += L) {
      const Index sources = std::min(L, layout.in - c), outputs = std::min(L, layout.out - k);
      const Index rows = outputs_apart ? outputs : sources, lanes = outputs_apart ? sources : outputs;
      for (Index tap = 0; tap < taps; ++tap) {
        const T* from = kernel.data + tap / K * kernel.row + tap % K * kernel.col + c * kernel.in + k * kernel.out;
        for (Index i = 0; i < L; ++i, from += outputs_apart ? kernel.out : kernel.in)
          square[tap][i] = i < rows ? Operand<T>::load_numbers(from, lanes) : Vector{};
        if (outputs_apart) simd::transpose<T>(square[tap]);
      }
      T* at = to + k / layout.group * layout.in * layout.group + c * layout.group + k % layout.group;
      for (Index i = 0; i < sources; ++i, at += layout.group) {
        std::array<std::array<Vector, K>, points<K>> half;
        unrolled<K>([&](auto s) VIDEOONENET_ALWAYS_INLINE {
          std::array<Vector, K> column;
          unrolled<K>([&](auto r) VIDEOONENET_ALWAYS_INLINE { column[r] = square[r * K + s][i]; });
          const auto values = Interpolation<T, K>::kernel(column);
          unrolled<points<K>>([&](auto p) VIDEOONENET_ALWAYS_INLINE { half[p][s] = values[p]; });
        });
        unrolled<points<K>>([&](auto p) VIDEOONENET_ALWAYS_INLINE {
          const auto row = Interpolation<T, K>::kernel(half[p]);
          unrolled<points<K>>(
              [&](auto q) VIDEOONENET_ALWAYS_INLINE { simd::store(at + (p * points<K> + q) * layout.plane, row[q]); });
        });
      }
    }
}

/// grad_kernel[r, s, c, k] += Gᵀ grad_u G for a channel c of the source; point p is grad_u[p·plane + k].
template <Index K, class T>
void transform_kernel_gradient(const T* grad_u, Index plane, Index in, Index out, Index c, T* grad_kernel) {
  using Vector = simd::Vector<T>;
  for_registers<T>({0, out}, [&](Index k, auto lanes) {
    std::array<std::array<Vector, points<K>>, K> rows;
    unrolled<points<K>>([&](auto q) VIDEOONENET_ALWAYS_INLINE {
      std::array<Vector, points<K>> column;
      unrolled<points<K>>(
          [&](auto p) VIDEOONENET_ALWAYS_INLINE { column[p] = simd::load(grad_u + (p * points<K> + q) * plane + k); });
      const auto taps = Interpolation<T, K>::kernel_gradient(column);
      unrolled<K>([&](auto r) VIDEOONENET_ALWAYS_INLINE { rows[r][q] = taps[r]; });
    });
    unrolled<K>([&](auto r) VIDEOONENET_ALWAYS_INLINE {
      const auto taps = Interpolation<T, K>::kernel_gradient(rows[r]);
      unrolled<K>([&](auto s) VIDEOONENET_ALWAYS_INLINE {
        T* to = grad_kernel + ((r * K + s) * in + c) * out + k;
        simd::store(to, simd::load(to, lanes) + taps[s], lanes);
      });
    });
  });
}

}  // namespace videoonenet::cpu::convolution::winograd
