// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Executors: values that say where an algorithm runs.
///
/// An executor is passed as the first argument of every entry point. Kernels are free functions in the executor's own
/// namespace (`videoonenet::cpu`, `videoonenet::cuda`), found through that argument, so an algorithm written once
/// runs on whatever executor it is given and no body asks which one it is.

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstdint>
#include <exception>
#include <utility>

#include "videoonenet/core/tensor.hpp"

namespace videoonenet {

namespace cpu {

/// How convolutions of floats multiply. Sums are kept in float by all of them, and doubles are always multiplied
/// directly. Errors are relative to the largest output of one convolution.
enum class Products {
  direct,    ///< as the definition says: errors up to 3e-6
  winograd,  ///< fewer, of sums of the operands: up to 5e-6 with kernels of 3 × 3, 2e-5 with 5 × 5; direct elsewhere
  bfloat16,  ///< of operands rounded to bfloat16, where the processor multiplies them: up to 3e-3
};

/// Runs on the host with at most `threads` OpenMP threads; results do not depend on their number. By default products
/// are the fastest that keep whole networks of floats within 1e-4 of those of doubles.
struct Executor {
  int threads = 1;
  Products products = Products::winograd;

  bool operator==(const Executor&) const = default;

  /// The same but for the number of threads.
  Executor with_threads(int count) const {
    Executor other = *this;
    other.threads = count;
    return other;
  }

  /// Memory this executor's kernels can read and write, zero-initialised.
  template <class T>
  Buffer<T> allocate(Index size) const {
    return Buffer<T>(size);
  }
};

/// Calls `body(i)` for every i in [0, count), spread over the executor's threads; iterations must be independent.
/// Errors: the first exception thrown by a body is rethrown after all threads have finished.
template <class Body>
void parallel_for(const Executor& ex, Index count, Body&& body) {
  if (ex.threads <= 1 || count <= 1) {
    for (Index i = 0; i < count; ++i) body(i);
    return;
  }
  std::exception_ptr failure;
  std::atomic<bool> failed{false};
#pragma omp parallel for num_threads(ex.threads) schedule(static)
  for (Index i = 0; i < count; ++i) {
    try {
      if (!failed.load(std::memory_order_relaxed)) body(i);
    } catch (...) {
      if (!failed.exchange(true)) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

/// Splits [0, count) into at most `ex.threads` consecutive ranges and calls body(worker, begin, end) for each, worker
/// numbered from 0, so that a worker can own scratch memory.
template <class Body>
void parallel_ranges(const Executor& ex, Index count, Body&& body) {
  const Index workers = std::clamp<Index>(ex.threads, 1, std::max<Index>(count, 1));
  parallel_for(ex, workers,
               [&](Index worker) { body(worker, worker * count / workers, (worker + 1) * count / workers); });
}

}  // namespace cpu

/// The host executor, `Cpu{.threads = 2}`.
using Cpu = cpu::Executor;

/// What every executor offers: memory that its kernels can use.
template <class E>
concept Executor = requires(const E& ex) {
  { ex.template allocate<float>(Index(1)).span() } -> std::convertible_to<std::span<float>>;
};

/// An executor whose memory the host cannot touch: `ex.upload(host, device)` and `ex.download(device, host)` copy, and
/// have done so when they return; `ex.memory_id()` tells memories of one type of executor apart.
template <class E>
concept DeviceExecutor = Executor<E> && requires(const E& ex, std::span<float> values) {
  { ex.memory_id() } -> std::convertible_to<std::intptr_t>;
  ex.upload(std::span<const float>(values), values);
  ex.download(std::span<const float>(values), values);
};

}  // namespace videoonenet
