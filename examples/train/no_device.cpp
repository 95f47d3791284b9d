// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// train without a CUDA compiler.

#include "train/device.hpp"

std::unique_ptr<videoonenet::StepEngine<float>> program::make_engine(const std::string& device, const EngineOptions&) {
  throw videoonenet::InputError("--device " + device + ": this program was built without CUDA");
}
