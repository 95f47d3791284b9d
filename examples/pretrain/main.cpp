// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// pretrain: trains networks beside discriminators of what they make, saves as it goes, and goes on where it was
/// stopped.

#include "pretrain/pretraining.hpp"

namespace {

using namespace videoonenet;
using namespace program;

void add_options(CommandLine& app, PretrainingOptions& o) {
  const auto count = [&](const char* name, auto& value, Index least, const std::string& what) {
    return app.add_option(name, value, what).type_name("N").check(whole<Index>(least, Index(1) << 40));
  };
  const auto weight = [&](const char* name, double& value, const char* what) {
    return app.add_option(name, value, what).type_name("X").check(non_negative()).capture_default_str();
  };
  const auto rate = [&](const char* name, std::optional<double>& value, const char* what) {
    app.add_option(name, value, what).type_name("X").check(positive());
  };
  const auto only_for = [&](std::vector<std::string> models, std::initializer_list<Option> options) {
    for (const Option& option : options) o.of_some_models.emplace_back(option, models);
  };
  app.group("Data");
  add_dataset_options(app, o.data);
  app.group("Model");
  app.add_option(
         "--model", o.model,
         "projector (the first OneNet's, a prior of ADMM for any problem), inverse_net (InverseNet, which "
         "restores in one pass) or inf_admm (a denoiser and a learned inverse for ADMM without a solve, for one "
         "problem of lower resolution)")
      .type_name("NAME")
      .capture_default_str();
  count(
      "--filters", o.given_filters, 1,
      "channels of the first convolution of the projector (others have up to 16 times as many), of the U-Net (up to 8 "
      "times) or of the inverse (twice) [64; inf_admm: 32]");
  count("--discriminator-filters", o.discriminator_filters, 1,
        "the same of the discriminator of images; for a projector a multiple of 4 [64]");
  app.add_option("--name", o.name, "what tables call it [the model's name]").type_name("TEXT").check(table_name());
  const std::vector<std::string> projector{"projector"}, inverse_net{"inverse_net"}, inf_admm{"inf_admm"};
  app.group("Projector");
  ProjectionOptions& p = o.projection;
  only_for(projector, {weight("--denoising", p.denoising, "weight of the way from a perturbed image to the true one"),
                       weight("--identity", p.identity, "weight of staying where an image is"),
                       weight("--image", p.image, "weight of what the discriminator of images says"),
                       weight("--latent", p.latent, "weight of what the discriminator of codes says")});
  only_for({"projector", "inf_admm"},
           {app.add_option("--most-deviation", o.most_deviation,
                           "most standard deviation of the noise on images [projector 0.6, inf_admm 0.1]")
                .type_name("X")
                .check(non_negative())});
  app.group("InverseNet and Inf-ADMM");
  only_for({"inverse_net", "inf_admm"},
           {add_problems_option(app, o.data),
            count("--denoiser-filters", o.denoiser_filters, 1, "channels of the denoiser's narrowest convolution [32]"),
            weight("--reconstruction", o.adversarial.reconstruction, "weight of the mean squared error"),
            weight("--adversarial", o.adversarial.adversarial, "weight of what the discriminator says")});
  only_for(inverse_net,
           {count("--levels", o.levels, 1,
                  "how often the U-Net halves the frames; inverse_net alone [as often as they can be, at most 8]")});
  only_for(inf_admm, {app.add_option("--rho", o.rho, "penalty of ADMM; inf_admm alone")
                          .type_name("X")
                          .check(positive())
                          .capture_default_str(),
                      app.add_option("--inverse-learning-rate", o.inverse.learning_rate,
                                     "learning rate of the inverse; inf_admm alone")
                          .type_name("X")
                          .check(positive())
                          .capture_default_str(),
                      app.add_option("--iterations", o.iterations,
                                     "iterations of ADMM by which videos for validation are restored; inf_admm alone")
                          .type_name("N")
                          .check(whole(1, 1000000))
                          .capture_default_str()});
  app.group("Training");
  TrainerOptions& t = o.trainer;
  count("--batch", t.batch.size, 1, "videos a step; all their frames are images [8]");
  count("--epochs", t.epochs, 0, "epochs at most [50]");
  count("--steps-per-epoch", t.steps_per_epoch, 1,
        "steps between two validations [as many as draw every video once on average]");
  count("--validation-videos", t.validation_videos, 1, "videos that are restored after every epoch [300]");
  count("--patience", t.patience, 0, "epochs without a lower validation loss after which it ends, 0 for never [5]");
  rate("--learning-rate", o.learning_rate,
       "learning rate of the projector, InverseNet or denoiser [projector 2e-4, others 1e-4]");
  rate("--discriminator-learning-rate", o.discriminator_learning_rate,
       "that of the discriminators [projector 2e-4, others 1e-4]");
  app.add_option("--learning-rate-schedule", o.schedule,
                 "of all, as train has them: constant, cosine, step:EVERY:FACTOR, warmup:STEPS, before another, …")
      .type_name("TEXT")
      .capture_default_str();
  weight("--max-minutes", t.max_minutes, "save and end after this time, 0 for never [minutes]");
  weight("--checkpoint-minutes", t.checkpoint_minutes, "most time between two states on disk [minutes]");
  app.group("Run");
  app.add_option("--output", o.output, training_folder_help).type_name("DIR").required();
  app.add_flag("--resume", o.resume, "go on from last.safetensors, if there is one, as if never interrupted");
  add_run_options(app, o.run, "weights, images, perturbations, operators and noise");
  add_pictures_option(app, o.run, "history.png");
  app.footer(std::string(resume_help) +
             "Example: pretrain --dataset ucf101 --data-dir ucf101 --shape 1,64,64,3 --filters 16 --output projector; "
             "then evaluate --method projector/best.safetensors");
}

/// Completes what depends on the images, and notes what the weights depend on whatever the model.
void complete(PretrainingOptions& o, const AnyDataset<float>& training) {
  const auto exact = [](double value) { return videoonenet::detail::exact_text(value); };
  TrainerOptions& t = o.trainer;
  complete_trainer(t, training.size(), o.schedule, o.output);
  const bool projector = o.model == "projector";
  o.filters = o.given_filters.value_or(o.model == "inf_admm" ? 32 : 64);
  o.perturbation.most_deviation = o.most_deviation.value_or(projector ? o.perturbation.most_deviation : 0.1);
  Adam& own = projector ? o.projection.projector : o.adversarial.generator;
  Adam& judges = projector ? o.projection.discriminators : o.adversarial.discriminator;
  own.learning_rate = o.learning_rate.value_or(own.learning_rate);
  judges.learning_rate = o.discriminator_learning_rate.value_or(judges.learning_rate);
  const Shape video = training.shape();
  t.metadata = {
      {"name", o.name.empty() ? o.model : o.name},
      {"training.dataset", o.data.dataset},
      {"training.shape", sentence(Index(video.t), ",", Index(video.h), ",", Index(video.w), ",", Index(video.f))},
      {"training.crop", o.data.crop ? "true" : "false"},
      {"training.discriminator-filters", sentence(o.discriminator_filters)},
      {"training.batch", sentence(t.batch.size)},
      {"training.steps-per-epoch", sentence(t.steps_per_epoch)},
      {"training.validation-videos", sentence(t.validation_videos)},
      {"training.learning-rate", exact(own.learning_rate)},
      {"training.discriminator-learning-rate", exact(judges.learning_rate)},
      {"training.learning-rate-schedule", schedule_text(o.schedule, t.epochs)},
      {"training.products", name_of(o.run.products)},
      {"training.seed", sentence(o.run.seed)}};
}

void run_pretrain(PretrainingOptions o) {
  if (o.model != "projector" && o.model != "inverse_net" && o.model != "inf_admm")
    throw InputError(sentence("--model is \"", o.model, "\", expected projector, inverse_net or inf_admm"));
  for (const auto& [option, models] : o.of_some_models)
    if (option.is_given() && std::ranges::find(models, o.model) == models.end())
      throw InputError(sentence(option.name(), " is for the model ", models[0], models.size() > 1 ? " or " : "",
                                models.size() > 1 ? models[1] : "", ", but the model is ", o.model));
  const PretrainingData data{open_split(o.data, Split::train, "pretrain"),
                             open_split(o.data, Split::validation, "pretrain")};
  complete(o, data.training);
  if (o.model == "projector")
    pretrain_projector(o, data);
  else
    o.model == "inverse_net" ? pretrain_inverse_net(o, data) : pretrain_inf_admm(o, data);
}

}  // namespace

int main(int argc, char** argv) {
  CommandLine app{
      "Trains the projector of the first OneNet on images alone, for every linear problem, an InverseNet, or the "
      "networks of Inf-ADMM.",
      "pretrain"};
  PretrainingOptions options;
  add_options(app, options);
  return program::run(app, argc, argv, [&] { run_pretrain(options); });
}
