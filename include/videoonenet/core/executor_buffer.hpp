// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Memory of whatever executor allocated it, under one type.

#include <memory>
#include <utility>

#include "videoonenet/core/executor.hpp"

namespace videoonenet {

/// Owns entries in the memory of the executor that allocated them; which one that was is no part of the type, so that
/// a solver has one type for all executors: `ExecutorBuffer<T> scratch = ex.template allocate<T>(size)`.
///
/// Its entries are touched by the kernels of that executor only. It moves and is not copied: a copy would share memory.
template <class T>
class ExecutorBuffer {
 public:
  ExecutorBuffer() = default;
  template <class Memory>
    requires(!std::same_as<std::remove_cvref_t<Memory>, ExecutorBuffer>)
  ExecutorBuffer(Memory memory) {  // NOLINT(google-explicit-constructor): what allocate returns becomes one
    auto owner = std::make_shared<Memory>(std::move(memory));
    span_ = owner->span();
    owner_ = std::move(owner);
  }
  ExecutorBuffer(ExecutorBuffer&& other) noexcept
      : owner_(std::move(other.owner_)), span_(std::exchange(other.span_, {})) {}
  ExecutorBuffer& operator=(ExecutorBuffer&& other) noexcept {
    owner_ = std::move(other.owner_);
    span_ = std::exchange(other.span_, {});
    return *this;
  }

  Index size() const { return std::ssize(span_); }
  T* data() const { return span_.data(); }
  std::span<T> span() const { return span_; }

 private:
  std::shared_ptr<void> owner_;
  std::span<T> span_{};
};

}  // namespace videoonenet
