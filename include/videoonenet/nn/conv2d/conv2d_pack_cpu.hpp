// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Packs a kernel in the order in which the inner loops read its weights.

#include "videoonenet/core/simd_transpose.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/nn/conv2d/conv2d_tile_cpu.hpp"

namespace videoonenet::cpu::convolution {

/// A kernel as it lies in memory: entry (r, s, in, out) is data[r·row + s·col + in·in_step + out·out_step].
template <class T>
struct Kernel {
  const T* data;
  Index row, col, in, out;

  static Kernel forward(const Conv2dGeometry& g, const T* kernel) {
    return {kernel, g.kernel * g.in * g.out, g.in * g.out, g.out, 1};
  }
  /// Turned by 180°, inputs and outputs exchanged.
  static Kernel input_gradient(const Conv2dGeometry& g, const T* kernel) {
    const Index tap = g.in * g.out;
    return {kernel + (g.kernel * g.kernel - 1) * tap, -g.kernel * tap, -tap, 1, g.out};
  }
};

/// The order of packed weights, stored as S: groups of output channels that one block computes, in each of them the
/// kernel rows, and in each row the taps j = s·in + c in steps that the inner loop takes at once. Wide: the taps of a
/// step share the lane of an output channel. Narrow: they fill a register for each output channel.
template <class S>
struct PackedKernel {
  using T = SumOf<S>;
  static constexpr Index together = Operand<S>::per_lane, entries = register_entries<S>;

  Index extent, in, out;  ///< of the kernel
  bool narrow;
  Index groups, channels;  ///< groups, and output channels of one

  Index depth() const { return extent * in; }
  Index steps() const { return narrow ? (depth() + entries - 1) / entries : (depth() + together - 1) / together; }
  Index row_size() const { return steps() * channels * (narrow ? entries : together); }
  Index group_size() const { return extent * row_size(); }
  Index size() const { return aligned<S>(groups * group_size()); }

  /// Writes all size() entries but for those that only align what follows.
  void pack(const Executor& ex, const Kernel<T>& kernel, S* packed) const {
    if (groups * row_size() != depth() * out) std::fill_n(packed, size(), S{});
    parallel_for(cpu::detail::for_size(ex, size()), extent, [&](Index row) {
      if (narrow)
        pack_narrow(kernel, row, packed);
      else if (kernel.in == 1 && in % together == 0 && in >= simd::lanes<T> / 2)
        pack_transposed(kernel, row, packed);
      else
        pack_wide(kernel, row, packed);
    });
  }

 private:
  void pack_narrow(const Kernel<T>& kernel, Index r, S* packed) const {
    for (Index s = 0; s < extent; ++s)
      for (Index c = 0, count = 0; c < in; c += count) {
        const Index j = s * in + c;
        count = kernel.in == 1 ? std::min(entries - j % entries, in - c) : 1;
        const T* from = kernel.data + r * kernel.row + s * kernel.col + c * kernel.in;
        S* to = packed + r * row_size() + j / entries * out * entries + j % entries;
        for (Index k = 0; k < out; ++k) Operand<S>::copy(from + k * kernel.out, count, to + k * entries);
      }
  }

  void pack_wide(const Kernel<T>& kernel, Index r, S* packed) const {
    for (Index j = 0; j < depth(); j += together) {
      const auto tap = [&](Index i) { return kernel.data + r * kernel.row + i / in * kernel.col + i % in * kernel.in; };
      const T *first = tap(j), *second = together == 2 && j + 1 < depth() ? tap(j + 1) : nullptr;
      for (Index g = 0; g < groups; ++g) {
        const Index from = g * channels * kernel.out;
        Operand<S>::interleave(first + from, second ? second + from : nullptr, kernel.out,
                               std::min(channels, out - g * channels),
                               packed + g * group_size() + r * row_size() + j * channels);
      }
    }
  }

  /// As pack_wide where the channels c of a tap lie one after the other: squares of a register a side are transposed.
  void pack_transposed(const Kernel<T>& kernel, Index r, S* packed) const {
    constexpr Index L = simd::lanes<T>;
    for (Index k = 0; k < out; k += L)
      for (Index s = 0; s < extent; ++s)
        for (Index c = 0; c < in; c += entries) {
          const T* from = kernel.data + r * kernel.row + s * kernel.col + k * kernel.out + c;
          const Index count = std::min(entries, in - c);
          simd::Vector<T> square[L];
          for (Index i = 0; i < L; ++i)
            square[i] = k + i < out ? Operand<S>::load_numbers(from + i * kernel.out, count) : simd::zeros<T>();
          simd::transpose<T>(square);
          S* to =
              packed + k / channels * group_size() + r * row_size() + (s * in + c) * channels + k % channels * together;
          for (Index i = 0; i * together < count; ++i)
            std::memcpy(static_cast<void*>(to + i * channels * together), &square[i], sizeof square[i]);
        }
  }
};

}  // namespace videoonenet::cpu::convolution
