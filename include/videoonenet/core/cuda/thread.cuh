// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What a kernel sees of the CUDA thread that runs it: the members of testing::EmulatedThread, as instructions.

#include <cuda_bf16.h>
#include <cuda_pipeline_primitives.h>

#include <array>
#include <cstdint>

#include "videoonenet/core/config.hpp"
#include "videoonenet/core/cuda/warpgroup.cuh"

namespace videoonenet::cuda {

/// Entries of a block's shared memory.
template <class T>
class SharedArray {
 public:
  __device__ explicit SharedArray(T* data) : data_(data) {}
  __device__ T& operator[](int i) const { return data_[i]; }
  __device__ T* at(int i, int /*count*/) const { return data_ + i; }
  /// The entry that begins at a byte: a sum of offsets is an address at once.
  __device__ T& at_byte(int byte) const {
    return *reinterpret_cast<T*>(reinterpret_cast<unsigned char*>(data_) + byte);
  }

 private:
  T* data_;
};

/// The thread that runs a kernel.
class DeviceThread {
 public:
  __device__ int block(int axis = 0) const {
    return static_cast<int>(axis == 0 ? blockIdx.x : axis == 1 ? blockIdx.y : blockIdx.z);
  }
  __device__ int blocks(int axis = 0) const {
    return static_cast<int>(axis == 0 ? gridDim.x : axis == 1 ? gridDim.y : gridDim.z);
  }
  __device__ int thread() const { return static_cast<int>(threadIdx.x); }
  __device__ int threads() const { return static_cast<int>(blockDim.x); }
  __device__ int lane() const { return static_cast<int>(threadIdx.x & 31u); }
  __device__ int warp() const { return static_cast<int>(threadIdx.x >> 5); }

  /// Lets the next kernel's blocks come to the device, then waits for the end of the kernel before this one and sees
  /// what it has written, if this one was launched early.
  static __device__ void follow_launch() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
  }

  __device__ void sync() const { __syncthreads(); }
  __device__ void sync_team(int team, int threads) const {  // barrier 0 is sync's
    asm volatile("barrier.sync.aligned %0, %1;" ::"r"(1 + team), "r"(threads) : "memory");
  }
  __device__ void sync_cluster() const {
    arrive_cluster();
    wait_cluster();
  }
#if __CUDA_ARCH__ >= 900
  __device__ void arrive_cluster() const { asm volatile("barrier.cluster.arrive.release.aligned;" ::: "memory"); }
  __device__ void wait_cluster() const { asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory"); }
  template <class T>
  __device__ SharedArray<T> cluster_shared(int block, int offset, int count) const {
    const void* own = shared<T>(offset, count).at(0, count);
    return SharedArray<T>(static_cast<T*>(__cluster_map_shared_rank(own, static_cast<unsigned>(block))));
  }
#else  // executors of such devices say that there are no clusters
  __device__ void arrive_cluster() const { __trap(); }
  __device__ void wait_cluster() const { __trap(); }
  template <class T>
  __device__ SharedArray<T> cluster_shared(int /*block*/, int offset, int count) const {
    __trap();
    return shared<T>(offset, count);
  }
#endif
  template <class T>
  __device__ SharedArray<T> shared(int offset, int /*count*/) const {
    extern __shared__ __align__(128) unsigned char videoonenet_shared[];
    return SharedArray<T>(reinterpret_cast<T*>(videoonenet_shared + offset));
  }

  template <class V>
  __device__ V shuffle(V value, int lane) const {
    return __shfl_sync(~0u, value, lane);
  }
  template <class V>
  __device__ V shuffle_xor(V value, int mask) const {
    return __shfl_xor_sync(~0u, value, mask);
  }
  template <class V>
  __device__ V shuffle_down(V value, int distance) const {
    return __shfl_down_sync(~0u, value, static_cast<unsigned>(distance));
  }

  template <int count, class T>
  __device__ void copy_async(const SharedArray<T>& shared, int i, const T* from) const {
    constexpr std::size_t bytes = count * sizeof(T);
    T* to = shared.at(i, count);
    // The source of a copy of zeros is not read, but must be an address.
    __pipeline_memcpy_async(to, from ? static_cast<const void*>(from) : to_global(), bytes, from ? 0 : bytes);
  }
  __device__ void commit_copies() const { __pipeline_commit(); }
  template <int pending>
  __device__ void wait_copies() const {
    __pipeline_wait_prior(pending);
  }

  __device__ bool is_last(unsigned* counter, unsigned count) const {
    __threadfence();
    const bool last = atomicInc(counter, count - 1) == count - 1;  // which wraps the counter to zero
    __threadfence();
    return last;
  }

  static __device__ std::uint32_t tf32(float value) {
    std::uint32_t bits;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(value));
    return bits;
  }
  static __device__ float round_to_tf32(float value) { return __uint_as_float(tf32(value)); }
  static __device__ std::uint32_t bfloat16_pair(float first, float second) {
    const __nv_bfloat162 pair = __floats2bfloat162_rn(first, second);
    return *reinterpret_cast<const std::uint32_t*>(&pair);
  }
  __device__ void multiply_add_tf32(std::array<float, 4>& d, const std::array<std::uint32_t, 4>& a,
                                    const std::array<std::uint32_t, 2>& b) const {
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
        "{%0, %1, %2, %3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
  }
  __device__ void multiply_add_bfloat16(std::array<float, 4>& d, const std::array<std::uint32_t, 4>& a,
                                        const std::array<std::uint32_t, 2>& b) const {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
        "{%0, %1, %2, %3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
  }

  /// Whether the products of warpgroups below exist in this code.
  static __device__ bool has_warpgroup_products() { return VIDEOONENET_HAS_WGMMA; }
  __device__ void publish_shared() const {
#if __CUDA_ARCH__ >= 900
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
#endif
  }
  __device__ void begin_products() const {
#if VIDEOONENET_HAS_WGMMA
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
#endif
  }
  template <bool bfloat16, int columns>
  __device__ void multiply_add_warpgroup(std::array<float, columns / 2>& d, const CoreMatrices& a,
                                         const CoreMatrices& b, bool add) const {
#if VIDEOONENET_HAS_WGMMA
    extern __shared__ __align__(128) unsigned char videoonenet_shared[];
    const auto base = static_cast<std::uint32_t>(__cvta_generic_to_shared(videoonenet_shared));
    detail::wgmma<bfloat16, columns>(d, detail::wgmma_descriptor(base, a), detail::wgmma_descriptor(base, b), add);
#else
    __trap();
#endif
  }
  __device__ void commit_products() const {
#if VIDEOONENET_HAS_WGMMA
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
#endif
  }
  template <int pending>
  __device__ void wait_products() const {
#if VIDEOONENET_HAS_WGMMA
    asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(pending) : "memory");
#endif
  }

 private:
  static __device__ const void* to_global() {
    static __device__ float4 nothing;
    return &nothing;
  }
};

}  // namespace videoonenet::cuda
