// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Hopper's products of matrices in shared memory, as instructions: wgmma, which compute capability 9.0a alone has.

#include <array>
#include <cstdint>

#include "videoonenet/core/cuda/core_matrices.hpp"

// wgmma exists where code is compiled for 90a; elsewhere kernels that use it are never launched.
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#define VIDEOONENET_HAS_WGMMA 1
#else
#define VIDEOONENET_HAS_WGMMA 0
#endif

namespace videoonenet::cuda::detail {

#if VIDEOONENET_HAS_WGMMA

#define VIDEOONENET_SUMS_32 \
  "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, " \
  "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31}"
#define VIDEOONENET_SUMS_64 \
  "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, " \
  "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, " \
  "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, " \
  "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63}"
#define VIDEOONENET_SUMS_96 \
  "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, " \
  "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, " \
  "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, " \
  "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63, " \
  "%64, %65, %66, %67, %68, %69, %70, %71, %72, %73, %74, %75, %76, %77, %78, %79, " \
  "%80, %81, %82, %83, %84, %85, %86, %87, %88, %89, %90, %91, %92, %93, %94, %95}"

#define VIDEOONENET_SUM_8(i) \
  "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3]), "+f"(d[i + 4]), "+f"(d[i + 5]), "+f"(d[i + 6]), "+f"(d[i + 7])
#define VIDEOONENET_SUM_32(i) \
  VIDEOONENET_SUM_8(i), VIDEOONENET_SUM_8(i + 8), VIDEOONENET_SUM_8(i + 16), VIDEOONENET_SUM_8(i + 24)
#define VIDEOONENET_SUMS_OF_32 VIDEOONENET_SUM_32(0)
#define VIDEOONENET_SUMS_OF_64 VIDEOONENET_SUMS_OF_32, VIDEOONENET_SUM_32(32)
#define VIDEOONENET_SUMS_OF_96 VIDEOONENET_SUMS_OF_64, VIDEOONENET_SUM_32(64)
// d = a b or d += a b, of descriptors and whether to add; bfloat16 has two operands more, which say how a and b lie.
#define VIDEOONENET_WGMMA(count, a_at, b_at, add_at, shape, kind, transposes)                                     \
  asm volatile("{\n.reg .pred add;\nsetp.ne.b32 add, " add_at ", 0;\nwgmma.mma_async.sync.aligned." shape ".f32." kind   \
               " " VIDEOONENET_SUMS_##count ", " a_at ", " b_at ", add, 1, 1" transposes ";\n}\n"               \
               : VIDEOONENET_SUMS_OF_##count                                                                     \
               : "l"(a), "l"(b), "r"(static_cast<int>(add)))

/// d = a b, or d += a b, for a of 64 rows and b of `columns`, eight tf32 or sixteen bfloat16 terms.
template <bool bfloat16, int columns>
__device__ void wgmma(std::array<float, columns / 2>& d, std::uint64_t a, std::uint64_t b, bool add) {
  static_assert(columns == 64 || columns == 128 || columns == 192);
  if constexpr (bfloat16) {
    if constexpr (columns == 64) VIDEOONENET_WGMMA(32, "%32", "%33", "%34", "m64n64k16", "bf16.bf16", ", 0, 0");
    if constexpr (columns == 128) VIDEOONENET_WGMMA(64, "%64", "%65", "%66", "m64n128k16", "bf16.bf16", ", 0, 0");
    if constexpr (columns == 192) VIDEOONENET_WGMMA(96, "%96", "%97", "%98", "m64n192k16", "bf16.bf16", ", 0, 0");
  } else {
    if constexpr (columns == 64) VIDEOONENET_WGMMA(32, "%32", "%33", "%34", "m64n64k8", "tf32.tf32", "");
    if constexpr (columns == 128) VIDEOONENET_WGMMA(64, "%64", "%65", "%66", "m64n128k8", "tf32.tf32", "");
    if constexpr (columns == 192) VIDEOONENET_WGMMA(96, "%96", "%97", "%98", "m64n192k8", "tf32.tf32", "");
  }
}

#undef VIDEOONENET_WGMMA
#undef VIDEOONENET_SUMS_OF_96
#undef VIDEOONENET_SUMS_OF_64
#undef VIDEOONENET_SUMS_OF_32
#undef VIDEOONENET_SUM_32
#undef VIDEOONENET_SUM_8
#undef VIDEOONENET_SUMS_96
#undef VIDEOONENET_SUMS_64
#undef VIDEOONENET_SUMS_32

/// What wgmma is told of an operand: where its first core matrix begins, and the distances to the next ones.
__device__ inline std::uint64_t wgmma_descriptor(std::uint32_t shared_base, const CoreMatrices& m) {
  const auto field = [](std::uint32_t bytes) { return std::uint64_t((bytes & 0x3ffffu) >> 4); };
  return field(shared_base + static_cast<std::uint32_t>(m.offset)) |
         field(static_cast<std::uint32_t>(m.to_next_terms)) << 16 |
         field(static_cast<std::uint32_t>(m.to_next_lines)) << 32;
}

#endif

}  // namespace videoonenet::cuda::detail
