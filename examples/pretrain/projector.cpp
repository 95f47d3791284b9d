// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// pretrain --model projector: the first OneNet's prior, for any operator.

#include "pretrain/pretraining.hpp"
#include "videoonenet/models/projector_file.hpp"
#include "videoonenet/models/residual_discriminator.hpp"
#include "videoonenet/train/adversarial/projection_trainer.hpp"

namespace program {

using videoonenet::detail::exact_text;

void pretrain_projector(PretrainingOptions o, const PretrainingData& data) {
  const Shape video = data.training.shape();
  const ImageAutoencoderOptions sizes{.in = video.f, .out = video.f, .filters = o.filters, .h = video.h, .w = video.w};
  const auto image = residual_discriminator<float>(
      {.channels = sizes.in, .filters = o.discriminator_filters, .h = sizes.h, .w = sizes.w});
  const auto latent = latent_discriminator<float>({.channels = 16 * sizes.filters, .h = sizes.h / 8, .w = sizes.w / 8});
  prepare_training_folder(o.output);

  const ProjectionOptions& p = o.projection;
  o.trainer.metadata.merge(Metadata{{"training.denoising", exact_text(p.denoising)},
                                    {"training.identity", exact_text(p.identity)},
                                    {"training.image", exact_text(p.image)},
                                    {"training.latent", exact_text(p.latent)},
                                    {"training.most-deviation", exact_text(o.perturbation.most_deviation)}});
  o.trainer.metadata.merge(projector_metadata(sizes));
  ProjectionTrainer trainer(o.run.executor(), projector_encoder<float>(sizes), projector_decoder<float>(sizes), image,
                            latent, data.training, data.validation,
                            {.step = p, .perturbation = o.perturbation, .seed = o.run.seed, .run = o.trainer});
  pretrain(trainer, o, data, image.parameter_count() + latent.parameter_count());
}

}  // namespace program
