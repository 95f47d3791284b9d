// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Memory for the intermediate results of composed operators: allocated at first use, reused ever after.

#include <algorithm>
#include <mutex>
#include <typeindex>
#include <utility>
#include <vector>

#include "videoonenet/core/executor_buffer.hpp"

namespace videoonenet {

/// Buffers of one size that concurrent calls of a const operator borrow.
///
/// LinearOperator asks for calls that are const, allocate nothing and may run at the same time, yet A·B needs room for
/// B x. So the operator owns a pool: a call borrows a buffer for its duration, and only when none is free (the first
/// call, or more calls at once than ever before) is one allocated. k calls at a time cost k buffers, once; each lies in
/// memory of its executor, and executors with memories of their own get buffers of their own. A copied or moved pool
/// starts empty: nothing is shared.
/// Units: entries of T.  Cost: one lock at the beginning and at the end of a call.
template <class T>
class ScratchPool {
 public:
  /// A pool of buffers of `size` entries each.
  explicit ScratchPool(Index size) : size_(size) {}
  ScratchPool(const ScratchPool& other) : size_(other.size_) {}
  ScratchPool& operator=(const ScratchPool& other) {
    if (this == &other) return *this;
    free_.clear();
    allocated_ = 0;
    size_ = other.size_;
    return *this;
  }
  ~ScratchPool() = default;

  class Loan;
  /// Borrows a buffer in the executor's memory; its contents are unspecified.
  template <Executor Ex>
  Loan borrow(const Ex& ex) const {
    return Loan(*this, take(ex));
  }

  /// Buffers allocated so far: the largest number of simultaneous calls.
  Index allocated() const {
    const std::lock_guard lock(mutex_);
    return allocated_;
  }

 private:
  struct Entry {
    std::type_index executor;
    std::intptr_t memory;
    ExecutorBuffer<T> values;
  };

  template <Executor Ex>
  static std::intptr_t memory_of(const Ex&) {
    return 0;
  }
  template <DeviceExecutor Ex>
  static std::intptr_t memory_of(const Ex& ex) {
    return ex.memory_id();
  }

  template <Executor Ex>
  Entry take(const Ex& ex) const {
    const std::lock_guard lock(mutex_);
    const std::type_index executor = typeid(Ex);
    const std::intptr_t memory = memory_of(ex);
    const auto found =
        std::ranges::find_if(free_, [&](const Entry& e) { return e.executor == executor && e.memory == memory; });
    if (found != free_.end()) {
      Entry entry = std::move(*found);
      free_.erase(found);
      return entry;
    }
    ExecutorBuffer<T> values = ex.template allocate<T>(size_);
    free_.reserve(static_cast<std::size_t>(allocated_ + 1));  // so that giving back never allocates
    ++allocated_;
    return {executor, memory, std::move(values)};
  }

  Index size_;
  mutable Index allocated_ = 0;
  mutable std::vector<Entry> free_;
  mutable std::mutex mutex_;
};

/// A borrowed buffer; it goes back to its pool, which must outlive it, at the end of the scope.
template <class T>
class ScratchPool<T>::Loan {
 public:
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;
  ~Loan() {
    const std::lock_guard lock(pool_.mutex_);
    pool_.free_.push_back(std::move(entry_));
  }
  /// The buffer.
  std::span<T> span() const { return entry_.values.span(); }

 private:
  friend class ScratchPool;
  Loan(const ScratchPool& pool, Entry entry) : pool_(pool), entry_(std::move(entry)) {}
  const ScratchPool& pool_;
  Entry entry_;
};

}  // namespace videoonenet
