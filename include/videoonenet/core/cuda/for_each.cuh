// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A function of every index, or of the entries of arrays, on all threads of the device.

#include <algorithm>
#include <utility>

#include "videoonenet/core/cuda/gpu.hpp"
#include "videoonenet/core/cuda/pack.hpp"

namespace videoonenet::cuda {

namespace detail {

template <class F>
struct ForEach {
  static constexpr int threads = 256;
  Index size;
  F f;

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const Index step = Index(t.blocks()) * t.threads();
    VIDEOONENET_ROLLED  // most threads have one index: the division that counts the rounds would take longer
        for (Index i = Index(t.block()) * t.threads() + t.thread(); i < size; i += step) f(i);
  }
};

/// to[i] = f(from[0][i], …).
template <class T, class F, int arrays>
struct Transform {
  static constexpr int threads = 256;
  Index size;
  Index packs;  ///< of four entries; the entries behind them come one by one
  F f;
  T* to;
  const T* from[arrays > 0 ? arrays : 1];

  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const Index step = Index(t.blocks()) * t.threads(), first = Index(t.block()) * t.threads() + t.thread();
    VIDEOONENET_ROLLED
    for (Index i = first; i < packs; i += step) make<4>(4 * i, std::make_integer_sequence<int, arrays>());
    VIDEOONENET_ROLLED
    for (Index i = 4 * packs + first; i < size; i += step) make<1>(i, std::make_integer_sequence<int, arrays>());
  }

 private:
  template <int width, int... array>
  VIDEOONENET_DEVICE void make(Index i, std::integer_sequence<int, array...>) const {
    [[maybe_unused]] const Pack<T, width> loaded[] = {load_pack<width>(from[array] + i)..., {}};
    Pack<T, width> made;
    VIDEOONENET_UNROLL
    for (int k = 0; k < width; ++k) made[k] = f(loaded[array][k]...);
    store_pack(to + i, made);
  }
};

inline constexpr int most_blocks = 1 << 16;

}  // namespace detail

/// Calls f(i) for every i in [0, size), in any order.
template <Gpu Ex, class F>
void for_each(const Ex& ex, Index size, const F& f) {
  if (size == 0) return;
  using Kernel = detail::ForEach<F>;
  const Index blocks = std::min<Index>(ceil_div(size, Kernel::threads), detail::most_blocks);
  ex.launch({.blocks = {static_cast<int>(blocks), 1, 1}, .threads = Kernel::threads}, Kernel{size, f});
}

/// to[i] = f(from[i], …) for every i in [0, size), four entries a thread where the arrays' addresses allow it; `to` may
/// be one of the others.
template <Gpu Ex, class T, class F, std::same_as<T>... From>
void transform(const Ex& ex, Index size, const F& f, T* to, const From*... from) {
  if (size == 0) return;
  using Kernel = detail::Transform<T, F, sizeof...(From)>;
  const Index packs = packs_fit<4>(to, from...) ? size / 4 : 0;
  const Index blocks = std::min<Index>(ceil_div(packs > 0 ? packs : size, Kernel::threads), detail::most_blocks);
  ex.launch({.blocks = {static_cast<int>(blocks), 1, 1}, .threads = Kernel::threads},
            Kernel{size, packs, f, to, {from...}});
}

}  // namespace videoonenet::cuda
