// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What the command line of `pretrain` says, and what the trainings of all its models do alike.

#include <cstdio>
#include <utility>
#include <vector>

#include "support/training_options.hpp"
#include "support/training_run.hpp"
#include "videoonenet/train/adversarial/adversarial_step.hpp"
#include "videoonenet/train/adversarial/projection_step.hpp"
#include "videoonenet/train/perturbation.hpp"

namespace program {

/// Everything `pretrain` is told.
struct PretrainingOptions {
  DataOptions data;
  std::string model = "projector", name, schedule = "constant", output;
  Index filters = 0, discriminator_filters = 64;
  std::optional<Index> given_filters;                                                ///< unset: the model's own
  std::optional<double> learning_rate, discriminator_learning_rate, most_deviation;  ///< likewise
  TrainerOptions trainer{.max_minutes = 0};                                          ///< no minutes: no limit
  bool resume = false;
  RunOptions run;
  ProjectionOptions projection;
  PerturbationOptions perturbation;
  AdversarialOptions adversarial;
  std::optional<Index> levels;  ///< of the U-Net; unset: as many as halve the frames
  Index denoiser_filters = 32;
  Adam inverse{.learning_rate = 1e-3, .beta1 = 0.9, .beta2 = 0.999};
  double rho = 0.3;
  int iterations = 30;
  /// Options and the models that they are for, where these are not all.
  std::vector<std::pair<Option, std::vector<std::string>>> of_some_models;
};

/// The images to train on.
struct PretrainingData {
  AnyDataset<float> training, validation;
};

/// Trains one of the models, with all files; the options are complete but for the metadata of the model's own.
void pretrain_projector(PretrainingOptions o, const PretrainingData& data);
void pretrain_inverse_net(PretrainingOptions o, const PretrainingData& data);
void pretrain_inf_admm(PretrainingOptions o, const PretrainingData& data);

/// Starts or resumes a training and goes on until it ends.
template <class AnyTrainer>
void pretrain(AnyTrainer& trainer, const PretrainingOptions& o, const PretrainingData& data,
              Index parameters_of_discriminators) {
  const Metadata& metadata = o.trainer.metadata;
  TrainingState<float> state = first_state(trainer, metadata, o.resume, o.run, [&] { return trainer.start(); });
  if (!o.run.quiet)
    std::printf("%s: %td parameters, %td of them the discriminators', %.1f MiB for every step; %td videos of %s\n",
                metadata.at("name").c_str(), trainer.parameter_count(), parameters_of_discriminators,
                double(trainer.bytes()) / (1 << 20), data.training.size(), metadata.at("training.shape").c_str());
  run_training(trainer, state, o.trainer, o.run, "pretrain");
}

}  // namespace program
