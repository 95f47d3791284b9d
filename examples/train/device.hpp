// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Training on a device: device.cu where there is a CUDA compiler, no_device.cpp elsewhere.

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "videoonenet/models/model_options.hpp"
#include "videoonenet/train/batch_gradient/batch_gradient.hpp"
#include "videoonenet/train/batch_step/step_engine.hpp"
#include "videoonenet/train/optimizer/optimizer.hpp"

namespace program {

/// What a device needs to know of a training.
struct EngineOptions {
  videoonenet::ModelOptions model;
  videoonenet::Shape video;
  videoonenet::BatchOptions batch;
  videoonenet::FactorBounds bounds;
  videoonenet::Adam adam;
  double clip_norm;
  std::variant<videoonenet::MeanSquaredError, videoonenet::MeanAbsoluteError, videoonenet::NegativePsnr> loss;
};

/// What --device may be beside cpu: cuda multiplies in tf32.
inline std::vector<std::string> device_names() { return {"cuda", "cuda:float32", "cuda:bfloat16"}; }

/// The device of this name.
/// Errors: InputError where the program was built without CUDA, or for a loss that the device does not know; Error when
/// there is no GPU.
std::unique_ptr<videoonenet::StepEngine<float>> make_engine(const std::string& device, const EngineOptions& options);

}  // namespace program
