// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The sum of a kernel gradient's parts, which blocks have computed for pixels of their own.

#include "videoonenet/core/cuda/gpu.hpp"

namespace videoonenet::cuda::convolution {

/// to[i] += Σ_p parts[p, i], and behind[i] with the entries after them: thread (i, s) of a block adds every eighth part
/// from s on, then their sums are added.
struct AddParts {
  static constexpr int threads = 256, entries = 32, slices = threads / entries;
  const float* parts;
  int count;
  Index part_size;
  float *to, *behind;
  int to_size, size;  ///< of both

  Grid grid() const {
    return {.blocks = {static_cast<int>(ceil_div(size, entries)), 1, 1},
            .threads = threads,
            .shared_bytes = threads * static_cast<int>(sizeof(float))};
  }
  template <class Thread>
  VIDEOONENET_DEVICE void operator()(const Thread& t) const {
    const auto sums = t.template shared<float>(0, threads);
    const int entry = t.block() * entries + t.thread() % entries;
    float sum = 0;
    if (entry < size) {
      constexpr int together = 8;  // loads on their way
      for (int first = t.thread() / entries; first < count; first += slices * together) {
        float part[together];
        VIDEOONENET_UNROLL
        for (int i = 0; i < together; ++i) {
          const int p = first + i * slices;
          part[i] = p < count ? parts[p * part_size + entry] : 0.0f;
        }
        VIDEOONENET_UNROLL
        for (int i = 0; i < together; ++i) sum += part[i];
      }
    }
    sums[t.thread()] = sum;
    t.sync();
    if (t.thread() >= entries || entry >= size) return;
    float& total = entry < to_size ? to[entry] : behind[entry - to_size];
    sum = total;
    VIDEOONENET_UNROLL
    for (int s = 0; s < slices; ++s) sum += sums[t.thread() + s * entries];
    total = sum;
  }
};

/// to[i] += Σ_p parts[p, i], the sums of `count` parts of `part_size` entries, in an order of their own; behind[i] +=
/// the sums of the entries after those.
template <Gpu Ex>
void add_parts(const Ex& ex, const float* parts, Index count, Index part_size, std::span<float> to,
               std::span<float> behind = {}) {
  const Index size = std::ssize(to) + std::ssize(behind);
  const AddParts add{parts,
                     as_int(count, "conv2d_kernel_gradient"),
                     part_size,
                     to.data(),
                     behind.data(),
                     static_cast<int>(std::ssize(to)),
                     as_int(size, "conv2d_kernel_gradient")};
  ex.launch(add.grid(), add);
}

}  // namespace videoonenet::cuda::convolution
