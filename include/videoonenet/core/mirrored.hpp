// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Constants on the host that other executors get a copy of when they first ask.

#include <algorithm>
#include <memory>
#include <mutex>
#include <typeindex>
#include <utility>
#include <vector>

#include "videoonenet/core/executor_buffer.hpp"

namespace videoonenet {

/// An array that does not change, such as an operator's mask or a solver's factor, in the memory of every executor that
/// uses it: the host's own entries for executors of the host, a copy for a device, made at its first call.
///
/// Hence an operator is made once, on the host, and runs wherever it is called. Copies of it share the entries.
/// Cost: the first `on` of a device allocates and uploads; later ones take a lock.
template <class T>
class Mirrored {
 public:
  Mirrored() : Mirrored(Buffer<T>()) {}
  Mirrored(Buffer<T> values)  // NOLINT(google-explicit-constructor): a constant array is one
      : state_(std::make_shared<State>(std::move(values))) {}

  Index size() const { return state_->host.size(); }
  /// The entries on the host.
  std::span<const T> span() const { return std::as_const(state_->host).span(); }
  const T* data() const { return span().data(); }
  const T& operator[](Index i) const { return span()[static_cast<std::size_t>(i)]; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size(); }

  /// The entries in memory of the executor.
  template <Executor Ex>
  std::span<const T> on(const Ex& ex) const {
    if constexpr (DeviceExecutor<Ex>)
      return copy_on(ex);
    else
      return span();
  }

 private:
  struct Copy {
    std::type_index executor;
    std::intptr_t memory;
    ExecutorBuffer<T> values;
  };
  struct State {
    explicit State(Buffer<T> values) : host(std::move(values)) {}
    Buffer<T> host;
    std::mutex mutex;
    std::vector<Copy> copies;
  };

  template <DeviceExecutor Ex>
  std::span<const T> copy_on(const Ex& ex) const {
    const std::lock_guard lock(state_->mutex);
    const std::type_index executor = typeid(Ex);
    const std::intptr_t memory = ex.memory_id();
    for (const Copy& copy : state_->copies)
      if (copy.executor == executor && copy.memory == memory) return copy.values.span();
    ExecutorBuffer<T> values = ex.template allocate<T>(size());
    ex.upload(span(), values.span());
    state_->copies.push_back({executor, memory, std::move(values)});
    return state_->copies.back().values.span();
  }

  std::shared_ptr<State> state_;
};

}  // namespace videoonenet
