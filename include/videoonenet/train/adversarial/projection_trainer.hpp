// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The training of OneNet's projection network from the first step to the last: draw and perturb images, update,
/// validate every epoch, keep the best, save, resume.

#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/train/adversarial/projection_step.hpp"
#include "videoonenet/train/initial_parameters.hpp"
#include "videoonenet/train/perturbation.hpp"
#include "videoonenet/train/trainer/trainer.hpp"

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
/// Errors: InputError for options out of range; ShapeError where layers and videos do not fit; NumericalError when a
/// loss, a gradient or a weight is not finite; what is on disk then is the last state that was.
/// Cost: ProjectionStep's a step.  Source: SPEC §4 (ON).
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
        folder_(options_.run.directory, options_.run.metadata, parameters_of_all(projector_, image, latent)),
        truth_(batch_shape()),
        perturbed_(batch_shape()),
        step_(ex, encoder, decoder, image, latent, batch_shape(), options_.step),
        restoring_(plan(
            ex, [&](auto& memory) { return projector_.make_cache(memory, validation_.shape()); }, Purpose::inference)),
        moments_{Buffer<T>(2 * projector_.parameter_count()), Buffer<T>(2 * image.parameter_count()),
                 Buffer<T>(2 * latent.parameter_count())} {}

  /// Those of all; the discriminators' are called training.image.… and training.latent.…, which readers of weights
  /// leave alone.
  const std::vector<Parameter>& parameters() const { return folder_.parameters(); }
  Index parameter_count() const { return (moments_[0].size() + moments_[1].size() + moments_[2].size()) / 2; }
  /// Bytes held during all steps, those of a state included.
  Index bytes() const {
    return step_.bytes() + restoring_.bytes() + (2 * truth_.size() + 6 * parameter_count()) * Index(sizeof(T));
  }
  /// The state's file; empty when nothing is written.
  std::filesystem::path checkpoint_path() const { return folder_.checkpoint_path(); }

  /// The state before the first step.
  TrainingState<T> start() const {
    return {.parameters = initial_parameters<T>(parameters(), options_.seed),
            .optimizer = Buffer<T>(2 * parameter_count())};
  }
  /// The state in checkpoint_path(), with its metadata.  Errors: as read_training_state.
  SavedTraining<T> resume() const { return folder_.read(); }

  /// Goes on from `state` until the options or the callbacks end it.
  TrainingEnd run(TrainingState<T>& state, const TrainerCallbacks& callbacks = {}) {
    const TrainerOptions& o = options_.run;
    const auto begin = Clock::now();
    move_moments(state, [](T& own, T& whole) { own = whole; });
    save(state);
    double seconds = 0;
    Index timed = 0;
    for (;;) {
      if (state.stopping.exhausted(o.patience)) return TrainingEnd::no_improvement;
      if (state.epochs() >= o.epochs) return TrainingEnd::all_epochs;
      const bool stopped = callbacks.stop && callbacks.stop();
      if (stopped || seconds_since(begin) >= 60 * o.max_minutes) {
        save(state);
        return stopped ? TrainingEnd::stopped : TrainingEnd::out_of_time;
      }
      if (state.step >= (state.epochs() + 1) * o.steps_per_epoch) {
        finish_epoch(state, seconds > 0 ? double(timed * o.batch.size) / seconds : 0, callbacks);
        seconds = 0, timed = 0;
        continue;
      }
      const auto before = Clock::now();
      StepReport report;
      try {
        report = make_step(state);
      } catch (const NumericalError& e) {
        fail(state, e.what());
      }
      seconds += seconds_since(before), ++timed;
      if (callbacks.on_step) callbacks.on_step(report);
      if (folder_.minutes_since_saved() >= o.checkpoint_minutes) save(state);
    }
  }

 private:
  using Clock = std::chrono::steady_clock;
  enum class Stream : std::uint64_t { training = 4, validation = 5 };  // beside TripletSampler's and initial weights'

  static double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  }
  static ProjectionTrainerOptions checked(ProjectionTrainerOptions o, const AnyDataset<T>& training,
                                          const AnyDataset<T>& validation) {
    require_valid(o.perturbation);
    const auto require = [](Index value, Index least, const char* what) {
      if (value < least)
        throw InputError(sentence("ProjectionTrainer: ", what, " is ", value, ", expected at least ", least));
    };
    require(training.size(), 1, "the number of videos");
    require(validation.size(), 1, "the number of videos for validation");
    require(o.run.batch.size, 1, "the batch size");
    require(o.run.epochs, 0, "the number of epochs");
    require(o.run.steps_per_epoch, 0, "the number of steps an epoch");
    require(o.run.patience, 0, "the patience");
    require(o.run.validation_videos, 1, "the number of videos that are validated");
    require_shape(validation.shape(), training.shape(), "ProjectionTrainer", "a video for validation");
    if (o.run.steps_per_epoch == 0) o.run.steps_per_epoch = std::max<Index>(1, training.size() / o.run.batch.size);
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
  /// Calls body(entry of a learner's moments, entry of the state's) for all; the state has Adam's first moments of all
  /// learners before the second ones.
  template <class Body>
  void move_moments(TrainingState<T>& state, Body&& body) {
    Index begin = 0;
    for (Buffer<T>& own : moments_) {
      const Index count = own.size() / 2;
      for (Index i = 0; i < count; ++i) {
        body(own[i], state.optimizer[begin + i]);
        body(own[count + i], state.optimizer[parameter_count() + begin + i]);
      }
      begin += count;
    }
  }
  ProjectionWeights<T> weights_of(TrainingState<T>& state) {
    std::array<AdversarialWeights<T>, 3> learners;
    std::span<T> rest = state.parameters.span();
    for (std::size_t k = 0; k < 3; ++k) {
      const auto count = static_cast<std::size_t>(moments_[k].size() / 2);
      learners[k] = {rest.first(count), moments_[k].span()};
      rest = rest.subspan(count);
    }
    return {learners[0], learners[1], learners[2]};
  }

  StepReport make_step(TrainingState<T>& s) {
    Random random = numbers(Stream::training, s.step);
    for (Index n = 0; n < truth_.shape().n; ++n)
      training_.sample(random.integer(training_.size()), random, truth_.view().sample(n));
    perturb(truth_.view(), random, perturbed_.view(), options_.perturbation);
    const ProjectionReport report =
        step_(truth_.view(), perturbed_.view(), weights_of(s), s.step + 1, options_.run.schedule(s.step));
    ++s.step;
    s.loss_sum += report.projector_loss;
    s.gradient_norm_sum += report.gradient_norm;
    return {s.epochs() + 1, s.step, report.projector_loss, report.gradient_norm};
  }

  /// Validates and starts the next epoch; a validation that was stopped is made anew when the training is resumed.
  void finish_epoch(TrainingState<T>& s, double videos_per_second, const TrainerCallbacks& callbacks) {
    const TrainerOptions& o = options_.run;
    const double videos = double(o.validation_videos);
    EpochRecord r{.videos_per_second = videos_per_second};
    const auto projector = s.parameters.span().first(std::size_t(projector_.parameter_count()));
    Tensor<T> truth(validation_.shape()), seen(truth.shape()), projected(truth.shape());
    for (Index i = 0; i < o.validation_videos; ++i) {
      if (callbacks.stop && callbacks.stop()) return;
      Random random = numbers(Stream::validation, i);
      validation_.sample(i * validation_.size() / o.validation_videos, random, truth.view());
      perturb(truth.view(), random, seen.view(), options_.perturbation);
      projector_.forward(ex_, projector, seen.view(), projected.view(), restoring_.cache);
      r.validation_loss += MeanSquaredError{}.value(ex_, projected.view(), truth.view()) / videos;
      r.validation_psnr += psnr(ex_, projected.view(), truth.view()) / videos;
      if (callbacks.on_validation_video) callbacks.on_validation_video();
    }
    if (!std::isfinite(r.validation_loss))
      fail(s, sentence("the validation loss after step ", s.step, " is ", r.validation_loss));
    const bool is_best = s.finish_epoch(r, o.steps_per_epoch);
    move_moments(s, [](T& own, T& whole) { whole = own; });
    folder_.save_epoch(s, is_best, projector_.parameters());
    if (callbacks.on_epoch) callbacks.on_epoch(s.history.back(), is_best);
  }

  void save(TrainingState<T>& s) {
    move_moments(s, [](T& own, T& whole) { whole = own; });
    folder_.save(s);
  }
  [[noreturn]] void fail(TrainingState<T>& s, const std::string& what) {
    move_moments(s, [](T& own, T& whole) { whole = own; });
    folder_.fail(s, what);
  }
  static std::vector<Parameter> parameters_of_all(const Sequential<Encoder, Decoder>& projector,
                                                  const ImageDiscriminator& image, const LatentDiscriminator& latent) {
    std::vector<Parameter> all = projector.parameters();
    append_parameters(all, "training.image", parameters_of(image));
    append_parameters(all, "training.latent", parameters_of(latent));
    return all;
  }

  Cpu ex_;
  Sequential<Encoder, Decoder> projector_;
  AnyDataset<T> training_, validation_;
  ProjectionTrainerOptions options_;
  TrainingFolder<T, Adam> folder_;
  Tensor<T> truth_, perturbed_;
  ProjectionStep<Encoder, Decoder, ImageDiscriminator, LatentDiscriminator> step_;
  Planned<typename Sequential<Encoder, Decoder>::Cache, Cpu> restoring_;
  std::array<Buffer<T>, 3> moments_;  ///< of the projector and the discriminators of images and codes
};

}  // namespace videoonenet
