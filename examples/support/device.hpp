// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What the programs do on a device: device_training.cu and device_restoration.cu where there is a CUDA compiler,
/// no_device.cpp elsewhere.

#include <memory>
#include <span>
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

/// The device of this name, which makes training steps.
/// Errors: InputError where the program was built without CUDA; Error when there is no GPU.
std::unique_ptr<videoonenet::StepEngine<float>> make_engine(const std::string& device, const EngineOptions& options);

/// The device of this name, which restores batches of factored problems by a trained network.
/// Errors: as make_engine.
std::unique_ptr<videoonenet::RestorationEngine<float>> make_restorer(const std::string& device,
                                                                     const videoonenet::ModelOptions& model,
                                                                     std::span<const float> parameters,
                                                                     const videoonenet::Shape& batch,
                                                                     const videoonenet::FactorBounds& bounds);

}  // namespace program
