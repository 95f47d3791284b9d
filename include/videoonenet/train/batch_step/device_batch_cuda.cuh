// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A batch of factored problems in the memory of a GPU.

#include "videoonenet/core/cuda/gpu.hpp"
#include "videoonenet/datastep/problem_batch/problem_batch.hpp"
#include "videoonenet/datastep/problem_batch/problem_batch_cuda.cuh"
#include "videoonenet/train/batch_step/batch_step.hpp"

namespace videoonenet {

/// Holds what a HostBatch brings: truth, Aᵀy and pinv(A) y of every video, and the factors of the data steps.
/// Cost: an upload copies what the problems use of their factors' room, through page-locked memory: it waits for the
/// upload before it alone, not for what is being computed.
template <class T, cuda::Gpu Ex>
class DeviceBatch {
 public:
  DeviceBatch(const Ex& ex, const Shape& batch, const FactorBounds& bounds, T rho)
      : ex_(ex),
        problems_(ex, batch, bounds, rho),
        measurement_(ex.template allocate<T>(2 * batch.size())),
        truth_(ex.template allocate<T>(batch.size())),
        staging_(ex.staging((3 * batch.size() + batch.n * bounds.values) * static_cast<Index>(sizeof(T)) +
                            batch.n * static_cast<Index>(sizeof(FactorLayout)))) {}

  /// Copies a batch to the device, after what was launched before.
  /// Errors: ShapeError when it is of another shape.
  void upload(const HostBatch<T>& batch) {
    require_shape(batch.video, problems_.domain(), "DeviceBatch", "the batch");
    require_size(std::ssize(batch.values), std::ssize(problems_.values()), "DeviceBatch", "the batch's factors");
    staging_.begin();
    staging_.copy(std::span<const T>(batch.truth), truth_.span());
    staging_.copy(std::span<const T>(batch.measurement), measurement_.span());
    staging_.copy(std::span<const FactorLayout>(batch.layouts), problems_.layouts());
    const std::span<const T> values(batch.values);
    for (Index n = 0; n < batch.video.n; ++n) {
      const auto begin = static_cast<std::size_t>(n * batch.bounds.values);
      const auto used = static_cast<std::size_t>(batch.layouts[static_cast<std::size_t>(n)].value_count());
      staging_.copy(values.subspan(begin, used), problems_.values().subspan(begin, used));
    }
  }

  const ProblemBatch<T, Ex>& problems() const { return problems_; }
  /// Aᵀy of all videos, then pinv(A) y of all.
  std::span<const T> measurement() const { return measurement_.span(); }
  View<const T> truth() const { return {truth_.data(), problems_.domain()}; }
  /// Bytes on the device.
  Index bytes() const {
    return (measurement_.size() + truth_.size() + std::ssize(problems_.values())) * static_cast<Index>(sizeof(T));
  }

 private:
  template <class U>
  using Device = decltype(std::declval<const Ex&>().template allocate<U>(0));

  Ex ex_;
  ProblemBatch<T, Ex> problems_;
  Device<T> measurement_, truth_;
  decltype(std::declval<const Ex&>().staging(0)) staging_;
};

}  // namespace videoonenet
