// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Runs GPU kernels on the host, thread by thread, so that a machine without a GPU still finds a wrong index or a
/// missing barrier.

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "videoonenet/core/bfloat16.hpp"
#include "videoonenet/core/cuda/core_matrices.hpp"
#include "videoonenet/testing/emulated_block.hpp"

namespace videoonenet::testing {

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
  /// Waits for the threads team · threads and following of the block, `threads` of them, whole warps; this is one.
  void sync_team(int team, int threads) const { block_->wait_for_team(thread_, team, threads); }
  /// Waits for all threads of the cluster, and sees what they have written.
  void sync_cluster() const {
    arrive_cluster();
    wait_cluster();
  }
  /// The same in two parts, between which a thread does what the others need not see: all threads of the cluster have
  /// arrived when wait_cluster returns.
  void arrive_cluster() const { block_->arrive_at_cluster(thread_); }
  void wait_cluster() const { block_->wait_for_cluster(thread_); }
  /// `count` entries of the block's shared memory from a byte on.
  template <class T>
  SharedSpan<T> shared(int offset, int count) const {
    const Index bytes = static_cast<Index>(sizeof(T)) * count;
    detail::EmulatedShared& memory = block_->shared();
    return {reinterpret_cast<T*>(memory.at(offset, bytes)), count, &memory, thread_};
  }
  /// The same of a block of the cluster, which must not have ended.
  template <class T>
  SharedSpan<T> cluster_shared(int block, int offset, int count) const {
    const Index bytes = static_cast<Index>(sizeof(T)) * count;
    return {reinterpret_cast<T*>(block_->in_cluster(block).shared().at(offset, bytes)), count, nullptr, thread_};
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

  /// The bits of a number rounded to tf32, and those of two numbers rounded to bfloat16, the first one below.
  static std::uint32_t tf32(float value) { return std::bit_cast<std::uint32_t>(round_to_tf32(value)); }
  static std::uint32_t bfloat16_pair(float first, float second) {
    const auto bits = [](float v) { return std::bit_cast<std::uint32_t>(to_float(round_to_bfloat16(v))); };
    return bits(first) >> 16 | (bits(second) & 0xffff0000u);
  }
  /// d += a b on the matrix unit, a 16 × 8 and b 8 × 8 of tf32, whose other bits do not count; every lane holds the
  /// parts of the operands that PTX's mma.m16n8k8 gives it.
  void multiply_add_tf32(std::array<float, 4>& d, const std::array<std::uint32_t, 4>& a,
                         const std::array<std::uint32_t, 2>& b) const {
    multiply_add<8>(
        d, a, b, [](std::uint32_t bits, int) { return std::bit_cast<float>(bits & 0xffffe000u); },
        [](int k) { return At{k % 4, k / 4, 0}; }, [](int half, const At& at) { return half + 2 * at.part; });
  }
  /// The same with a 16 × 16 and b 16 × 8 of pairs of bfloat16, as mma.m16n8k16 does it.
  void multiply_add_bfloat16(std::array<float, 4>& d, const std::array<std::uint32_t, 4>& a,
                             const std::array<std::uint32_t, 2>& b) const {
    multiply_add<16>(
        d, a, b,
        [](std::uint32_t bits, int half) { return std::bit_cast<float>(half == 0 ? bits << 16 : bits & 0xffff0000u); },
        [](int k) { return At{k % 8 / 2, k / 8, k % 2}; }, [](int half, const At& at) { return half + 2 * at.part; });
  }

  static bool has_warpgroup_products() { return true; }
  /// Makes what this thread has written to shared memory visible to products of warpgroups, behind a barrier.
  void publish_shared() const { block_->shared().publish(thread_); }
  /// Before the first products, and those after a wait: their sums may have been written by other instructions.
  void begin_products() const { may_multiply_ = true; }
  /// Begins d = a b, or d += a b, for a of 64 rows and b of `columns`, eight tf32 or sixteen bfloat16 terms in shared
  /// memory, by the 128 threads of a warpgroup together. d and what a and b were when it is done are there after
  /// wait_products. A thread's entries of d: those of rows 16·(warp mod 4) + lane/4 (+ 8), as MatrixUnitSums has them,
  /// eight columns after the other.
  template <bool bfloat16, int columns>
  void multiply_add_warpgroup(std::array<float, columns / 2>& d, const cuda::CoreMatrices& a,
                              const cuda::CoreMatrices& b, bool add) const {
    if (!may_multiply_) throw Error("emulate: products begin without begin_products before them");
    struct Operands {
      std::array<Line, 2> rows;
      std::array<Line, columns / 4> own;  ///< a pair of every eight columns
    };
    auto read = std::make_shared<Operands>();
    for (int half = 0; half < 2; ++half)
      read->rows[static_cast<std::size_t>(half)] = line(a, warp() % 4 * 16 + lane() / 4 + half * 8);
    const auto column = [this](int i) { return i / 2 * 8 + lane() % 4 * 2 + i % 2; };
    for (int i = 0; i < columns / 4; ++i) read->own[static_cast<std::size_t>(i)] = line(b, column(i));
    block_->products(thread_).emplace_back([this, &d, add, read = std::move(read)] {
      for (const Line& row : read->rows) require_same(row);
      const std::array rows{values<bfloat16>(read->rows[0]), values<bfloat16>(read->rows[1])};
      for (int i = 0; i < columns / 4; ++i) {
        const Line& own = read->own[static_cast<std::size_t>(i)];
        require_same(own);
        const auto terms = values<bfloat16>(own);
        for (int half = 0; half < 2; ++half) {
          float& sum = d[static_cast<std::size_t>(i / 2 * 4 + half * 2 + i % 2)];
          if (!add) sum = 0;
          for (std::size_t k = 0; k < terms.size(); ++k) sum += rows[static_cast<std::size_t>(half)][k] * terms[k];
        }
      }
    });
  }
  /// Ends a group of products.
  void commit_products() const { block_->products(thread_).emplace_back(); }
  /// Waits for all groups but the `pending` youngest.
  template <int pending>
  void wait_products() const {
    may_multiply_ = false;
    auto& products = block_->products(thread_);
    auto groups = std::ranges::count_if(products, [](const auto& p) { return !p; });
    while (groups > pending) {
      const auto product = std::move(products.front());
      products.pop_front();
      if (product)
        product();
      else
        --groups;
    }
  }

  /// The nearest number with 10 fraction bits, away from zero when two are as near.
  static float round_to_tf32(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return std::isfinite(value) ? std::bit_cast<float>((bits + 0x1000u) & 0xffffe000u) : value;
  }

 private:
  /// Which lane of four holds entry k of a row, in which of its parts, and in which half of that.
  struct At {
    int lane, part, half;
  };

  template <int depth, class Value, class Where, class PartOfA>
  void multiply_add(std::array<float, 4>& d, const std::array<std::uint32_t, 4>& a,
                    const std::array<std::uint32_t, 2>& b, const Value& value, const Where& where,
                    const PartOfA& part_of_a) const {
    struct Parts {
      std::array<std::uint32_t, 4> a;
      std::array<std::uint32_t, 2> b;
    };
    const auto all = block_->exchange(thread_, Parts{a, b});
    const int row = lane() / 4, column = lane() % 4 * 2;
    for (int i = 0; i < 4; ++i) {
      float& sum = d[static_cast<std::size_t>(i)];
      for (int k = 0; k < depth; ++k) {
        const At at = where(k);
        const auto& from_a = all[static_cast<std::size_t>(row * 4 + at.lane)].a;
        const auto& from_b = all[static_cast<std::size_t>((column + i % 2) * 4 + at.lane)].b;
        sum += value(from_a[static_cast<std::size_t>(part_of_a(i / 2, at))], at.half) *
               value(from_b[static_cast<std::size_t>(at.part)], at.half);
      }
    }
  }

  /// A line of core matrices: where its two pieces lie, and what they were when a product began.
  struct Line {
    std::array<int, 2> at;
    std::array<detail::EmulatedShared::Operand, 2> bytes;
  };
  Line line(const cuda::CoreMatrices& m, int number) const {
    Line read;
    for (std::size_t half = 0; half < 2; ++half) {
      read.at[half] =
          m.offset + static_cast<int>(half) * m.to_next_terms + number / 8 * m.to_next_lines + number % 8 * 16;
      read.bytes[half] = block_->shared().operand(read.at[half]);
    }
    return read;
  }
  void require_same(const Line& read) const {
    for (std::size_t half = 0; half < 2; ++half)
      if (!block_->shared().holds(read.at[half], read.bytes[half]))
        throw Error(
            sentence("emulate: the shared bytes from ", read.at[half], " on were written while a product reads them"));
  }
  /// The terms of a line, as the matrix unit reads them.
  template <bool bfloat16>
  static auto values(const Line& read) {
    constexpr std::size_t terms = bfloat16 ? 16 : 8;
    std::array<float, terms> all;
    for (std::size_t k = 0; k < terms; ++k) {
      const std::byte* from = read.bytes[k / (terms / 2)].data() + k % (terms / 2) * (bfloat16 ? 2 : 4);
      std::uint32_t bits = 0;
      if constexpr (bfloat16) {
        std::uint16_t upper;
        std::memcpy(&upper, from, 2);
        bits = std::uint32_t(upper) << 16;
      } else {
        std::memcpy(&bits, from, 4);
        bits &= 0xffffe000u;
      }
      all[k] = std::bit_cast<float>(bits);
    }
    return all;
  }

  template <class V>
  V shuffle_from(V value, int lane) const {
    return block_->exchange(thread_, value)[static_cast<std::size_t>(lane)];
  }

  detail::EmulatedBlock* block_;
  std::array<int, 3> blocks_, index_;
  int thread_;
  mutable bool may_multiply_ = false;
};

/// Runs kernel(thread) for every thread of every block, blocks one after the other, those of a cluster in turn.
///
/// Threads are fibers: one runs until it waits at a barrier or for the other lanes of its warp, then the next; a warp
/// runs until all of it waits at a barrier, then the next one in the order asked for; a team that has all arrived at
/// its own barrier goes on at once. Shared memory is NaN at a block's start and its bounds are checked. Global memory
/// is the host's own, so that an address sanitizer finds what lies outside of it. Errors: Error when threads wait at
/// different barriers, or some have ended while others wait; InputError for blocks that are no whole clusters; what the
/// kernel throws. Cost: about 0.1 µs for a thread to wait.
template <class Kernel>
void emulate(const cuda::Grid& grid, const Kernel& kernel, ThreadOrder order = ThreadOrder::ascending) {
  if (grid.cluster < 1 || grid.blocks[0] % grid.cluster != 0)
    throw InputError(sentence("emulate: ", grid.blocks[0], " blocks are no whole clusters of ", grid.cluster));
  std::deque<detail::EmulatedBlock> cluster;
  std::vector<detail::EmulatedBlock*> members(static_cast<std::size_t>(grid.cluster));
  const auto member = [&](int i) { return order == ThreadOrder::ascending ? i : grid.cluster - 1 - i; };
  static std::atomic<bool> tracks = false;  // whether such a kernel had products before
  for (int i = 0; i < grid.cluster; ++i) {
    detail::EmulatedBlock& block = cluster.emplace_back(grid, order, members);
    if (tracks) block.shared().track();
    members[static_cast<std::size_t>(member(i))] = &block;
  }
  for (int z = 0; z < grid.blocks[2]; ++z)
    for (int y = 0; y < grid.blocks[1]; ++y)
      for (int x = 0; x < grid.blocks[0]; x += grid.cluster) {
        for (int i = 0; i < grid.cluster; ++i) {
          detail::EmulatedBlock& block = *members[static_cast<std::size_t>(i)];
          block.begin(
              [&, index = std::array{x + i, y, z}](int thread) { kernel(EmulatedThread(block, grid, index, thread)); });
        }
        bool waiting = true;
        while (waiting) {
          for (auto& block : cluster) block.run();
          const auto waits = std::ranges::count_if(cluster, [](auto& block) { return block.waits_for_cluster(); });
          waiting = waits > 0;
          if (waiting && waits < grid.cluster)
            throw Error("emulate: some blocks of a cluster wait for others that have ended");
          if (waiting)
            for (auto& block : cluster) block.release_cluster();
        }
      }
  if (cluster.front().shared().tracks()) tracks = true;
}

}  // namespace videoonenet::testing
