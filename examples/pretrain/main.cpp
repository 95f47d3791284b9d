// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// pretrain: trains the first OneNet's projector on images alone, saves as it goes, and goes on where it was stopped.

#include "support/training_options.hpp"
#include "support/training_run.hpp"
#include "videoonenet/models/projector_file.hpp"
#include "videoonenet/models/residual_discriminator.hpp"
#include "videoonenet/train/adversarial/projection_trainer.hpp"

namespace {

using namespace videoonenet;
using namespace program;

/// Everything `pretrain` is told.
struct PretrainingOptions {
  DataOptions data;
  Index filters = 64, discriminator_filters = 64;
  std::string schedule = "constant", name = "projector", output;
  ProjectionTrainerOptions trainer;
  bool resume = false;
  RunOptions run;
};

void add_options(CommandLine& app, PretrainingOptions& o) {
  app.group("Data");
  add_dataset_options(app, o.data);
  app.group("Model");
  const auto count = [&](const char* name, Index& value, Index least, const std::string& what) {
    app.add_option(name, value, what).type_name("N").check(whole<Index>(least, Index(1) << 40));
  };
  const auto weight = [&](const char* name, double& value, const char* what) {
    app.add_option(name, value, what).type_name("X").check(non_negative()).capture_default_str();
  };
  const auto rate = [&](const char* name, double& value, const char* what) {
    app.add_option(name, value, what).type_name("X").check(positive()).capture_default_str();
  };
  count("--filters", o.filters, 1,
        "channels of the projector's first convolution; others have up to 16 times as many [64]");
  count("--discriminator-filters", o.discriminator_filters, 4,
        "the same of the discriminator of images, a multiple of 4 [64]");
  app.add_option("--name", o.name, "what tables call it").type_name("TEXT").check(table_name()).capture_default_str();
  app.group("Training");
  TrainerOptions& t = o.trainer.run;
  count("--batch", t.batch.size, 1, "videos a step; all their frames are images [8]");
  count("--epochs", t.epochs, 0, "epochs at most [50]");
  count("--steps-per-epoch", t.steps_per_epoch, 1,
        "steps between two validations [as many as draw every video once on average]");
  count("--validation-videos", t.validation_videos, 1,
        "videos that are perturbed and projected after every epoch [300]");
  count("--patience", t.patience, 0, "epochs without a lower validation loss after which it ends, 0 for never [5]");
  rate("--learning-rate", o.trainer.step.projector.learning_rate, "learning rate of the projector");
  rate("--discriminator-learning-rate", o.trainer.step.discriminators.learning_rate, "that of the discriminators");
  app.add_option("--learning-rate-schedule", o.schedule,
                 "of both, as train has them: constant, cosine, step:EVERY:FACTOR, warmup:STEPS, before another, …")
      .type_name("TEXT")
      .capture_default_str();
  weight("--denoising", o.trainer.step.denoising, "weight of the way from a perturbed image to the true one");
  weight("--identity", o.trainer.step.identity, "weight of staying where an image is");
  weight("--image", o.trainer.step.image, "weight of what the discriminator of images says");
  weight("--latent", o.trainer.step.latent, "weight of what the discriminator of codes says");
  weight("--most-deviation", o.trainer.perturbation.most_deviation, "most standard deviation of the noise on images");
  weight("--max-minutes", t.max_minutes, "save and end after this time, 0 for never [minutes]");
  weight("--checkpoint-minutes", t.checkpoint_minutes, "most time between two states on disk [minutes]");
  app.group("Run");
  app.add_option("--output", o.output, training_folder_help).type_name("DIR").required();
  app.add_flag("--resume", o.resume, "go on from last.safetensors, if there is one, as if never interrupted");
  add_run_options(app, o.run, "weights, images and perturbations");
  add_pictures_option(app, o.run, "history.png");
  app.footer(std::string(resume_help) +
             "Example: pretrain --dataset ucf101 --data-dir ucf101 --shape 1,64,64,3 --filters 16 --output projector; "
             "then evaluate --method projector/best.safetensors");
}

/// What the weights depend on; a resumed training must have the same.
Metadata metadata_of(const PretrainingOptions& o, const ImageAutoencoderOptions& sizes, const Shape& video) {
  const auto exact = [](double value) { return videoonenet::detail::exact_text(value); };
  const TrainerOptions& t = o.trainer.run;
  const ProjectionOptions& p = o.trainer.step;
  Metadata all{
      {"name", o.name},
      {"training.dataset", o.data.dataset},
      {"training.shape", sentence(Index(video.t), ",", Index(video.h), ",", Index(video.w), ",", Index(video.f))},
      {"training.crop", o.data.crop ? "true" : "false"},
      {"training.discriminator-filters", sentence(o.discriminator_filters)},
      {"training.batch", sentence(t.batch.size)},
      {"training.steps-per-epoch", sentence(t.steps_per_epoch)},
      {"training.validation-videos", sentence(t.validation_videos)},
      {"training.learning-rate", exact(p.projector.learning_rate)},
      {"training.discriminator-learning-rate", exact(p.discriminators.learning_rate)},
      {"training.learning-rate-schedule", schedule_text(o.schedule, t.epochs)},
      {"training.denoising", exact(p.denoising)},
      {"training.identity", exact(p.identity)},
      {"training.image", exact(p.image)},
      {"training.latent", exact(p.latent)},
      {"training.most-deviation", exact(o.trainer.perturbation.most_deviation)},
      {"training.products", name_of(o.run.products)},
      {"training.seed", sentence(o.run.seed)}};
  all.merge(projector_metadata(sizes));
  return all;
}

void run_pretrain(PretrainingOptions o) {
  TrainerOptions& t = o.trainer.run;
  if (t.max_minutes == 0) t.max_minutes = std::numeric_limits<double>::infinity();
  const auto training = open_split(o.data, Split::train, "pretrain");
  const auto validation = open_split(o.data, Split::validation, "pretrain");
  const Shape video = training.shape();
  const ImageAutoencoderOptions sizes{.in = video.f, .out = video.f, .filters = o.filters, .h = video.h, .w = video.w};
  const auto image = residual_discriminator<float>(
      {.channels = sizes.in, .filters = o.discriminator_filters, .h = sizes.h, .w = sizes.w});
  const auto latent = latent_discriminator<float>({.channels = 16 * sizes.filters, .h = sizes.h / 8, .w = sizes.w / 8});
  prepare_training_folder(o.output);

  t.directory = o.output;
  if (t.steps_per_epoch == 0) t.steps_per_epoch = std::max<Index>(1, training.size() / t.batch.size);
  t.schedule = parse_schedule(o.schedule, t.epochs * t.steps_per_epoch);
  t.metadata = metadata_of(o, sizes, video);
  o.trainer.seed = o.run.seed;
  ProjectionTrainer trainer(o.run.executor(), projector_encoder<float>(sizes), projector_decoder<float>(sizes), image,
                            latent, training, validation, o.trainer);
  TrainingState<float> state;
  if (o.resume && std::filesystem::exists(trainer.checkpoint_path())) {
    SavedTraining<float> saved = trainer.resume();
    require_same_training(saved.metadata, t.metadata, trainer.checkpoint_path().string());
    if (!o.run.quiet) std::printf("resumed after step %td\n", saved.state.step);
    state = std::move(saved.state);
  } else {
    state = trainer.start();
  }
  if (!o.run.quiet)
    std::printf("%s: %td parameters, %td of them the discriminators', %.1f MiB for every step; %td videos of %s\n",
                o.name.c_str(), trainer.parameter_count(), image.parameter_count() + latent.parameter_count(),
                double(trainer.bytes()) / (1 << 20), training.size(), t.metadata["training.shape"].c_str());

  run_training(trainer, state, t, o.run, "pretrain");
}

}  // namespace

int main(int argc, char** argv) {
  CommandLine app{"Trains the projector of the first OneNet on images alone, for every linear problem.", "pretrain"};
  PretrainingOptions options;
  options.trainer.run.max_minutes = 0;
  add_options(app, options);
  return program::run(app, argc, argv, [&] { run_pretrain(options); });
}
