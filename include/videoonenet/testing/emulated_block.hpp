// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The threads of a block of a GPU kernel on the host, as fibers that wait for each other.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "videoonenet/core/cuda/grid.hpp"
#include "videoonenet/testing/emulated_fiber.hpp"
#include "videoonenet/testing/emulated_shared.hpp"

namespace videoonenet::testing {

/// In which order warps run between barriers, each as far as it gets before the next one. A kernel whose result depends
/// on it lacks a barrier.
enum class ThreadOrder { ascending, descending };

namespace detail {

inline constexpr int warp_size = 32;

/// The threads of one block as fibers: each runs until it waits for others.
class EmulatedBlock {
 public:
  /// `cluster`: all blocks of its cluster, in order.
  EmulatedBlock(const cuda::Grid& grid, ThreadOrder order, std::span<EmulatedBlock* const> cluster)
      : grid_(grid), order_(order), cluster_(cluster), shared_(grid.shared_bytes, grid.threads) {
    if (grid.threads < 1 || grid.threads % warp_size != 0 || grid.threads > 1024)
      throw InputError(sentence("emulate: ", grid.threads, " threads a block, expected whole warps and at most 1024"));
    for (int i = 0; i < grid.threads; ++i) {
      threads_.push_back(idle_.empty() ? std::make_unique<Thread>() : std::move(idle_.back()));
      if (!idle_.empty()) idle_.pop_back();
    }
    exchange_.resize(static_cast<std::size_t>(grid.threads));
    copies_.resize(static_cast<std::size_t>(grid.threads));
    products_.resize(static_cast<std::size_t>(grid.threads));
  }

  EmulatedBlock(const EmulatedBlock&) = delete;
  EmulatedBlock& operator=(const EmulatedBlock&) = delete;
  /// Threads that have not ended, after a failure, are not used again.
  ~EmulatedBlock() {
    for (auto& thread : threads_)
      if (thread->waits == Waits::ended) idle_.push_back(std::move(thread));
  }

  /// Makes every thread of a block ready to run body(thread); shared memory is full of NaN before.
  void begin(std::function<void(int)> body) {
    shared_.begin();
    for (auto& copies : copies_) copies.clear();
    for (auto& products : products_) products.clear();
    body_ = std::move(body);
    for (auto& thread : threads_) thread->waits = Waits::nothing, thread->arrived = false, thread->failure = nullptr;
  }
  /// Runs its threads until they have ended, or all of them wait for the other blocks of the cluster.
  void run() {
    while (running() > 0 && !waits_for_cluster()) {
      bool progress = false;
      for (int i = 0; i < grid_.threads; i += warp_size) {
        const int warp = order_ == ThreadOrder::ascending ? i : grid_.threads - warp_size - i;
        progress |= run_warp(warp);
        if (const Team team = thread(warp).team; release_team(warp))  // which goes on before the next one
          i = (order_ == ThreadOrder::ascending ? team.first : grid_.threads - team.first - team.count) - warp_size;
      }
      progress |= release(0, grid_.threads, Waits::block);
      if (!progress && !waits_for_cluster())
        throw Error("emulate: the threads of a block wait for each other at different barriers, or some have ended");
    }
  }

  void wait_for_block(int thread) { suspend(thread, Waits::block); }
  /// Waits for the threads team · count and following, `count` of them. There are 16 barriers, one of which is the
  /// block's.
  void wait_for_team(int number, int team, int count) {
    if (count < 1 || count % warp_size != 0 || number / count != team || (team + 1) * count > grid_.threads ||
        team > 14)
      throw Error(sentence("emulate: thread ", number, " of ", grid_.threads, " waits for team ", team, " of ", count));
    thread(number).team = {team * count, count};
    suspend(number, Waits::team);
  }
  /// What a thread does between the two comes before all that others do after them in one order, and behind it in the
  /// other.
  void arrive_at_cluster(int number) {
    if (std::exchange(thread(number).arrived, true))
      throw Error("emulate: a thread arrives at the cluster's barrier twice, and has not waited between");
    if (order_ == ThreadOrder::descending) suspend(number, Waits::cluster);
  }
  void wait_for_cluster(int number) {
    if (!std::exchange(thread(number).arrived, false))
      throw Error("emulate: a thread waits at the cluster's barrier and has not arrived there");
    if (order_ == ThreadOrder::ascending) suspend(number, Waits::cluster);
  }
  bool waits_for_cluster() {
    return std::ranges::all_of(threads_, [](const auto& f) { return f->waits == Waits::cluster; });
  }
  /// Lets threads go on that wait for the other blocks of the cluster.
  void release_cluster() {
    for (auto& f : threads_) f->waits = Waits::nothing;
  }

  /// Every lane of a warp leaves a value, and sees those of all when all have.
  template <class V>
  std::array<V, warp_size> exchange(int thread, const V& value) {
    static_assert(sizeof(V) <= sizeof(Slot) && std::is_trivially_copyable_v<V>);
    std::memcpy(exchange_[static_cast<std::size_t>(thread)].data(), &value, sizeof(V));
    suspend(thread, Waits::warp);
    std::array<V, warp_size> all;
    const int first = thread / warp_size * warp_size;
    for (int lane = 0; lane < warp_size; ++lane)
      std::memcpy(&all[static_cast<std::size_t>(lane)], exchange_[static_cast<std::size_t>(first + lane)].data(),
                  sizeof(V));
    suspend(thread, Waits::warp);  // nobody writes again before all have read
    return all;
  }

