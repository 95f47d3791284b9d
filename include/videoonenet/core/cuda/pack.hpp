// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Neighbouring entries of an array that a thread reads or writes at once: four floats are one access of 16 bytes, the
/// widest there is.

#include <cstdint>

#include "videoonenet/core/config.hpp"

namespace videoonenet::cuda {

/// `width` neighbouring entries, which begin at a multiple of their size, or of 16 bytes where they are larger.
template <class T, int width>
struct alignas(sizeof(T) * width < 16 ? sizeof(T) * width : 16) Pack {
  T entry[width];
  VIDEOONENET_HOST_DEVICE T& operator[](int k) { return entry[k]; }
  VIDEOONENET_HOST_DEVICE const T& operator[](int k) const { return entry[k]; }
};

/// p[0] to p[width − 1].
template <int width, class T>
VIDEOONENET_HOST_DEVICE Pack<T, width> load_pack(const T* p) {
  return *reinterpret_cast<const Pack<T, width>*>(p);
}
/// p[0] to p[width − 1] = pack.
template <class T, int width>
VIDEOONENET_HOST_DEVICE void store_pack(T* p, const Pack<T, width>& pack) {
  *reinterpret_cast<Pack<T, width>*>(p) = pack;
}

/// Whether packs of `width` entries may begin where the arrays begin.
template <int width, class... T>
bool packs_fit(const T*... p) {
  return ((reinterpret_cast<std::uintptr_t>(p) % alignof(Pack<T, width>) == 0) && ...);
}

}  // namespace videoonenet::cuda
