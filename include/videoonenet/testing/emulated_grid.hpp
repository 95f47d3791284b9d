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
#include "videoonenet/core/cuda/grid.hpp"

namespace videoonenet::testing {

/// In which order threads run between barriers. A kernel whose result depends on it lacks a barrier.
enum class ThreadOrder { ascending, descending };

namespace detail {

inline constexpr int warp_size = 32;

/// The threads of one block as fibers: each runs until it waits for others.
class EmulatedBlock {
 public:
  EmulatedBlock(const cuda::Grid& grid, ThreadOrder order) : grid_(grid), order_(order) {
    if (grid.threads < 1 || grid.threads % warp_size != 0 || grid.threads > 1024)
      throw InputError(sentence("emulate: ", grid.threads, " threads a block, expected whole warps and at most 1024"));
    for (int i = 0; i < grid.threads; ++i) fibers_.push_back(std::make_unique<Fiber>());
    exchange_.resize(static_cast<std::size_t>(grid.threads));
    copies_.resize(static_cast<std::size_t>(grid.threads));
    shared_ = std::make_unique<std::byte[]>(static_cast<std::size_t>(grid.shared_bytes) + shared_alignment);
  }

  /// Runs body(thread) for every thread of a block; shared memory is full of NaN before.
  void run(const std::function<void(int)>& body) {
    std::fill_n(first_shared(), grid_.shared_bytes, std::byte(0xff));
    for (auto& copies : copies_) copies.clear();
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
    if (offset < 0 || bytes < 0 || offset + bytes > grid_.shared_bytes)
      throw Error(sentence("emulate: the shared bytes ", offset, " to ", offset + bytes, " were asked for, there are ",
                           grid_.shared_bytes));
    return first_shared() + offset;
  }
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
      if (c.to == nullptr)
        --groups;
      else if (c.from == nullptr)
        std::memset(c.to, 0, c.bytes);
      else
        std::memcpy(c.to, c.from, c.bytes);
    }
  }

 private:
  enum class Waits { nothing, warp, block, ended };
  using Slot = std::array<std::byte, 96>;

  struct Fiber {
    ucontext_t context{};
    std::unique_ptr<std::byte[]> stack{new std::byte[stack_size]};
    Waits waits = Waits::ended;
    std::exception_ptr failure{};
  };
  static constexpr std::size_t stack_size = 128 << 10;

  struct Copy {
    std::byte* to = nullptr;  ///< null: the end of a group
    const void* from = nullptr;
    std::size_t bytes = 0;
  };
  static constexpr std::size_t shared_alignment = 128;

  std::vector<Copy>& copies(int thread) { return copies_[static_cast<std::size_t>(thread)]; }
  std::byte* first_shared() {
    const auto address = reinterpret_cast<std::uintptr_t>(shared_.get());
    return shared_.get() + (shared_alignment - address % shared_alignment) % shared_alignment;
  }
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

  cuda::Grid grid_;
  ThreadOrder order_;
  std::unique_ptr<std::byte[]> shared_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<Slot> exchange_;
  std::vector<std::vector<Copy>> copies_;
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
  /// Where `count` entries from entry i on lie.
  T* at(int i, int count) const {
    if (count > 0) (*this)[i + count - 1];
    return &(*this)[i];
  }

 private:
  T* data_;
  int size_;
};

/// What a kernel sees of the thread that runs it.
class EmulatedThread {
 public:
  EmulatedThread(detail::EmulatedBlock& block, const cuda::Grid& grid, std::array<int, 3> index, int thread)
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

  /// Begins to copy `count` entries of memory to shared[i], …; a null `from` writes zeros. They are there after
  /// wait_copies.
  template <int count, class T>
  void copy_async(const SharedSpan<T>& shared, int i, const T* from) const {
    constexpr std::size_t bytes = count * sizeof(T);
    static_assert(bytes == 4 || bytes == 8 || bytes == 16, "the sizes that cp.async has");
    block_->copy_async(thread_, reinterpret_cast<std::byte*>(shared.at(i, count)), from, bytes);
  }
  /// Ends a group of copies that this thread has begun.
  void commit_copies() const { block_->commit_copies(thread_); }
  /// Waits for this thread's groups of copies but the `pending` youngest; a barrier shows them to the others.
  template <int pending>
  void wait_copies() const {
    block_->wait_copies(thread_, pending);
  }

  /// Makes what this thread has written visible to other blocks, counts the call, and says whether it was the last of
  /// `count`; then the counter is zero again.
  bool is_last(unsigned* counter, unsigned count) const {
    if (++*counter < count) return false;
    *counter = 0;
    return true;
  }

  /// d += a b on the matrix unit, a 16 × 8 and b 8 × 8 rounded to tf32; every lane holds the parts of the operands that
  /// PTX's mma.m16n8k8 gives it.
  void multiply_add_tf32(std::array<float, 4>& d, const std::array<float, 4>& a, const std::array<float, 2>& b) const {
    multiply_add<8>(
        d, a, b, [](float v) { return round_to_tf32(v); }, [](int k) { return At{k % 4, k / 4}; },
        [](int half, const At& at) { return half + 2 * at.part; });
  }
  /// The same with a 16 × 16 and b 16 × 8 rounded to bfloat16, as mma.m16n8k16 does it.
  void multiply_add_bfloat16(std::array<float, 4>& d, const std::array<float, 8>& a,
                             const std::array<float, 4>& b) const {
    multiply_add<16>(
        d, a, b, [](float v) { return to_float(round_to_bfloat16(v)); },
        [](int k) { return At{k % 8 / 2, k % 2 + k / 8 * 2}; },
        [](int half, const At& at) { return at.part % 2 + 2 * half + at.part / 2 * 4; });
  }

  /// The nearest number with 10 fraction bits, away from zero when two are as near.
  static float round_to_tf32(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return std::isfinite(value) ? std::bit_cast<float>((bits + 0x1000u) & 0xffffe000u) : value;
  }

 private:
  /// Which lane of four holds entry k of a row, and which of its entries that is.
  struct At {
    int lane, part;
  };

  template <int depth, std::size_t A, std::size_t B, class Round, class Where, class PartOfA>
  void multiply_add(std::array<float, 4>& d, const std::array<float, A>& a, const std::array<float, B>& b,
                    const Round& round, const Where& where, const PartOfA& part_of_a) const {
    struct Parts {
      std::array<float, A> a;
      std::array<float, B> b;
    };
    const auto all = block_->exchange(thread_, Parts{a, b});
    const int row = lane() / 4, column = lane() % 4 * 2;
    for (int i = 0; i < 4; ++i) {
      float& sum = d[static_cast<std::size_t>(i)];
      for (int k = 0; k < depth; ++k) {
        const At at = where(k);
        const auto& from_a = all[static_cast<std::size_t>(row * 4 + at.lane)].a;
        const auto& from_b = all[static_cast<std::size_t>((column + i % 2) * 4 + at.lane)].b;
        sum += round(from_a[static_cast<std::size_t>(part_of_a(i / 2, at))]) *
               round(from_b[static_cast<std::size_t>(at.part)]);
      }
    }
  }

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
void emulate(const cuda::Grid& grid, const Kernel& kernel, ThreadOrder order = ThreadOrder::ascending) {
  detail::EmulatedBlock block(grid, order);
  for (int z = 0; z < grid.blocks[2]; ++z)
    for (int y = 0; y < grid.blocks[1]; ++y)
      for (int x = 0; x < grid.blocks[0]; ++x)
        block.run([&](int thread) { kernel(EmulatedThread(block, grid, {x, y, z}, thread)); });
}

}  // namespace videoonenet::testing
