// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// Compiles the JSON of safetensors files once for all programs, tests and benchmarks (core/config.hpp says how).

#include "videoonenet/io/safetensors.hpp"
