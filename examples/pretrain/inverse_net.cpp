// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// pretrain --model inverse_net: a U-Net and a denoiser that restore in one pass.

#include <bit>

#include "pretrain/pretraining.hpp"
#include "videoonenet/models/discriminator.hpp"
#include "videoonenet/models/inverse_net_file.hpp"
#include "videoonenet/train/adversarial/adversarial_trainer.hpp"
#include "videoonenet/train/adversarial/start_pairs.hpp"

namespace program {

using videoonenet::detail::exact_text;

namespace {

/// How often both sides of the frames can be halved, at most as often as the paper's net does.
Index halvings(const Shape& video) {
  const auto both = static_cast<std::uint64_t>(video.h) | static_cast<std::uint64_t>(video.w);
  return std::clamp<Index>(std::countr_zero(both), 1, UNetOptions{}.levels);
}

}  // namespace

void pretrain_inverse_net(PretrainingOptions o, const PretrainingData& data) {
  const Shape video = data.training.shape();
  const InverseNetOptions sizes{
      .inversion = {.in = video.f, .out = video.f, .levels = o.levels.value_or(halvings(video)), .filters = o.filters},
      .denoiser = {.channels = video.f, .filters = o.denoiser_filters}};
  const auto net = inverse_net<float>(sizes);
  net.output_shape(video);  // refuses frames that the net is not for
  const auto judge =
      image_discriminator<float>({.channels = video.f, .filters = o.discriminator_filters, .h = video.h, .w = video.w});
  const ProblemSet problems = problem_set_of(o.data, video);
  const StartPairs<float> training({data.training, problems, o.run.seed, TripletStream::training});
  const StartPairs<float> validation({data.validation, problems, o.run.seed, TripletStream::validation});
  prepare_training_folder(o.output);

  const AdversarialOptions& a = o.adversarial;
  o.trainer.metadata.merge(Metadata{{"training.problems", o.data.problems},
                                    {"training.reconstruction", exact_text(a.reconstruction)},
                                    {"training.adversarial", exact_text(a.adversarial)}});
  o.trainer.metadata.merge(inverse_net_metadata(sizes));
  AdversarialTrainer trainer(o.run.executor(), inverse_net_outputs<float>(sizes), net, judge, training, validation,
                             {.step = a, .seed = o.run.seed, .run = o.trainer});
  pretrain(trainer, o, data, judge.parameter_count());
}

}  // namespace program
