// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Reads golden values: one tensor of a safetensors file, as doubles.

#include <cstdint>
#include <string>
#include <vector>

namespace golden {

/// A tensor of any rank, row-major.
struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<double> values;
};

/// The tensor `name` of `file`, a name within the golden directory or a path.
/// Errors: std::runtime_error when the file, the name or the scalar type is not there.
Tensor load(const std::string& file, const std::string& name);

}  // namespace golden
