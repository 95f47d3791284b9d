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

/// Marks a function that only a kernel calls: device code to nvcc, and host code to a compiler that runs the kernel in
/// testing/emulated_gpu.hpp.
#if defined(__CUDACC__)
#define VIDEOONENET_DEVICE __device__
#else
#define VIDEOONENET_DEVICE
#endif

/// Asks nvcc to unroll the loop that follows: arrays that a kernel indexes by its counter stay in registers only then.
#if defined(__CUDACC__)
#define VIDEOONENET_UNROLL _Pragma("unroll")
#else
#define VIDEOONENET_UNROLL
#endif

/// Asks nvcc not to unroll the loop that follows: a long body would only be compiled several times.
#if defined(__CUDACC__)
#define VIDEOONENET_ROLLED _Pragma("unroll 1")
#else
#define VIDEOONENET_ROLLED
#endif

/// Makes a compiler that can be told so always inline a function or, after its parameters, a lambda: inner loops keep
/// their sums in registers only then.
#if defined(__GNUC__)
#define VIDEOONENET_ALWAYS_INLINE __attribute__((always_inline))
#else
#define VIDEOONENET_ALWAYS_INLINE
#endif

/// Stands before the explicit instantiations of templates that take long to compile. A program of many files compiles
/// them once when all its files define VIDEOONENET_EXTERN_TEMPLATES and one more file, which includes the headers that
/// the others use, defines VIDEOONENET_INSTANTIATE; without either macro every file compiles what it uses.
#if defined(VIDEOONENET_INSTANTIATE)
#define VIDEOONENET_INSTANCE template
#elif defined(VIDEOONENET_EXTERN_TEMPLATES)
#define VIDEOONENET_INSTANCE extern template
#endif

namespace videoonenet {

/// Signed type of every extent, count and offset.
using Index = std::ptrdiff_t;

}  // namespace videoonenet
