// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What the kernels of `videoonenet::cuda` are launched on: a CUDA device, or its emulation on the host.

#include <span>

#include "videoonenet/core/cuda/grid.hpp"
#include "videoonenet/core/executor.hpp"

namespace videoonenet::cuda {

/// How the matrix unit multiplies floats; sums are always kept in float.
enum class Precision {
  tf32,      ///< operands rounded to 10 fraction bits: 5e-4 relative
  float32,   ///< operands split in two tf32 numbers, three products: 1e-6
  bfloat16,  ///< operands rounded to 7 fraction bits: 4e-3
};

/// Memory for sums that many blocks share: partial results, and a counter that is zero between kernels. One kernel at a
/// time uses it, so that every stream has its own.
struct Workspace {
  std::span<double> sums{};
  unsigned* counter = nullptr;
};

/// Entries of Workspace::sums.
inline constexpr Index workspace_sums = Index(1) << 18;

namespace detail {
struct NoKernel {
  static constexpr int threads = 32;
  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread&) const {}
};
}  // namespace detail

/// An executor that runs kernels.
///
/// Requirements, for `const E& ex`:
///  1. it is a DeviceExecutor;
///  2. `ex.launch(grid, kernel)` calls kernel(thread) for all threads of a grid, after all earlier launches; a kernel
///     is a trivially copyable object with `threads`, the most threads of a block, and a device operator();
///     `ex.can_run(grid, kernel)` says whether the device has room for a block, or a cluster of them, at all;
///  3. `ex.precision` says how products are made, `ex.multiprocessors()` how many blocks can run at once;
///  4. `ex.cluster_blocks()` says how many blocks of a grid may be a cluster, 1 where there are none,
///     and `ex.warpgroup_products()` whether a thread has products of warpgroups;
///  5. `ex.workspace()`;
///  6. `ex.fork()` is an executor of the same type that runs beside it, until `ex.join(it)`;
///  7. `ex.staging(bytes)` is memory of the host that entries are copied from while it goes on: `begin()` a round, then
///     `copy(host, device)` each array.
template <class E>
concept Gpu = DeviceExecutor<E> && requires(const E& ex, const Grid& grid) {
  ex.launch(grid, detail::NoKernel{});
  { ex.can_run(grid, detail::NoKernel{}) } -> std::convertible_to<bool>;
  { ex.precision } -> std::convertible_to<Precision>;
  { ex.multiprocessors() } -> std::convertible_to<int>;
  { ex.cluster_blocks() } -> std::convertible_to<int>;
  { ex.warpgroup_products() } -> std::convertible_to<bool>;
  { ex.fork() } -> std::convertible_to<E>;
  ex.join(ex);
  { ex.workspace() } -> std::convertible_to<Workspace>;
  ex.staging(Index(1));
};

}  // namespace videoonenet::cuda
