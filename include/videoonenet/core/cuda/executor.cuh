// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The CUDA executor: a stream of one device, memory on it, and launches whose errors are exceptions.

#include <cuda_runtime.h>

#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <typeindex>
#include <utility>
#include <vector>

#include "videoonenet/core/cuda/gpu.hpp"
#include "videoonenet/core/cuda/thread.cuh"

namespace videoonenet::cuda {

/// Turns the return code of a CUDA call into an exception.
/// Errors: Error naming `what` and CUDA's reason.
inline void check(cudaError_t code, const char* what) {
  if (code == cudaSuccess) return;
  static_cast<void>(cudaGetLastError());  // so that the next call does not report it again
  throw Error(sentence("CUDA: ", what, " failed: ", cudaGetErrorString(code)));
}

/// Device memory of trivially copyable entries, zero in the beginning. Copies share it.
template <class T>
class DeviceBuffer {
 public:
  DeviceBuffer() = default;
  /// Errors: Error when the device has not that much memory.
  explicit DeviceBuffer(Index size) : size_(size) {
    if (size < 0) throw ShapeError(sentence("DeviceBuffer: a size of ", size, " entries is negative"));
    if (size == 0) return;
    const std::size_t bytes = static_cast<std::size_t>(size) * sizeof(T);
    void* memory = nullptr;
    check(cudaMalloc(&memory, bytes), sentence("allocating ", bytes, " bytes on the device").c_str());
    data_ = std::shared_ptr<T>(static_cast<T*>(memory), [](T* p) { cudaFree(p); });
    check(cudaMemset(memory, 0, bytes), "clearing device memory");
    check(cudaDeviceSynchronize(), "clearing device memory");
  }

  Index size() const { return size_; }
  T* data() const { return data_.get(); }
  std::span<T> span() const { return {data(), static_cast<std::size_t>(size_)}; }

 private:
  std::shared_ptr<T> data_;
  Index size_ = 0;
};

namespace detail {

template <class Kernel>
__global__ void __launch_bounds__(Kernel::threads, 1) run(const __grid_constant__ Kernel kernel) {
  DeviceThread::follow_launch();
  kernel(DeviceThread{});
}

/// Writes whether the code that the device runs has products of warpgroups, which depends on what it was compiled for.
struct ProbeWarpgroups {
  static constexpr int threads = 32;
  unsigned* answer;
  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    if (t.thread() == 0) *answer = Thread::has_warpgroup_products() ? 1 : 0;
  }
};

}  // namespace detail

/// Page-locked memory of the host through which a stream copies entries to the device while the host goes on.
///
/// In every round of copies: `begin()`, then `copy(host, device)` for each array. The host's entries may change as soon
/// as copy returns.
class Staging {
 public:
  /// Room for the bytes of a round.  Errors: Error when there is not that much memory.
  Staging(cudaStream_t stream, Index bytes) : stream_(stream), room_(static_cast<std::size_t>(bytes) + rounding) {
    check(cudaMallocHost(&memory_, room_), "allocating page-locked memory");
    check(cudaEventCreateWithFlags(&copied_, cudaEventDisableTiming), "creating an event");
  }
  Staging(Staging&& other) noexcept
      : stream_(other.stream_),
        room_(other.room_),
        used_(other.used_),
        memory_(std::exchange(other.memory_, nullptr)),
        copied_(std::exchange(other.copied_, nullptr)) {}
  Staging& operator=(Staging&&) = delete;
  ~Staging() {
    if (copied_) cudaEventDestroy(copied_);
    if (memory_) cudaFreeHost(memory_);
  }

  /// Waits for the copies of the round before.
  void begin() {
    check(cudaEventSynchronize(copied_), "waiting for copies");
    used_ = 0;
  }
  /// Copies entries to the device, after all that was launched before.
  /// Errors: ShapeError for arrays of different sizes, and when the round needs more than there is room for.
  template <class T>
  void copy(std::span<const T> host, std::span<T> device) {
    const std::size_t bytes = host.size_bytes();
    if (host.size() != device.size())
      throw ShapeError(sentence("Staging: a copy of ", bytes, " bytes to an array of ", device.size_bytes()));
    if (used_ + bytes > room_) throw ShapeError(sentence("Staging: the room of ", room_, " bytes is exhausted"));
    if (bytes == 0) return;
    std::byte* const part = static_cast<std::byte*>(memory_) + used_;
    std::memcpy(part, host.data(), bytes);
    used_ += bytes;
    check(cudaMemcpyAsync(device.data(), part, bytes, cudaMemcpyHostToDevice, stream_), "copying to the device");
    check(cudaEventRecord(copied_, stream_), "recording an event");
  }

 private:
  static constexpr std::size_t rounding = 64;  // a page-locked array of no bytes is none