  EmulatedBlock& in_cluster(int number) {
    if (number < 0 || number >= std::ssize(cluster_))
      throw Error(sentence("emulate: block ", number, " of a cluster of ", std::ssize(cluster_)));
    EmulatedBlock& block = *cluster_[static_cast<std::size_t>(number)];
    if (block.running() == 0) throw Error("emulate: the shared memory of a block that has ended was asked for");
    return block;
  }
  EmulatedShared& shared() { return shared_; }
  /// Products that a thread has begun, in order; empty ones end groups. They are the block's, since a thread that is
  /// not gone on with after a failure gives nothing back.
  std::deque<std::function<void()>>& products(int thread) { return products_[static_cast<std::size_t>(thread)]; }
  int threads() const { return grid_.threads; }

  /// Begins a copy to shared memory, which holds NaN until wait_copies; a null `from` writes zeros.
  void copy_async(int thread, std::byte* to, const void* from, std::size_t bytes) {
    const auto misaligned = [=](const void* p) { return reinterpret_cast<std::uintptr_t>(p) % bytes != 0; };
    if (misaligned(to) || misaligned(from))
      throw Error(sentence("emulate: a copy of ", bytes, " bytes to shared memory begins at no multiple of them"));
    std::fill_n(to, bytes, std::byte(0xff));
    copies(thread).push_back({to, from, bytes});
  }
  /// Ends the present group of copies.
  void commit_copies(int thread) { copies(thread).push_back({}); }
  /// Finishes all groups but the `pending` youngest.
  void wait_copies(int thread, int pending) {
    auto& own = copies(thread);
    auto groups = std::ranges::count_if(own, [](const Copy& c) { return c.to == nullptr; });
    while (groups > pending) {
      const Copy c = own.front();
      own.erase(own.begin());
      if (c.to == nullptr) {
        --groups;
        continue;
      }
      if (shared_.tracks()) shared_.touch(thread, c.to, c.bytes);
      if (c.from == nullptr)
        std::memset(c.to, 0, c.bytes);
      else
        std::memcpy(c.to, c.from, c.bytes);
    }
  }

 private:
  enum class Waits { nothing, warp, team, block, cluster, ended };
  using Slot = std::array<std::byte, 96>;

  struct Team {
    int first = 0, count = 0;
    bool operator==(const Team&) const = default;
  };
  struct Thread {
    Fiber fiber{&EmulatedBlock::enter};
    Waits waits = Waits::ended;
    bool arrived = false;  ///< at the cluster's barrier
    Team team{};           ///< that it has waited for last
    std::exception_ptr failure{};
  };

  struct Copy {
    std::byte* to = nullptr;  ///< null: the end of a group
    const void* from = nullptr;
    std::size_t bytes = 0;
  };

  std::vector<Copy>& copies(int thread) { return copies_[static_cast<std::size_t>(thread)]; }
  Thread& thread(int number) { return *threads_[static_cast<std::size_t>(number)]; }

  /// A fiber runs the body of one block after the other.
  [[noreturn]] static void enter() {
    for (;;) {
      EmulatedBlock& block = *current_;
      const int number = block.current_thread_;
      try {
        block.body_(number);
      } catch (...) {
        block.thread(number).failure = std::current_exception();
      }
      block.suspend(number, Waits::ended);
    }
  }
  void resume(int number) {
    current_ = this;
    current_thread_ = number;
    thread(number).fiber.resume();
    if (thread(number).failure) std::rethrow_exception(thread(number).failure);
  }
  void suspend(int number, Waits waits) {
    thread(number).waits = waits;
    thread(number).fiber.give_way();
  }

  int running() {
    return static_cast<int>(std::ranges::count_if(threads_, [](const auto& f) { return f->waits != Waits::ended; }));
  }
  bool release(int first, int count, Waits waits) {
    for (int i = first; i < first + count; ++i)
      if (thread(i).waits != waits) return false;
    for (int i = first; i < first + count; ++i) thread(i).waits = Waits::nothing;
    return true;
  }
  /// The team that a thread waits for, if all of it does.
  bool release_team(int number) {
    if (thread(number).waits != Waits::team) return false;
    const Team team = thread(number).team;
    for (int i = team.first; i < team.first + team.count; ++i)
      if (thread(i).team != team) return false;
    return release(team.first, team.count, Waits::team);
  }
  /// Runs a warp as far as it gets alone. Returns whether it got anywhere.
  bool run_warp(int first) {
    bool progress = false;
    do {
      for (int i = 0; i < warp_size; ++i) {
        const int number = first + (order_ == ThreadOrder::ascending ? i : warp_size - 1 - i);
        if (thread(number).waits != Waits::nothing) continue;
        resume(number);
        progress = true;
      }
    } while (release(first, warp_size, Waits::warp));
    return progress;
  }

  cuda::Grid grid_;
  ThreadOrder order_;
  std::span<EmulatedBlock* const> cluster_;
  EmulatedShared shared_;
  std::vector<std::unique_ptr<Thread>> threads_;
  std::vector<Slot> exchange_;
  std::vector<std::vector<Copy>> copies_;
  std::vector<std::deque<std::function<void()>>> products_;
  std::function<void(int)> body_{};
  int current_thread_ = 0;
  static inline thread_local EmulatedBlock* current_ = nullptr;
  static inline thread_local std::vector<std::unique_ptr<Thread>> idle_{};  ///< whose stacks cost more than to run them
};

}  // namespace detail

}  // namespace videoonenet::testing
