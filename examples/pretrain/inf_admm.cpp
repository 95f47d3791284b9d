// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// pretrain --model inf_admm: both networks of Inf-ADMM-ADNN, for one operator.

#include "pretrain/pretraining.hpp"
#include "videoonenet/models/discriminator.hpp"
#include "videoonenet/models/inf_admm_file.hpp"
#include "videoonenet/models/inf_admm_trainer.hpp"

namespace program {

using videoonenet::detail::exact_text;

void pretrain_inf_admm(PretrainingOptions o, const PretrainingData& data) {
  const Shape video = data.training.shape();
  const ProblemSet problems = problem_set_of(o.data, video);
  const auto triplets = [&](const AnyDataset<float>& videos, TripletStream stream) {
    return TripletSampler<float>(videos, problems, o.run.seed, stream);
  };
  const auto training = triplets(data.training, TripletStream::training);
  const Shape measured = training.draw(0).problem.a.range();
  const InfAdmmSizes<float> sizes{.inverse = {.channels = measured.f, .filters = {o.filters, 2 * o.filters}},
                                  .denoiser = {.channels = video.f,
                                               .factor = std::max<Index>(1, video.h / std::max<Index>(1, measured.h)),
                                               .filters = o.denoiser_filters,
                                               .condition = measured.f},
                                  .rho = static_cast<float>(o.rho)};
  const auto judge =
      image_discriminator<float>({.channels = video.f, .filters = o.discriminator_filters, .h = video.h, .w = video.w});
  const AdversarialOptions& a = o.adversarial;
  o.trainer.metadata.merge(Metadata{{"training.problems", o.data.problems},
                                    {"training.reconstruction", exact_text(a.reconstruction)},
                                    {"training.adversarial", exact_text(a.adversarial)},
                                    {"training.most-deviation", exact_text(o.perturbation.most_deviation)},
                                    {"training.inverse-learning-rate", exact_text(o.inverse.learning_rate)},
                                    {"training.iterations", sentence(o.iterations)}});
  o.trainer.metadata.merge(inf_admm_metadata(sizes));
  InfAdmmTrainer trainer(o.run.executor(), InfAdmmAdnn<float, Linear>(sizes), judge, training,
                         triplets(data.validation, TripletStream::validation),
                         {.step = a,
                          .most_deviation = o.perturbation.most_deviation,
                          .inverse = o.inverse,
                          .iterations = o.iterations,
                          .seed = o.run.seed,
                          .run = o.trainer});
  prepare_training_folder(o.output);
  pretrain(trainer, o, data, judge.parameter_count());
}

}  // namespace program