  cudaStream_t stream_;
  std::size_t room_, used_ = 0;
  void* memory_ = nullptr;
  cudaEvent_t copied_ = nullptr;
};

/// Runs on one CUDA device, everything in the order of one stream. A value: copies use the same stream.
class Executor {
 public:
  Precision precision = Precision::tf32;
  bool clusters = true;    ///< use clusters of blocks where the device has them; false to compare with launches without
  bool warpgroups = true;  ///< use products of warpgroups where the code has them; false to compare with others
  /// Bring a kernel's blocks to the device while the one before it in the stream still runs, where the device can: they
  /// wait for its end before anything else. Not unless asked for: it has not been measured yet.
  bool early_launches = false;

  /// A new stream on device number `device`.
  /// Errors: Error when there is no driver, no such device, or one that the library is not made for.
  explicit Executor(Precision products = Precision::tf32, int device = 0)
      : precision(products), state_(std::make_shared<State>(device)) {}

  /// Calls kernel(thread) for every thread of a grid, after all that was launched before.
  /// Errors: Error when the launch is refused; what fails later is reported by a later call.
  template <class Kernel>
  void launch(const Grid& grid, const Kernel& kernel) const {
    if (grid.blocks[0] <= 0 || grid.blocks[1] <= 0 || grid.blocks[2] <= 0) return;
    allow_shared<Kernel>(grid);
    LaunchAttributes attributes;
    const cudaLaunchConfig_t config = configuration(grid, attributes);
    check(cudaLaunchKernelEx(&config, detail::run<Kernel>, kernel), "launching a kernel");
  }
  /// Whether the device has room for a block of such a grid, or for a cluster of them.
  template <class Kernel>
  bool can_run(const Grid& grid, const Kernel&) const {
    if (grid.shared_bytes > state_->most_shared_bytes) return false;
    if (grid.cluster == 1) return true;
    allow_shared<Kernel>(grid);
    LaunchAttributes attributes;
    cudaLaunchConfig_t config = configuration(grid, attributes);
    config.numAttrs = 1;  // the cluster's, which comes first: how it is launched is not asked
    int clusters = 0;
    const cudaError_t answer = cudaOccupancyMaxActiveClusters(&clusters, detail::run<Kernel>, &config);
    if (answer != cudaSuccess) static_cast<void>(cudaGetLastError());  // it was only a question
    return answer == cudaSuccess && clusters > 0;
  }

  template <class T>
  DeviceBuffer<T> allocate(Index size) const {
    return DeviceBuffer<T>(size);
  }

  /// Copies host entries to the device, and has done so when it returns.
  template <class T>
  void upload(std::span<const T> host, std::span<T> device) const {
    copy(host.data(), device.data(), host.size_bytes(), device.size_bytes(), cudaMemcpyHostToDevice);
  }
  /// Copies device entries to the host, after all that was launched before.
  template <class T>
  void download(std::span<const T> device, std::span<T> host) const {
    copy(device.data(), host.data(), device.size_bytes(), host.size_bytes(), cudaMemcpyDeviceToHost);
  }
  /// Page-locked memory to copy from; it must not outlive this executor's stream.
  Staging staging(Index bytes) const { return Staging(state_->stream, bytes); }
  /// Waits for all that was launched.
  /// Errors: Error when any of it failed.
  void synchronize() const { check(cudaStreamSynchronize(state_->stream), "waiting for the device"); }

  int multiprocessors() const { return state_->multiprocessors; }
  int cluster_blocks() const { return clusters ? state_->cluster_blocks : 1; }
  bool warpgroup_products() const { return warpgroups && state_->warpgroup_products; }
  Workspace workspace() const { return {state_->sums.span(), state_->counter.data()}; }
  cudaStream_t stream() const { return state_->stream; }
  int device() const { return state_->device; }
  std::intptr_t memory_id() const { return state_->device; }

  /// The R of this stream, made as R(stream) when it is first asked for: handles of CUDA's libraries.
  template <class R>
  R& resource() const {
    std::shared_ptr<void>& kept = state_->resources[typeid(R)];
    if (!kept) kept = std::make_shared<R>(state_->stream);
    return *static_cast<R*>(kept.get());
  }

  /// An executor with a stream of its own that runs what comes next beside this one's; `join` it before its results
  /// are used, the last one first. The same ones every time, so that a captured graph can contain them.
  Executor fork() const {
    State& own = *state_;
    if (own.forked == own.sides.size()) own.sides.push_back(std::make_shared<State>(own.device));
    Executor side = *this;
    side.state_ = own.sides[own.forked++];
    check(cudaEventRecord(own.event, own.stream), "recording an event");
    check(cudaStreamWaitEvent(side.stream(), own.event, 0), "waiting for an event");
    return side;
  }
  /// Lets what comes next wait for all that `side` was given.
  void join(const Executor& side) const {
    --state_->forked;
    check(cudaEventRecord(side.state_->event, side.stream()), "recording an event");
    check(cudaStreamWaitEvent(state_->stream, side.state_->event, 0), "waiting for an event");
  }

