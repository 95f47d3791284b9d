// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The GPU that --device names.

#include <map>
#include <string>

#include "videoonenet/core/cuda/executor.cuh"

namespace program {

/// The executor of a name of device_names(), the same one every time.
/// Errors: Error when there is no GPU.
inline const videoonenet::Cuda& device_executor(const std::string& name) {
  using videoonenet::cuda::Precision;
  static std::map<std::string, videoonenet::Cuda> executors;
  const auto precision = name == "cuda:float32"    ? Precision::float32
                         : name == "cuda:bfloat16" ? Precision::bfloat16
                                                   : Precision::tf32;
  return executors.try_emplace(name, precision).first->second;
}

}  // namespace program
