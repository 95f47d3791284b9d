// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// train: trains a OneNet, VideoOneNet or a relative of them, saves as it goes, and goes on where it was stopped.

#include <filesystem>
#include <variant>

#include "support/device.hpp"
#include "support/training_options.hpp"
#include "support/training_run.hpp"
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/models/model_file.hpp"
#include "videoonenet/train/initial_parameters.hpp"

namespace {

using namespace videoonenet;
using namespace program;

/// The loss that --loss chooses.
struct ChosenLoss {
  std::variant<MeanSquaredError, MeanAbsoluteError, NegativePsnr> loss;

  /// Errors: InputError for a name that is none of them.
  static ChosenLoss named(const std::string& name) {
    if (name == "mse") return {MeanSquaredError{}};
    if (name == "l1") return {MeanAbsoluteError{}};
    if (name == "psnr") return {NegativePsnr{}};
    double cap = 0;
    if (name.starts_with("psnr:") && number("", [](double v) { return v > 0 && v <= 200; })(name.substr(5)).empty()) {
      std::from_chars(name.data() + 5, name.data() + name.size(), cap);
      return {NegativePsnr{.floor = std::pow(10, -cap / 10)}};
    }
    throw InputError(sentence("--loss is \"", name, "\", expected mse, l1, psnr or psnr:CAP with CAP in dB"));
  }
  double value(const Cpu& ex, View<const float> z, View<const float> truth) const {
    return std::visit([&](const auto& l) { return l.value(ex, z, truth); }, loss);
  }
  void gradient(const Cpu& ex, View<const float> z, View<const float> truth, float scale, View<float> grad) const {
    std::visit([&](const auto& l) { l.gradient(ex, z, truth, scale, grad); }, loss);
  }
};
using ModelTrainer = Trainer<Model<float>, Adam, ChosenLoss>;

void add_options(CommandLine& app, TrainingOptions& o) {
  app.group("Data");
  add_dataset_options(app, o.data);
  add_problems_option(app, o.data);
  app.group("Model");
  add_model_options(app, o);
  app.group("Training");
  add_training_options(app, o);
  app.group("Run");
  app.add_option("--output", o.output, training_folder_help).type_name("DIR").required();
  app.add_flag("--resume", o.resume, "go on from last.safetensors, if there is one, as if never interrupted");
  add_run_options(app, o.run, "weights, videos, operators and noise", device_names());
  add_pictures_option(app, o.run, "history.png");
  app.footer(
      std::string(resume_help) +
      "Example: train --dataset rotated_mnist --data-dir mnist --filters 16 --iterations 5 --steps-per-epoch 500 "
      "--output out");
}

/// Weights to begin with: random ones or those of --weights.
/// Errors: InputError when they are those of other nets.
Buffer<float> first_weights(const TrainingOptions& o, const Model<float>& model) {
  if (o.weights.empty()) return initial_parameters<float>(model.parameters(), o.run.seed);
  TrainedModel<float> trained = read_model<float>(o.weights);
  const auto alike = [](const Parameter& a, const Parameter& b) { return a.name == b.name && a.extents == b.extents; };
  if (!std::ranges::equal(trained.model.parameters(), model.parameters(), alike))
    throw InputError(sentence(o.weights, ": these are weights of other nets than the options of the model describe"));
  return std::move(trained.parameters);
}

void run_train(TrainingOptions o) {
  TrainerOptions& t = o.trainer;
  t.batch.backward = parse_backward(o.backward);
  const ChosenLoss loss = ChosenLoss::named(o.loss);
  const auto training = open_split(o.data, Split::train, "train");
  const auto validation = open_split(o.data, Split::validation, "train");
  const Shape video = training.shape();
  const Model<float> model(model_of(o, video));
  const ProblemSet problems = problem_set_of(o.data, video);
  Buffer<float> weights = first_weights(o, model);
  prepare_training_folder(o.output);

  complete_trainer(t, training.size(), o.schedule, o.output);
  t.metadata = metadata_of(model.options());
  t.metadata["name"] = o.name.empty() ? o.model : o.name;
  t.metadata.merge(training_metadata(o, video, t.steps_per_epoch));

  ModelTrainer trainer(o.run.executor(), model, {training, problems, o.run.seed, TripletStream::training},
                       {validation, problems, o.run.seed, TripletStream::validation}, t, o.adam, loss);
  std::unique_ptr<StepEngine<float>> engine;
  if (o.run.device != "cpu") {
    const FactorBounds bounds = factor_bounds<float>(problems, video, static_cast<float>(model.options().rho));
    const double clip_norm = t.clip_norm > 0 ? t.clip_norm : std::numeric_limits<double>::infinity();
    engine = make_engine(o.run.device, {model.options(), video, t.batch, bounds, o.adam, clip_norm, loss.loss});
    trainer.use(*engine);
  }
  TrainingState<float> state =
      first_state(trainer, t.metadata, o.resume, o.run, [&] { return trainer.start(std::move(weights)); });
  if (!o.run.quiet)
    std::printf("%s: %td parameters, %.1f MiB for every step; %td videos of %tdx%tdx%tdx%td, %td problems\n",
                t.metadata["name"].c_str(), model.parameter_count(), double(trainer.bytes()) / (1 << 20),
                training.size(), Index(video.t), Index(video.h), Index(video.w), Index(video.f), problems.size());

  run_training(trainer, state, t, o.run, "train");
}

}  // namespace

int main(int argc, char** argv) {
  CommandLine app{"Trains a network of unrolled ADMM on videos alone: problems are drawn as it goes.", "train"};
  TrainingOptions options;
  add_options(app, options);
  return program::run(app, argc, argv, [&] { run_train(options); });
}
