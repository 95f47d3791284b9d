// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// An executor that runs the kernels and launches of `videoonenet::cuda` on the host.
///
/// Its memory cannot be touched between launches: host code that reads or writes through a device pointer dies here as
/// it would with a GPU. What lies behind an array is NaN, which a kernel that reads too far brings into its results.

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "videoonenet/core/cuda/gpu.hpp"
#include "videoonenet/testing/emulated_grid.hpp"

namespace videoonenet::cuda {

namespace detail {

/// Pages that are open only while a kernel runs or a copy is made.
class EmulatedMemory {
 public:
  /// Opens all memory while it lives.
  class Open {
   public:
    explicit Open(EmulatedMemory& memory) : memory_(memory) { memory_.protect(PROT_READ | PROT_WRITE); }
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;
    ~Open() { memory_.protect(PROT_NONE); }

   private:
    EmulatedMemory& memory_;
  };

  /// Zeros, and NaN behind them.
  void* take(std::size_t bytes) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::size_t size = (bytes / page + 2) * page;
    void* first = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (first == MAP_FAILED) throw Error(sentence("emulate: no memory for ", bytes, " bytes"));
    std::memset(static_cast<std::byte*>(first) + bytes, 0xff, size - bytes);
    mprotect(first, size, PROT_NONE);
    blocks_.insert({first, size});
    return first;
  }
  void give_back(void* first) {
    const auto block = blocks_.lower_bound({first, 0});
    munmap(block->first, block->second);
    blocks_.erase(block);
  }

 private:
  void protect(int access) {
    for (const auto& [first, size] : blocks_) mprotect(first, size, access);
  }
  std::set<std::pair<void*, std::size_t>> blocks_;
};

}  // namespace detail

/// Memory of an EmulatedGpu, zero in the beginning. Copies share it.
template <class T>
class EmulatedBuffer {
 public:
  EmulatedBuffer(std::shared_ptr<detail::EmulatedMemory> memory, Index size) : size_(size) {
    if (size == 0) return;
    T* first = static_cast<T*>(memory->take(static_cast<std::size_t>(size) * sizeof(T)));
    data_ = std::shared_ptr<T>(first, [memory](T* p) { memory->give_back(p); });
  }
  Index size() const { return size_; }
  T* data() const { return data_.get(); }
  std::span<T> span() const { return {data(), static_cast<std::size_t>(size_)}; }

 private:
  std::shared_ptr<T> data_;
  Index size_ = 0;
};

class EmulatedGpu;

/// Copies to an EmulatedGpu at once, within the room that a real one would have.
class EmulatedStaging {
 public:
  EmulatedStaging(const EmulatedGpu& gpu, Index bytes);
  void begin() { used_ = 0; }
  template <class T>
  void copy(std::span<const T> host, std::span<T> device);

 private:
  std::shared_ptr<const EmulatedGpu> gpu_;
  std::size_t room_, used_ = 0;
};

/// Runs kernels thread by thread on the host; see testing::emulate.
class EmulatedGpu {
 public:
  Precision precision = Precision::tf32;
  testing::ThreadOrder order = testing::ThreadOrder::ascending;
  bool warpgroups = true;  ///< whether it has products of warpgroups

  /// A GPU that runs `multiprocessors` blocks at once: kernels choose their tiles by that.
  explicit EmulatedGpu(Precision products = Precision::tf32, int multiprocessors = 4)
      : precision(products),
        state_(std::make_shared<State>(multiprocessors, std::make_shared<detail::EmulatedMemory>())) {}

  template <class Kernel>
  void launch(const Grid& grid, const Kernel& kernel) const {
    static_assert(std::is_trivially_copyable_v<Kernel>);
    if (grid.threads > Kernel::threads)
      throw Error(sentence("emulate: ", grid.threads, " threads for a kernel made for ", Kernel::threads));
    if (grid.shared_bytes > 227 << 10)
      throw Error(sentence("emulate: ", grid.shared_bytes, " bytes of shared memory for a block, Hopper has 232448"));
    if (grid.cluster > cluster_blocks())
      throw Error(sentence("emulate: a cluster of ", grid.cluster, " blocks, a GPU has at most ", cluster_blocks()));
    ++*launches_;
    perform([=, *this] {
      const detail::EmulatedMemory::Open open(*state_->memory);
      testing::emulate(grid, kernel, order);
    });
  }

  template <class Kernel>
  bool can_run(const Grid& grid, const Kernel&) const {
    return grid.shared_bytes <= 227 << 10 && grid.cluster <= cluster_blocks();
  }

