// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What the command line of `train` says about the model and its training.

#include <string>

#include "support/data_options.hpp"
#include "support/program.hpp"
#include "videoonenet/models/model_options.hpp"
#include "videoonenet/train/trainer/trainer.hpp"

namespace program {

/// Everything `train` is told.
struct TrainingOptions {
  DataOptions data;
  std::string model = "videoonenet-bcrnn", name, norm = "joint", residual;  ///< no residual nets but the model's own
  ModelOptions sizes;
  bool untied = false;
  std::string backward = "store", schedule = "constant", loss = "mse", weights, output;
  Adam adam;
  TrainerOptions trainer{.max_minutes = 0};  ///< no minutes: no limit
  bool resume = false;
  RunOptions run;
};

/// Adds the options of the model, and those of its training, to a program.
void add_model_options(CommandLine& app, TrainingOptions& o);
void add_training_options(CommandLine& app, TrainingOptions& o);

/// Errors: InputError for a text that is no strategy.
Backward parse_backward(const std::string& text);

/// The model that the options describe, for such videos.
/// Errors: InputError for unknown names, and for frames that the model is not for.
ModelOptions model_of(const TrainingOptions& o, const Shape& video);

/// A schedule of the learning rate, with the epochs where it depends on them.
std::string schedule_text(const std::string& schedule, Index epochs);

/// Options that the weights depend on, the model's aside; they are written with the weights, and a resumed training
/// must have the same.
Metadata training_metadata(const TrainingOptions& o, const Shape& video, Index steps_per_epoch);

/// Refuses to go on with a state that was trained otherwise.
/// Errors: InputError naming the first option that differs.
void require_same_training(const Metadata& saved, const Metadata& present, const std::string& path);

}  // namespace program
