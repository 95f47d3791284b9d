// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// operator.safetensors: whatever was drawn or chosen about a measurement, so that it can be restored later.
///
/// Metadata: `key` (problem keys joined by commas), `shape` (T,H,W,F of the video), what a problem needs beside its
/// array (`factor`, `stride`), and for the record `noise`, `seed`, `ratio` and `angle_degrees`. Arrays: `mask`,
/// `frames`, `weights`, `matrix` or `kernel`. With more than one problem every name has the problem's number in front:
/// `0.kernel`, `1.factor`.

#include <filesystem>

#include "support/problem_chain.hpp"

namespace program {

/// Writes a chain to a file, atomically.
void save_operator(const std::filesystem::path& path, const ProblemChain& chain, const Shape& video);

/// Reads a chain that save_operator wrote, or a dense `matrix` with metadata `key` = dense and `shape` = T,H,W,F.
/// Errors: InputError naming what is missing or does not fit.
ProblemChain load_operator(const std::filesystem::path& path);

}  // namespace program
