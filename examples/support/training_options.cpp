// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// The options of a training.

#include "support/training_options.hpp"

#include <charconv>
#include <filesystem>

namespace program {

void add_model_options(CommandLine& app, TrainingOptions& o) {
  const auto size = [&](const char* name, Index& value, Index most, const char* what) {
    app.add_option(name, value, what).type_name("N").check(whole<Index>(1, most)).capture_default_str();
  };
  app.add_option(
         "--model", o.model,
         "onenet-cnn, onenet-bcrnn, videoonenet-cnn, videoonenet-bcrnn, dua (a OneNet of image autoencoders, "
         "for frames whose sides are multiples of 8) or odp (unrolled deep priors: a residual onenet-cnn, untied, that "
         "learns its start and penalties)")
      .type_name("NAME")
      .capture_default_str();
  size("--filters", o.sizes.filters, 16384, "channels inside the nets");
  size("--kernel-encoder", o.sizes.kernel_encoder, 127, "width of the encoder's and the recurrent kernels");
  size("--kernel-decoder", o.sizes.kernel_decoder, 127, "width of the decoder's kernel");
  app.add_option("--iterations", o.sizes.iterations, "iterations of ADMM that are unrolled")
      .type_name("N")
      .check(whole(1, 1000))
      .capture_default_str();
  app.add_option("--rho", o.sizes.rho, "penalty of ADMM").type_name("X").check(positive()).capture_default_str();
  app.add_option("--norm", o.norm, "normalisation over all channels together or each: joint or channel")
      .type_name("NAME")
      .capture_default_str();
  app.add_option("--residual", o.residual,
                 "nets that add to what they are given: none, prior, data or both [none; odp: prior]")
      .type_name("NAME");
  app.add_flag("--untied", o.untied, "weights of its own for every iteration");
  app.add_flag("--learn-rho", o.sizes.learn_rho, "a penalty for every iteration, trained from --rho on");
  app.add_flag("--learn-start", o.sizes.learn_start, "a net of its own that corrects where the iterations start");
  app.add_option("--name", o.name, "what tables call the model [the model's name]")
      .type_name("TEXT")
      .check(table_name());
}

void add_training_options(CommandLine& app, TrainingOptions& o) {
  const auto count = [&](const char* name, Index& value, Index least, const std::string& what) {
    app.add_option(name, value, what).type_name("N").check(whole<Index>(least, Index(1) << 40));
  };
  TrainerOptions& t = o.trainer;
  count("--batch", t.batch.size, 1, "videos a step [8]");
  count("--epochs", t.epochs, 0, "epochs at most [50]");
  count("--steps-per-epoch", t.steps_per_epoch, 1,
        "steps between two validations [as many as draw every video once on average]");
  count("--validation-videos", t.validation_videos, 1, "fixed triplets that are restored after every epoch [300]");
  count("--patience", t.patience, 0, "epochs without a lower validation loss after which it ends, 0 for never [5]");
  app.add_option("--learning-rate", o.adam.learning_rate, "learning rate of Adam")
      .type_name("X")
      .check(positive())
      .capture_default_str();
  const auto beta = [&](const char* name, double& value, const char* what) {
    app.add_option(name, value, what)
        .type_name("X")
        .check(number("at least 0 and below 1", [](double v) { return v >= 0 && v < 1; }))
        .capture_default_str();
  };
  beta("--beta1", o.adam.beta1, "share of Adam's mean gradient that a step keeps");
  beta("--beta2", o.adam.beta2, "the same for the mean of its squares");
  app.add_option("--learning-rate-schedule", o.schedule,
                 "constant, cosine (over all epochs, to 0), cosine:LAST, step:EVERY:FACTOR or "
                 "exponential:EVERY:FACTOR with EVERY in steps; warmup:STEPS, before it for a slow start")
      .type_name("TEXT")
      .capture_default_str();
  app.add_option("--loss", o.loss,
                 "mse, l1, psnr (minus the PSNR: every problem counts alike) or psnr:CAP (little above CAP dB) [mse]")
      .type_name("NAME")
      .capture_default_str();
  app.add_option("--weights", o.weights, "weights to start from, of a model with the same nets [random ones]")
      .type_name("FILE");
  app.add_option("--clip-norm", t.clip_norm, "limit of the gradient's global norm, 0 for none")
      .type_name("X")
      .check(non_negative())
      .capture_default_str();
  app.add_option("--clip-value", t.clip_value, "limit of each of the gradient's entries, 0 for none")
      .type_name("X")
      .check(non_negative())
      .capture_default_str();
  app.add_option("--max-minutes", t.max_minutes, "save and end after this time, 0 for never [minutes]")
      .type_name("X")
      .check(non_negative())
      .capture_default_str();
  app.add_option("--checkpoint-minutes", t.checkpoint_minutes, "most time between two states on disk [minutes]")
      .type_name("X")
      .check(non_negative())
      .capture_default_str();
  app.add_option("--backward", o.backward,
                 "what is remembered for the gradient: store (all), checkpoint:K (every K iterations), recompute (the "
                 "iterates only), truncated:K (the last K iterations alone are differentiated)")
      .type_name("TEXT")
      .capture_default_str();
}

Backward parse_backward(const std::string& text) {
  if (text == "store") return Backward::store();
  if (text == "recompute") return Backward::recompute();
  const auto colon = text.find(':');
  const std::string name = text.substr(0, colon);
  int k = 0;
  if (colon != std::string::npos) {
    const char *begin = text.data() + colon + 1, *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(begin, end, k);
    if (error == std::errc() && stop == end && k >= 1) {
      if (name == "checkpoint") return Backward::checkpoint(k);
      if (name == "truncated") return Backward::truncated(k);
    }
  }
  throw InputError(sentence("--backward is \"", text, "\", expected store, checkpoint:K, recompute or truncated:K"));
}

ModelOptions model_of(const TrainingOptions& o, const Shape& video) {
  Metadata metadata = metadata_of(named_model(o.model));
  metadata["channels"] = sentence(Index(video.f));
  metadata["filters"] = sentence(o.sizes.filters);
  metadata["kernel_encoder"] = sentence(o.sizes.kernel_encoder);
  metadata["kernel_decoder"] = sentence(o.sizes.kernel_decoder);
  metadata["iterations"] = sentence(o.sizes.iterations);
  metadata["norm"] = o.norm;
  if (!o.residual.empty()) metadata["residual"] = o.residual;
  if (o.untied) metadata["tied"] = "false";
  if (o.sizes.learn_rho) metadata["learn_rho"] = "true";
  if (o.sizes.learn_start) metadata["learn_start"] = "true";
  if (metadata.contains("height"))
    metadata["height"] = sentence(Index(video.h)), metadata["width"] = sentence(Index(video.w));
  ModelOptions model = model_options(metadata, "the options of the model");
  model.rho = o.sizes.rho;
  require_valid(model, "the options of the model");
  return model;
}

std::string schedule_text(const std::string& schedule, Index epochs) {
  const bool by_total = schedule.find("cosine") != std::string::npos;
  return by_total ? sentence(schedule, " over ", epochs, " epochs") : schedule;
}

Metadata training_metadata(const TrainingOptions& o, const Shape& video, Index steps_per_epoch) {
  const auto exact = [](double value) { return videoonenet::detail::exact_text(value); };
  const TrainerOptions& t = o.trainer;
  const bool truncated = t.batch.backward.last > 0;  // the other strategies give the same bits
  return {{"training.dataset", o.data.dataset},
          {"training.shape", sentence(Index(video.t), ",", Index(video.h), ",", Index(video.w), ",", Index(video.f))},
          {"training.crop", o.data.crop ? "true" : "false"},
          {"training.problems", o.data.problems},
          {"training.loss", o.loss},
          {"training.weights", std::filesystem::path(o.weights).filename().string()},
          {"training.batch", sentence(t.batch.size)},
          {"training.steps-per-epoch", sentence(steps_per_epoch)},
          {"training.validation-videos", sentence(t.validation_videos)},
          {"training.learning-rate", exact(o.adam.learning_rate)},
          {"training.beta1", exact(o.adam.beta1)},
          {"training.beta2", exact(o.adam.beta2)},
          {"training.learning-rate-schedule", schedule_text(o.schedule, t.epochs)},
          {"training.clip-norm", exact(t.clip_norm)},
          {"training.clip-value", exact(t.clip_value)},
          {"training.products", name_of(o.run.products)},
          {"training.device", o.run.device},
          {"training.backward", truncated ? o.backward : "all iterations"},
          {"training.seed", sentence(o.run.seed)}};
}

void require_same_training(const Metadata& saved, const Metadata& present, const std::string& path) {
  for (const auto& [key, value] : present) {
    if (key == "name") continue;
    const auto found = saved.find(key);
    const std::string before = found == saved.end() ? "not recorded" : "\"" + found->second + "\"";
    const std::string option = key.starts_with("training.") ? "--" + key.substr(9) : "the model's " + key;
    if (found == saved.end() || found->second != value)
      throw InputError(sentence(path, ": cannot be resumed, ", option, " is \"", value, "\" now and was ", before,
                                " when the state was saved"));
  }
}

}  // namespace program
