// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The training of OneNet's projection network from the first step to the last: draw and perturb images, update,
/// validate every epoch, keep the best, save, resume.

#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/train/adversarial/adversarial_loop.hpp"
#include "videoonenet/train/adversarial/projection_step.hpp"
#include "videoonenet/train/perturbation.hpp"

namespace videoonenet {

/// How a projector is trained.
struct ProjectionTrainerOptions {
  ProjectionOptions step{};
  PerturbationOptions perturbation{};
  std::uint64_t seed = 0;  ///< of weights, images and perturbations
  /// Batch size, epochs, validation, patience, schedule, files and times; gradients are clipped as `step` says.
  TrainerOptions run{};
};

/// Trains a projector, an encoder and a decoder, and the discriminators of its images and codes on the frames of
/// videos.
///
/// An epoch's loss for validation is the mean squared error between images and what the projector makes of perturbed
/// ones, with running statistics. best.safetensors has the projector's weights, last.safetensors also all that a
/// resumed training needs. The weights after step k depend on the options and the images alone, not on threads, the
/// clock, or how often the training was resumed.
/// Errors: InputError for options out of range; ShapeError where layers and videos do not fit; those of
/// AdversarialLoop.  Cost: ProjectionStep's a step.  Source: SPEC §4 (ON).
template <class Encoder, class Decoder, class ImageDiscriminator, class LatentDiscriminator>
class ProjectionTrainer {
 public:
  using T = typename Encoder::value_type;

  /// The encoder's parameters have other names than the decoder's.
  ProjectionTrainer(const Cpu& ex, const Encoder& encoder, const Decoder& decoder, const ImageDiscriminator& image,
                    const LatentDiscriminator& latent, AnyDataset<T> training, AnyDataset<T> validation,
                    const ProjectionTrainerOptions& options = {})
      : ex_(ex),
        projector_(sequential(named("", encoder), named("", decoder))),
        training_(std::move(training)),
        validation_(std::move(validation)),
        options_(checked(options, training_, validation_)),
        loop_("ProjectionTrainer", options_.run,
              {projector_.parameters(), detail::parameters_under("training.image", image),
               detail::parameters_under("training.latent", latent)}),
        truth_(batch_shape()),
        perturbed_(batch_shape()),
        step_(ex, encoder, decoder, image, latent, batch_shape(), options_.step),
        restoring_(plan(
            ex, [&](auto& memory) { return projector_.make_cache(memory, validation_.shape()); }, Purpose::inference)) {
  }

  /// Those of all; the discriminators' are called training.image.… and training.latent.…, which readers of weights
  /// leave alone.
  const std::vector<Parameter>& parameters() const { return loop_.parameters(); }
  Index parameter_count() const { return loop_.parameter_count(); }
  /// Bytes held during all steps, those of a state included.
  Index bytes() const {
    return step_.bytes() + restoring_.bytes() + 2 * truth_.size() * Index(sizeof(T)) + loop_.bytes();
  }
  /// The state's file; empty when nothing is written.
  std::filesystem::path checkpoint_path() const { return loop_.checkpoint_path(); }

  /// The state before the first step.
  TrainingState<T> start() const { return loop_.start(options_.seed); }
  /// The state in checkpoint_path(), with its metadata.  Errors: as read_training_state.
  SavedTraining<T> resume() const { return loop_.resume(); }

  /// Goes on from `state` until the options or the callbacks end it.
  TrainingEnd run(TrainingState<T>& state, const TrainerCallbacks& callbacks = {}) {
    const Shape video = validation_.shape();
    Tensor<T> truth(video), seen(video), projected(video);
    const auto validate = [&](Index i, const auto& weights) {
      Random random = numbers(Stream::validation, i);
      validation_.sample(i * validation_.size() / options_.run.validation_videos, random, truth.view());
      perturb(truth.view(), random, seen.view(), options_.perturbation);
      projector_.forward(ex_, weights[0].parameters, seen.view(), projected.view(), restoring_.cache);
      return Validation{MeanSquaredError{}.value(ex_, projected.view(), truth.view()),
                        psnr(ex_, projected.view(), truth.view())};
    };
    return loop_.run(
        state, callbacks, [&](Index i, double factor, const auto& weights) { return make_step(i, factor, weights); },
        validate);
  }

 private:
  enum class Stream : std::uint64_t { training = 4, validation = 5 };  // beside TripletSampler's and initial weights'

  static ProjectionTrainerOptions checked(ProjectionTrainerOptions o, const AnyDataset<T>& training,
                                          const AnyDataset<T>& validation) {
    require_valid(o.perturbation);
    if (training.size() < 1 || validation.size() < 1)
      throw InputError(sentence("ProjectionTrainer: ", training.size(), " videos and ", validation.size(),
                                " for validation, expected at least one of both"));
    require_shape(validation.shape(), training.shape(), "ProjectionTrainer", "a video for validation");
    if (o.run.steps_per_epoch == 0)
      o.run.steps_per_epoch = std::max<Index>(1, training.size() / std::max<Index>(1, o.run.batch.size));
    return o;
  }
  Shape batch_shape() const {
    Shape batch = training_.shape();
    batch.n = options_.run.batch.size;
    return batch;
  }
  Random numbers(Stream stream, Index i) const {
    return Random(options_.seed, static_cast<std::uint64_t>(stream) << 60 | static_cast<std::uint64_t>(i));
  }

  StepReport make_step(Index i, double factor, const typename AdversarialLoop<T, 3>::Weights& weights) {
    Random random = numbers(Stream::training, i);
    for (Index n = 0; n < truth_.shape().n; ++n)
      training_.sample(random.integer(training_.size()), random, truth_.view().sample(n));
    perturb(truth_.view(), random, perturbed_.view(), options_.perturbation);
    const ProjectionReport report =
        step_(truth_.view(), perturbed_.view(), {weights[0], weights[1], weights[2]}, i + 1, factor);
    return {.loss = report.projector_loss, .gradient_norm = report.gradient_norm};
  }

  Cpu ex_;
  Sequential<Encoder, Decoder> projector_;
  AnyDataset<T> training_, validation_;
  ProjectionTrainerOptions options_;
  AdversarialLoop<T, 3> loop_;  ///< of the projector and the discriminators of images and codes
  Tensor<T> truth_, perturbed_;
  ProjectionStep<Encoder, Decoder, ImageDiscriminator, LatentDiscriminator> step_;
  Planned<typename Sequential<Encoder, Decoder>::Cache, Cpu> restoring_;
};

}  // namespace videoonenet