 private:
  struct State {
    explicit State(int number) : device(number) {
      int count = 0;
      const cudaError_t found = cudaGetDeviceCount(&count);
      if (found != cudaSuccess)
        throw Error(
            sentence("CUDA: there is no usable GPU or driver on this machine (", cudaGetErrorString(found), ")"));
      if (device < 0 || device >= count)
        throw Error(sentence("CUDA: device ", device, " was asked for, this machine has ", count));
      check(cudaSetDevice(device), "selecting the device");
      int major = 0;
      check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device), "asking for the capability");
      if (major < 8)
        throw Error(sentence("CUDA: device ", device, " has compute capability ", major, ".x, expected 8.0 or more"));
      cluster_blocks = major < 9 ? 1 : 8;  // more are not granted everywhere
      check(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, device), "counting processors");
      check(cudaDeviceGetAttribute(&most_shared_bytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, device),
            "asking for the shared memory");
      check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "creating a stream");
      check(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), "creating an event");
      sums = DeviceBuffer<double>(workspace_sums);
      counter = DeviceBuffer<unsigned>(1);
      warpgroup_products = probe_warpgroups();
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
      resources.clear();  // before the stream that they use
      if (event) cudaEventDestroy(event);
      if (stream) cudaStreamDestroy(stream);
    }

    bool probe_warpgroups() const {
      unsigned answer = 0;
      detail::run<<<1, detail::ProbeWarpgroups::threads, 0, stream>>>(detail::ProbeWarpgroups{counter.data()});
      check(cudaGetLastError(), "launching a kernel");
      check(cudaMemcpyAsync(&answer, counter.data(), sizeof answer, cudaMemcpyDeviceToHost, stream), "copying");
      check(cudaMemsetAsync(counter.data(), 0, sizeof answer, stream), "clearing device memory");
      check(cudaStreamSynchronize(stream), "waiting for the device");
      return answer != 0;
    }

    int device = 0, multiprocessors = 0, cluster_blocks = 1, most_shared_bytes = 0;
    bool warpgroup_products = false;
    cudaStream_t stream = nullptr;
    cudaEvent_t event = nullptr;
    DeviceBuffer<double> sums;
    DeviceBuffer<unsigned> counter;
    std::vector<std::shared_ptr<State>> sides;
    std::size_t forked = 0;
    std::map<std::type_index, std::shared_ptr<void>> resources;
  };

  template <class Kernel>
  static void allow_shared(const Grid& grid) {
    if (grid.shared_bytes > 48 << 10)
      check(cudaFuncSetAttribute(detail::run<Kernel>, cudaFuncAttributeMaxDynamicSharedMemorySize, grid.shared_bytes),
            "asking for shared memory");
  }
  using LaunchAttributes = std::array<cudaLaunchAttribute, 2>;
  /// A grid as CUDA describes it, a cluster's attribute first; `attributes` must live as long.
  cudaLaunchConfig_t configuration(const Grid& grid, LaunchAttributes& attributes) const {
    const auto count = [](int i) { return static_cast<unsigned>(i); };
    cudaLaunchConfig_t config{};
    config.gridDim = dim3(count(grid.blocks[0]), count(grid.blocks[1]), count(grid.blocks[2]));
    config.blockDim = dim3(count(grid.threads));
    config.dynamicSmemBytes = static_cast<std::size_t>(grid.shared_bytes);
    config.stream = state_->stream;
    config.attrs = attributes.data();
    const auto add = [&](cudaLaunchAttributeID id) -> cudaLaunchAttributeValue& {
      cudaLaunchAttribute& next = attributes[config.numAttrs++];
      next = {};
      next.id = id;
      return next.val;
    };
    if (grid.cluster > 1) add(cudaLaunchAttributeClusterDimension).clusterDim = {count(grid.cluster), 1, 1};
    if (early_launches && state_->cluster_blocks > 1)  // what both need is Hopper
      add(cudaLaunchAttributeProgrammaticStreamSerialization).programmaticStreamSerializationAllowed = 1;
    return config;
  }

  void copy(const void* from, void* to, std::size_t bytes, std::size_t room, cudaMemcpyKind kind) const {
    if (bytes != room) throw ShapeError(sentence("CUDA: a copy of ", bytes, " bytes to an array of ", room));
    if (bytes == 0) return;
    check(cudaMemcpyAsync(to, from, bytes, kind, state_->stream), "copying between host and device");
    synchronize();
  }

  std::shared_ptr<State> state_;
};

static_assert(Gpu<Executor>);

}  // namespace videoonenet::cuda

namespace videoonenet {

/// The executor of one CUDA device, `Cuda{}`.
using Cuda = cuda::Executor;

}  // namespace videoonenet
