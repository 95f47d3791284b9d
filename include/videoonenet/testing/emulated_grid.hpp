// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Runs GPU kernels on the host, thread by thread, so that a machine without a GPU still finds a wrong index or a
/// missing barrier.

#include <ucontext.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <exception>
#include <functional>
#include <memory>
#include <vector>

#include "videoonenet/core/bfloat16.hpp"
#include "videoonenet/core/errors.hpp"

namespace videoonenet::testing {

/// Blocks of a grid in each dimension, and the threads and bytes of shared memory of one of them.
struct GridSize {
  std::array<int, 3> blocks{1, 1, 1};
  int threads = 32;
  Index shared_bytes = 0;
};

/// In which order threads run between barriers. A kernel whose result depends on it lacks a barrier.
enum class ThreadOrder { ascending, descending };

namespace detail {

inline constexpr int warp_size = 32;

/// The threads of one block as fibers: each runs until it waits for others.
class EmulatedBlock {
 public:
  EmulatedBlock(const GridSize& grid, ThreadOrder order)
      : grid_(grid), order_(order), shared_(static_cast<std::size_t>(grid.shared_bytes)) {
    if (grid.threads < 1 || grid.threads % warp_size != 0 || grid.threads > 1024)
      throw InputError(sentence("emulate: ", grid.threads, " threads a block, expected whole warps and at most 1024"));
    for (int i = 0; i < grid.threads; ++i) fibers_.push_back(std::make_unique<Fiber>());
    exchange_.resize(static_cast<std::size_t>(grid.threads));
  }

  /// Runs body(thread) for every thread of a block; shared memory is full of NaN before.
  void run(const std::function<void(int)>& body) {
    std::ranges::fill(shared_, std::byte(0xff));
    body_ = &body;
    for (auto& fiber : fibers_) start(*fiber);
    while (running() > 0) {
      bool progress = false;
      for (int i = 0; i < grid_.threads; ++i) {
        const int thread = order_ == ThreadOrder::ascending ? i : grid_.threads - 1 - i;
        if (fiber(thread).waits != Waits::nothing) continue;
        resume(thread);
        progress = true;
      }
      if (release_barrier() || release_warps()) progress = true;
      if (!progress)
        throw Error("emulate: the threads of a block wait for each other at different barriers, or some have ended");
    }
  }

  void wait_for_block(int thread) { suspend(thread, Waits::block); }

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

  std::byte* shared(Index offset, Index bytes) {
    if (offset < 0 || bytes < 0 || offset + bytes > std::ssize(shared_))
      throw Error(sentence("emulate: the shared bytes ", offset, " to ", offset + bytes, " were asked for, there are ",
                           std::ssize(shared_)));
    return shared_.data() + offset;
  }
  int threads() const { return grid_.threads; }

 private:
  enum class Waits { nothing, warp, block, ended };
  using Slot = std::array<std::byte, 64>;

  struct Fiber {
    ucontext_t context{};
    std::unique_ptr<std::byte[]> stack{new std::byte[stack_size]};
    Waits waits = Waits::ended;
    std::exception_ptr failure{};
  };
  static constexpr std::size_t stack_size = 128 << 10;

  Fiber& fiber(int thread) { return *fibers_[static_cast<std::size_t>(thread)]; }

  void start(Fiber& f) {
    getcontext(&f.context);
    f.context.uc_stack.ss_sp = f.stack.get();
    f.context.uc_stack.ss_size = stack_size;
    f.context.uc_link = &scheduler_;
    f.waits = Waits::nothing;
    f.failure = nullptr;
    makecontext(&f.context, reinterpret_cast<void (*)()>(&EmulatedBlock::enter), 0);
  }
  static void enter() {
    EmulatedBlock& block = *current_;
    const int thread = block.current_thread_;
    try {
      (*block.body_)(thread);
    } catch (...) {
      block.fiber(thread).failure = std::current_exception();
    }
    block.fiber(thread).waits = Waits::ended;
  }
  void resume(int thread) {
    current_ = this;
    current_thread_ = thread;
    swapcontext(&scheduler_, &fiber(thread).context);
    if (fiber(thread).failure) std::rethrow_exception(fiber(thread).failure);
  }
  void suspend(int thread, Waits waits) {
    fiber(thread).waits = waits;
    swapcontext(&fiber(thread).context, &scheduler_);
  }

  int running() {
    return static_cast<int>(std::ranges::count_if(fibers_, [](const auto& f) { return f->waits != Waits::ended; }));
  }
  bool release(int first, int count, Waits waits) {
    for (int i = first; i < first + count; ++i)
      if (fiber(i).waits != waits) return false;
    for (int i = first; i < first + count; ++i) fiber(i).waits = Waits::nothing;
    return true;
  }
  bool release_barrier() { return release(0, grid_.threads, Waits::block); }
  bool release_warps() {
    bool any = false;
    for (int first = 0; first < grid_.threads; first += warp_size) any |= release(first, warp_size, Waits::warp);
    return any;
  }

