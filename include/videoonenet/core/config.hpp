// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The index type and the library's portability macros.

#include <cstddef>

/// Marks a function that CUDA device code calls as well; nothing to a host compiler.
#if defined(__CUDACC__)
#define VIDEOONENET_HOST_DEVICE __host__ __device__
#else
#define VIDEOONENET_HOST_DEVICE
#endif

/// Makes a compiler that can be told so always inline a function or, after its parameters, a lambda: inner loops keep
/// their sums in registers only then.
#if defined(__GNUC__)
#define VIDEOONENET_ALWAYS_INLINE __attribute__((always_inline))
#else
#define VIDEOONENET_ALWAYS_INLINE
#endif

namespace videoonenet {

/// Signed type of every extent, count and offset.
using Index = std::ptrdiff_t;

}  // namespace videoonenet
