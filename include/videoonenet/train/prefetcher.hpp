// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Makes the next value of a sequence on a thread of its own while the present one is used.

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "videoonenet/core/config.hpp"

namespace videoonenet {

/// Where a Prefetcher makes its values.
enum class Prefetch {
  ahead,      ///< one value ahead, on its own thread
  on_demand,  ///< when asked, on the caller's thread
};

/// The values make(first), make(first + 1), …, each made once and in order, one ahead of where it is needed.
///
/// The values are the same in both modes as long as `make` depends on its argument alone.
/// Errors: next() throws what make(i) threw.  Cost: two values are alive at a time.
template <class Value>
class Prefetcher {
 public:
  using Make = std::function<Value(Index)>;

  Prefetcher(Make make, Index first, Prefetch mode = Prefetch::ahead) : make_(std::move(make)), number_(first) {
    if (mode == Prefetch::ahead) thread_ = std::thread([this] { run(); });
  }
  Prefetcher(const Prefetcher&) = delete;
  Prefetcher& operator=(const Prefetcher&) = delete;
  /// Waits until the value being made is finished.
  ~Prefetcher() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  /// The next value.
  Value next() {
    if (!thread_.joinable()) return make_(number_++);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return value_ || failure_; });
    if (failure_) std::rethrow_exception(failure_);
    Value value = std::move(*value_);
    value_.reset();
    lock.unlock();
    changed_.notify_all();
    return value;
  }

 private:
  void run() {
    for (;; ++number_) {
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !value_ || done_; });
        if (done_) return;
      }
      std::optional<Value> made;
      std::exception_ptr failure;
      try {
        made.emplace(make_(number_));
      } catch (...) {
        failure = std::current_exception();
      }
      {
        const std::lock_guard lock(mutex_);
        failure_ = failure;
        if (made) value_.emplace(std::move(*made));
      }
      changed_.notify_all();
      if (failure) return;
    }
  }

  Make make_;
  Index number_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Value> value_;
  std::exception_ptr failure_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace videoonenet
