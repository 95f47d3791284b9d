// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Makes the next values of a sequence on threads of their own while the present one is used.

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "videoonenet/core/config.hpp"

namespace videoonenet {

/// Where a Prefetcher makes its values.
enum class Prefetch {
  ahead,      ///< before they are asked for, on its own threads
  on_demand,  ///< when asked, on the caller's thread
};

/// The values make(first), make(first + 1), …, each made once and handed out in order, `ahead` of them made before they
/// are needed, a thread each.
///
/// The values are the same in both modes and for every `ahead` as long as `make` depends on its argument alone; with
/// several ahead it is called by several threads at once.
/// Errors: next() throws what make(i) threw.  Cost: ahead + 1 values are alive at a time.
template <class Value>
class Prefetcher {
 public:
  using Make = std::function<Value(Index)>;

  Prefetcher(Make make, Index first, Prefetch mode = Prefetch::ahead, Index ahead = 1)
      : make_(std::move(make)), next_(first), slots_(mode == Prefetch::ahead ? static_cast<std::size_t>(ahead) : 0) {
    for (Slot& slot : slots_) slot.thread = std::thread([this, &slot, number = first++] { run(slot, number); });
  }
  Prefetcher(const Prefetcher&) = delete;
  Prefetcher& operator=(const Prefetcher&) = delete;
  /// Waits until the values being made are finished.
  ~Prefetcher() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    changed_.notify_all();
    for (Slot& slot : slots_) slot.thread.join();
  }

  /// The next value.
  Value next() {
    if (slots_.empty()) return make_(next_++);
    Slot& slot = slots_[turn_];
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return slot.value || slot.failure; });
    if (slot.failure) std::rethrow_exception(slot.failure);
    Value value = std::move(*slot.value);
    slot.value.reset();
    turn_ = (turn_ + 1) % slots_.size();
    lock.unlock();
    changed_.notify_all();
    return value;
  }

 private:
  /// A thread that makes every slots_.size()-th value, and the one it has made.
  struct Slot {
    std::thread thread;
    std::optional<Value> value;
    std::exception_ptr failure;
  };

  void run(Slot& slot, Index number) {
    for (;; number += static_cast<Index>(slots_.size())) {
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !slot.value || done_; });
        if (done_) return;
      }
      std::optional<Value> made;
      std::exception_ptr failure;
      try {
        made.emplace(make_(number));
      } catch (...) {
        failure = std::current_exception();
      }
      {
        const std::lock_guard lock(mutex_);
        slot.failure = failure;
        if (made) slot.value.emplace(std::move(*made));
      }
      changed_.notify_all();
      if (failure) return;
    }
  }

  Make make_;
  Index next_;  // on demand
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Slot> slots_;
  std::size_t turn_ = 0;
  bool done_ = false;
};

}  // namespace videoonenet
