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
  Index filters = 64, discriminator_filters = 64;
  std::optional<double> learning_rate, discriminator_learning_rate;  ///< unset: the model's own
  TrainerOptions trainer{.max_minutes = 0};                          ///< no minutes: no limit
  bool resume = false;
  RunOptions run;
  ProjectionOptions projection;                              ///< of a projector
  PerturbationOptions perturbation;                          ///< likewise
  std::optional<Index> levels;                               ///< of an InverseNet; unset: as many as halve the frames
  Index denoiser_filters = 32;                               ///< likewise
  AdversarialOptions adversarial;                            ///< likewise
  std::vector<std::pair<Option, std::string>> of_one_model;  ///< options and the only model that they are for
};

/// The images to train on.
struct PretrainingData {
  AnyDataset<float> training, validation;
};

/// Trains one of the models, with all files; the options are complete but for the metadata of the model's own.
void pretrain_projector(PretrainingOptions o, const PretrainingData& data);
void pretrain_inverse_net(PretrainingOptions o, const PretrainingData& data);

/// Starts or resumes a training and goes on until it ends.
template <class AnyTrainer>
void pretrain(AnyTrainer& trainer, const PretrainingOptions& o, const PretrainingData& data,
              Index parameters_of_discriminators) {
  const Metadata& metadata = o.trainer.metadata;
  TrainingState<float> state;
  if (o.resume && std::filesystem::exists(trainer.checkpoint_path())) {
    SavedTraining<float> saved = trainer.resume();
    require_same_training(saved.metadata, metadata, trainer.checkpoint_path().string());
    if (!o.run.quiet) std::printf("resumed after step %td\n", saved.state.step);
    state = std::move(saved.state);
  } else {
    state = trainer.start();
  }
  if (!o.run.quiet)
    std::printf("%s: %td parameters, %td of them the discriminators', %.1f MiB for every step; %td videos of %s\n",
                metadata.at("name").c_str(), trainer.parameter_count(), parameters_of_discriminators,
                double(trainer.bytes()) / (1 << 20), data.training.size(), metadata.at("training.shape").c_str());
  run_training(trainer, state, o.trainer, o.run, "pretrain");
}

}  // namespace program
