// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Winograd's transform of a kernel, U = G K Gᵀ, and its adjoint.

#include "videoonenet/core/simd_stream.hpp"
#include "videoonenet/nn/conv2d/conv2d_pack_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_winograd_points_cpu.hpp"
#include "videoonenet/nn/conv2d/conv2d_winograd_tiles_cpu.hpp"

namespace videoonenet::cpu::convolution::winograd {

/// A transformed kernel as the inner loops read it: point p of channel c of the source and k of the output at
/// data[p·plane + k / group·in·group + c·group + k % group].
struct KernelLayout {
  Index in, out, group, plane;
};

namespace detail {

/// Some output channels, R registers at a time, written by write(p, value).
template <Index K, Index R, class T, class Write>
void transform_kernel(const Kernel<T>& kernel, const KernelLayout& layout, Range outputs, T* to, Write&& write) {
  using Vector = simd::Vector<T>;
  constexpr Index L = simd::lanes<T>, taps = K * K;
  const bool outputs_apart = kernel.out != 1;
  Vector squares[R][taps][L];  // of L × L channels, one of the source in every register
  const auto read = [&](Index c, Index k, Vector(&square)[taps][L]) {
    const Index sources = std::min(L, layout.in - c), targets = std::clamp<Index>(layout.out - k, 0, L);
    const Index rows = outputs_apart ? targets : sources, lanes = outputs_apart ? sources : targets;
    for (Index tap = 0; tap < taps; ++tap) {
      const T* from = kernel.data + tap / K * kernel.row + tap % K * kernel.col + c * kernel.in + k * kernel.out;
      for (Index i = 0; i < L; ++i, from += outputs_apart ? kernel.out : kernel.in)
        square[tap][i] = i < rows ? Operand<T>::load_numbers(from, lanes) : simd::zeros<T>();
      if (outputs_apart) simd::transpose<T>(square[tap]);
    }
  };
  for (Index k = outputs.begin; k < outputs.end; k += R * L)
    for (Index c = 0; c < layout.in; c += L) {
      unrolled<R>([&](auto v) { read(c, k + v * L, squares[v]); });
      const Index sources = std::min(L, layout.in - c);
      T* at = to + k / layout.group * layout.in * layout.group + c * layout.group + k % layout.group;
      for (Index i = 0; i < sources; ++i, at += layout.group) {
        std::array<std::array<Vector, K>, points<K>> half[R];
        unrolled<R>([&](auto v) VIDEOONENET_ALWAYS_INLINE {
          unrolled<K>([&](auto s) VIDEOONENET_ALWAYS_INLINE {
            std::array<Vector, K> column;
            unrolled<K>([&](auto r) VIDEOONENET_ALWAYS_INLINE { column[r] = squares[v][r * K + s][i]; });
            const auto values = Interpolation<T, K>::kernel(column);
            unrolled<points<K>>([&](auto p) VIDEOONENET_ALWAYS_INLINE { half[v][p][s] = values[p]; });
          });
        });
        unrolled<points<K>>([&](auto p) VIDEOONENET_ALWAYS_INLINE {
          std::array<Vector, points<K>> rows[R];
          unrolled<R>([&](auto v) VIDEOONENET_ALWAYS_INLINE { rows[v] = Interpolation<T, K>::kernel(half[v][p]); });
          unrolled<points<K>>([&](auto q) VIDEOONENET_ALWAYS_INLINE {
            unrolled<R>([&](auto v) VIDEOONENET_ALWAYS_INLINE {
              write(at + v * L + (p * points<K> + q) * layout.plane, rows[v][q]);
            });
          });
        });
      }
    }
}

}  // namespace detail

/// to = G K Gᵀ for all pairs of channels; zero, or nothing, for output channels behind the last. What no cache would
/// keep until it is read is streamed, whole lines at once.
template <Index K, class T>
void transform_kernel(const Executor& ex, const Kernel<T>& kernel, const KernelLayout& layout, T* to) {
  using Vector = simd::Vector<T>;
  constexpr Index R = simd::registers_of_line, line = R * simd::lanes<T>;
  constexpr Index cached = 4 * 1024 * 1024 / static_cast<Index>(sizeof(T));
  const Index size = points<K> * points<K> * layout.plane;
  const bool streams = size > cached && layout.group % line == 0 && simd::streamable(to);
  parallel_ranges(cpu::detail::for_size(ex, size), (layout.out + line - 1) / line, [&](Index, Index begin, Index end) {
    const Range outputs{begin * line, std::min(end * line, layout.out)};
    if (streams) {
      detail::transform_kernel<K, R>(kernel, layout, outputs, to, [](T* p, Vector v) { simd::stream(p, v); });
      simd::finish_streams();
    } else {
      detail::transform_kernel<K, 1>(kernel, layout, outputs, to, [](T* p, Vector v) { simd::store(p, v); });
    }
  });
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