  GridSize grid_;
  ThreadOrder order_;
  std::vector<std::byte> shared_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<Slot> exchange_;
  const std::function<void(int)>* body_ = nullptr;
  ucontext_t scheduler_{};
  int current_thread_ = 0;
  static inline thread_local EmulatedBlock* current_ = nullptr;
};

}  // namespace detail

/// Entries of shared memory whose bounds are checked.
template <class T>
class SharedSpan {
 public:
  SharedSpan(T* data, int size) : data_(data), size_(size) {}
  T& operator[](int i) const {
    if (i < 0 || i >= size_) throw Error(sentence("emulate: entry ", i, " of ", size_, " in shared memory"));
    return data_[i];
  }
  int size() const { return size_; }

 private:
  T* data_;
  int size_;
};

/// What a kernel sees of the thread that runs it.
class EmulatedThread {
 public:
  EmulatedThread(detail::EmulatedBlock& block, const GridSize& grid, std::array<int, 3> index, int thread)
      : block_(&block), blocks_(grid.blocks), index_(index), thread_(thread) {}

  int block(int axis = 0) const { return index_[static_cast<std::size_t>(axis)]; }
  int blocks(int axis = 0) const { return blocks_[static_cast<std::size_t>(axis)]; }
  int thread() const { return thread_; }
  int threads() const { return block_->threads(); }
  int lane() const { return thread_ % detail::warp_size; }
  int warp() const { return thread_ / detail::warp_size; }

  /// Waits for all threads of the block.
  void sync() const { block_->wait_for_block(thread_); }
  /// `count` entries of the block's shared memory from a byte on.
  template <class T>
  SharedSpan<T> shared(int offset, int count) const {
    const Index bytes = static_cast<Index>(sizeof(T)) * count;
    return {reinterpret_cast<T*>(block_->shared(offset, bytes)), count};
  }

  /// The value of another lane of the warp; all lanes call it together.
  template <class V>
  V shuffle(V value, int lane) const {
    return block_->exchange(thread_, value)[static_cast<std::size_t>(lane % detail::warp_size)];
  }
  template <class V>
  V shuffle_xor(V value, int mask) const {
    return shuffle_from(value, lane() ^ mask);
  }
  template <class V>
  V shuffle_down(V value, int distance) const {
    return shuffle_from(value, lane() + distance < detail::warp_size ? lane() + distance : lane());
  }

  /// d += a b on the matrix unit, a 16 × 8 and b 8 × 8 rounded to tf32; every lane holds the parts of the operands that
  /// PTX's mma.m16n8k8 gives it.
  void multiply_add_tf32(std::array<float, 4>& d, const std::array<float, 4>& a, const std::array<float, 2>& b) const {
    struct Parts {
      std::array<float, 4> a;
      std::array<float, 2> b;
    };
    const auto all = block_->exchange(thread_, Parts{a, b});
    const int row = lane() / 4, column = lane() % 4 * 2;
    for (int i = 0; i < 4; ++i) {
      float sum = d[static_cast<std::size_t>(i)];
      for (int k = 0; k < 8; ++k) {
        const auto& from_a = all[static_cast<std::size_t>(row * 4 + k % 4)].a;
        const auto& from_b = all[static_cast<std::size_t>((column + i % 2) * 4 + k % 4)].b;
        sum += round_to_tf32(from_a[static_cast<std::size_t>(i / 2 + k / 4 * 2)]) *
               round_to_tf32(from_b[static_cast<std::size_t>(k / 4)]);
      }
      d[static_cast<std::size_t>(i)] = sum;
    }
  }

  /// The nearest number with 10 fraction bits, away from zero when two are as near.
  static float round_to_tf32(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return std::isfinite(value) ? std::bit_cast<float>((bits + 0x1000u) & 0xffffe000u) : value;
  }

 private:
  template <class V>
  V shuffle_from(V value, int lane) const {
    return block_->exchange(thread_, value)[static_cast<std::size_t>(lane)];
  }

  detail::EmulatedBlock* block_;
  std::array<int, 3> blocks_, index_;
  int thread_;
};

/// Runs kernel(thread) for every thread of every block, blocks one after the other.
///
/// Threads are fibers: one runs until it waits at a barrier or for the other lanes of its warp, then the next, in the
/// order asked for. Shared memory is NaN at a block's start and its bounds are checked. Global memory is the host's
/// own, so that an address sanitizer finds what lies outside of it.
/// Errors: Error when the threads of a block wait at different barriers, or some have ended while others wait; what
/// the kernel throws. Cost: about 0.4 µs for a thread to wait.
template <class Kernel>
void emulate(const GridSize& grid, const Kernel& kernel, ThreadOrder order = ThreadOrder::ascending) {
  detail::EmulatedBlock block(grid, order);
  for (int z = 0; z < grid.blocks[2]; ++z)
    for (int y = 0; y < grid.blocks[1]; ++y)
      for (int x = 0; x < grid.blocks[0]; ++x)
        block.run([&](int thread) { kernel(EmulatedThread(block, grid, {x, y, z}, thread)); });
}

}  // namespace videoonenet::testing
