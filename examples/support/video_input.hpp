// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// --input: a video, folder of pictures, picture, .npy array or synthetic video, as one tensor.

#include <cstdint>
#include <optional>
#include <string>

#include "videoonenet/core/executor.hpp"
#include "videoonenet/core/tensor.hpp"

namespace program {

using namespace videoonenet;

/// What --input and its companions say.
struct InputOptions {
  std::string path;
  std::optional<Index> frames;
  Index start = 0;
  std::string size;  ///< HxW
  bool gray = false;
};

/// A video and its rate.
struct VideoInput {
  Tensor<float> video;
  double frames_per_second = 10;
};

/// Reads or makes the input.
/// Errors: InputError.
VideoInput read_input(const Cpu& ex, const InputOptions& o, std::uint64_t seed);

}  // namespace program