  template <class T>
  EmulatedBuffer<T> allocate(Index size) const {
    return {state_->memory, size};
  }
  template <class T>
  void upload(std::span<const T> host, std::span<T> device) const {
    copy(host, device);
  }
  template <class T>
  void download(std::span<const T> device, std::span<T> host) const {
    copy(device, host);
  }
  void synchronize() const {}
  /// Calls body() with the memory open, as a function of a library that works on the device.
  template <class Body>
  void call(Body&& body) const {
    require_nothing_waits();
    const detail::EmulatedMemory::Open open(*state_->memory);
    body();
  }
  EmulatedStaging staging(Index bytes) const { return {*this, bytes}; }

  int multiprocessors() const { return state_->multiprocessors; }
  int cluster_blocks() const { return 8; }
  bool warpgroup_products() const { return warpgroups; }
  Workspace workspace() const { return {state_->sums.span(), state_->counter.data()}; }
  std::intptr_t memory_id() const { return reinterpret_cast<std::intptr_t>(state_->memory.get()); }
  /// Kernels launched so far, on all streams.
  int launches() const { return *launches_; }

  /// A stream of its own, with a workspace of its own, which waits for what was launched here before; join the last one
  /// first. In ascending order kernels run as they are launched. In descending order those of both streams wait until
  /// they are joined, and then run in turn: what depends on which of two streams is first has different results.
  EmulatedGpu fork() const {
    State& own = *state_;
    if (own.forked == own.sides.size()) own.sides.push_back(std::make_shared<State>(own.multiprocessors, own.memory));
    EmulatedGpu side = *this;
    side.state_ = own.sides[own.forked++];
    for (State* state : {&own, side.state_.get()})
      if (order == testing::ThreadOrder::descending) state->waiting.emplace_back();
    return side;
  }
  /// Lets what comes next wait for the kernels of `side`.
  void join(const EmulatedGpu& side) const {
    --state_->forked;
    if (order == testing::ThreadOrder::ascending) return;
    const Launches theirs = side.state_->take_waiting(), ours = state_->take_waiting();
    for (std::size_t i = 0; i < std::max(theirs.size(), ours.size()); ++i) {
      if (i < theirs.size()) perform(theirs[i]);
      if (i < ours.size()) perform(ours[i]);
    }
  }

 private:
  using Launch = std::function<void()>;
  using Launches = std::vector<Launch>;
  struct State {
    explicit State(int count, std::shared_ptr<detail::EmulatedMemory> shared)
        : multiprocessors(count), memory(std::move(shared)) {}
    int multiprocessors;
    std::shared_ptr<detail::EmulatedMemory> memory;
    EmulatedBuffer<double> sums{memory, workspace_sums};
    EmulatedBuffer<unsigned> counter{memory, 1};
    std::vector<std::shared_ptr<State>> sides{};
    std::size_t forked = 0;
    std::vector<Launches> waiting{};  ///< since each fork that was not joined

    Launches take_waiting() {
      Launches last = std::move(waiting.back());
      waiting.pop_back();
      return last;
    }
  };

  void perform(const Launch& launch) const {
    if (state_->waiting.empty())
      launch();
    else
      state_->waiting.back().push_back(launch);
  }
  void require_nothing_waits() const {
    if (!state_->waiting.empty()) throw Error("emulate: the host waits for a stream that was not joined");
  }

  template <class T>
  void copy(std::span<const T> from, std::span<T> to) const {
    require_nothing_waits();
    if (from.size() != to.size())
      throw ShapeError(sentence("CUDA: a copy of ", from.size_bytes(), " bytes to an array of ", to.size_bytes()));
    const detail::EmulatedMemory::Open open(*state_->memory);
    if (!to.empty()) std::memcpy(to.data(), from.data(), to.size_bytes());
  }

  std::shared_ptr<State> state_;
  std::shared_ptr<int> launches_ = std::make_shared<int>(0);
};

static_assert(Gpu<EmulatedGpu>);

inline EmulatedStaging::EmulatedStaging(const EmulatedGpu& gpu, Index bytes)
    : gpu_(std::make_shared<EmulatedGpu>(gpu)), room_(static_cast<std::size_t>(bytes)) {}

template <class T>
void EmulatedStaging::copy(std::span<const T> host, std::span<T> device) {
  if (used_ + host.size_bytes() > room_)
    throw ShapeError(sentence("Staging: the room of ", room_, " bytes is exhausted"));
  used_ += host.size_bytes();
  gpu_->upload(host, device);
}

}  // namespace videoonenet::cuda
