// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What this machine can do at most, measured: multiply-adds a second and bytes a second, for a number of threads.

#include <chrono>
#include <map>
#include <vector>

#include "videoonenet/core/executor.hpp"
#include "videoonenet/core/simd.hpp"

namespace videoonenet::benchmarks {

/// Seconds since some fixed moment.
inline double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Shortest time of `body`, of as many calls as fit into 0.2 s but at least three.
template <class Body>
double best_time(Body&& body) {
  double best = 1e30;
  const double until = seconds() + 0.2;
  for (int calls = 0; calls < 3 || seconds() < until; ++calls) {
    const double begin = seconds();
    body();
    best = std::min(best, seconds() - begin);
  }
  return best;
}

/// Nothing but fused multiply-adds on registers, by each of some threads. Returns the number of operations, two each.
template <class T>
double multiply_adds(int threads) {
  using V = simd::Vector<T>;  // a register of this machine: wider ones would not stay in registers
  constexpr Index accumulators = 12, rounds = 1 << 20;
  cpu::parallel_for(Cpu{threads}, threads, [&](Index) {
    V acc[accumulators], a = V{} + T(0.5), b = V{} + T(0.25);
    for (V& v : acc) {
      v = V{} + T(1);
      asm volatile("" : "+m"(v));  // or the compiler finds that all are the same, and computes one of them
    }
    for (Index i = 0; i < rounds; ++i) {
#pragma GCC unroll 12
      for (Index k = 0; k < accumulators; ++k) acc[k] = acc[k] * a + b;
    }
    for (V& v : acc) asm volatile("" : : "m"(v));
  });
  return 2.0 * double(accumulators * rounds * Index(sizeof(V) / sizeof(T)) * threads);
}

/// Floating-point operations a second of multiply_adds.
template <class T>
double measured_peak_flops(int threads) {
  double operations = 0;
  const double time = best_time([&] { operations = multiply_adds<T>(threads); });
  return operations / time;
}

/// Bytes a second of a triad x = y + s z over arrays of `working_set` bytes together: the bandwidth of whichever cache
/// or memory holds that much. Counts two reads and a write.
inline double measured_triad_bandwidth(int threads, Index working_set) {
  const Index size = std::max<Index>(working_set / 3 / Index(sizeof(float)) / threads, 64);
  const Index repetitions = std::max<Index>(1, (Index(1) << 22) / size);
  std::vector<Buffer<float>> arrays;
  for (int i = 0; i < 3 * threads; ++i) arrays.emplace_back(size);
  const double time = best_time([&] {
    cpu::parallel_for(Cpu{threads}, threads, [&](Index t) {
      float* x = arrays[std::size_t(3 * t)].data();
      const float *y = arrays[std::size_t(3 * t + 1)].data(), *z = arrays[std::size_t(3 * t + 2)].data();
      for (Index r = 0; r < repetitions; ++r) {
        for (Index i = 0; i < size; ++i) x[i] = y[i] + 0.5f * z[i];
        asm volatile("" : : "r"(x) : "memory");
      }
    });
  });
  return double(3 * Index(sizeof(float)) * size * repetitions * threads) / time;
}

/// The peaks for one number of threads; bandwidths are measured when first asked for.
class MachinePeak {
 public:
  explicit MachinePeak(int threads)
      : float_flops(measured_peak_flops<float>(threads)),
        double_flops(measured_peak_flops<double>(threads)),
        threads_(threads) {}

  const double float_flops, double_flops;

  /// Bytes a second for a working set, rounded up to a power of two.
  double bandwidth(Index working_set) {
    Index rounded = 4096;
    while (rounded < working_set) rounded *= 2;
    const auto found = bandwidths_.find(rounded);
    if (found != bandwidths_.end()) return found->second;
    return bandwidths_[rounded] = measured_triad_bandwidth(threads_, rounded);
  }

 private:
  int threads_;
  std::map<Index, double> bandwidths_;
};

/// The peaks of this process, measured once for each number of threads.
inline MachinePeak& machine_peak(int threads) {
  static std::map<int, MachinePeak> peaks;
  return peaks.try_emplace(threads, threads).first->second;
}

}  // namespace videoonenet::benchmarks
