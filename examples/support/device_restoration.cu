// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Restoration on a GPU.

#include "support/device_executor.cuh"
#include "support/restore_on.hpp"
#include "videoonenet/models/tiled/tiled_cuda.cuh"
#include "videoonenet/videoonenet.cuh"

namespace program {

Restoration restore_on_device(const std::string& device, const Method& m, const ShippedOperator<float>& a,
                              std::span<const float> y, const OnIteration& on_iteration) {
  return restore(device_executor(device), m, a, y, on_iteration);
}
Restoration restore_on_device(const std::string& device, const Method& m, const Chain<ShippedOperator<float>>& a,
                              std::span<const float> y, const OnIteration& on_iteration) {
  return restore(device_executor(device), m, a, y, on_iteration);
}

}  // namespace program
