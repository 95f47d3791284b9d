// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Registers written past the caches, where the processor can.
///
/// For arrays that no cache would keep until they are read: an ordinary store reads a line of memory first, only to
/// overwrite it.

#include "videoonenet/core/simd.hpp"

namespace videoonenet::simd {

/// Registers of a line of the cache: written one after the other, they go to memory at once.
inline constexpr Index registers_of_line = register_bytes > 0 && register_bytes < 64 ? 64 / register_bytes : 1;

/// Whether registers can be streamed to p: whether it is aligned to a line of the cache.
inline bool streamable(const void* p) { return reinterpret_cast<std::uintptr_t>(p) % 64 == 0; }

/// As store, with p aligned to a register; others must not be told of it before finish_streams().
template <class T>
VIDEOONENET_ALWAYS_INLINE inline void stream(T* p, std::type_identity_t<Vector<T>> v) {
#if defined(__CUDACC__)
  store(p, v);
#elif defined(__clang__)
  __builtin_nontemporal_store(v, reinterpret_cast<Vector<T>*>(p));
#elif defined(__GNUC__) && defined(__SSE2__)
  constexpr bool single = std::is_same_v<T, float>;
#if defined(__AVX512F__)
  if constexpr (single)
    __builtin_ia32_movntps512(p, v);
  else
    __builtin_ia32_movntpd512(p, v);
#elif defined(__AVX__)
  if constexpr (single)
    __builtin_ia32_movntps256(p, v);
  else
    __builtin_ia32_movntpd256(p, v);
#else
  if constexpr (single)
    __builtin_ia32_movntps(p, v);
  else
    __builtin_ia32_movntpd(p, v);
#endif
#else
  store(p, v);
#endif
}

/// What this thread streamed comes before whatever it writes next.
inline void finish_streams() {
#if defined(__GNUC__) && defined(__SSE2__) && !defined(__CUDACC__)
  __builtin_ia32_sfence();
#endif
}

}  // namespace videoonenet::simd
