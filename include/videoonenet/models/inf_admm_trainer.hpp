// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The training of both networks of Inf-ADMM-ADNN for one operator, from the first step to the last.

#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/models/inf_admm_adnn.hpp"
#include "videoonenet/train/adversarial/adversarial_loop.hpp"
#include "videoonenet/train/adversarial/adversarial_step.hpp"
#include "videoonenet/train/adversarial/denoising_pairs.hpp"
#include "videoonenet/train/adversarial/pair_batch.hpp"
#include "videoonenet/train/noise_inversion/noise_inversion.hpp"

namespace videoonenet {

/// How they are trained.
struct InfAdmmTrainerOptions {
  AdversarialOptions step{};    ///< of the denoiser
  double most_deviation = 0.1;  ///< of the noise on images that it is shown
  Adam inverse{.learning_rate = 1e-3, .beta1 = 0.9, .beta2 = 0.999};
  int iterations = 30;     ///< of ADMM, by which videos for validation are restored
  std::uint64_t seed = 0;  ///< of weights, noise and pairs; triplets have their own
  /// Batch size, epochs, validation, patience, schedule, files and times; gradients of the denoiser are clipped as
  /// `step` says.
  TrainerOptions run{};
};

/// Trains the inverse on noise and the denoiser on DenoisingPairs, a step of both at a time, which share nothing.
///
/// A step's loss is the sum of both. An epoch's loss for validation is the mean squared error of videos that both
/// restore together. best.safetensors has both networks' weights, denoiser.… and inverse.…, last.safetensors also all
/// that a resumed training needs. The weights after step k depend on the options and the data alone.
/// Errors: InputError for options out of range, and for problems whose operator is drawn anew; ShapeError where
/// networks, operator and videos do not fit; those of AdversarialLoop.
/// Cost: AdversarialStep's and NoiseInversion's a step.  Source: SPEC §4 (INF).
template <class T, ActivationFunction F, class Discriminator>
class InfAdmmTrainer {
 public:
  using Model = InfAdmmAdnn<T, F>;

  /// The discriminator judges whole images.
  InfAdmmTrainer(const Cpu& ex, const Model& model, const Discriminator& discriminator, TripletSampler<T> training,
                 TripletSampler<T> validation, const InfAdmmTrainerOptions& options = {})
      : ex_(ex),
        model_(model),
        a_(fixed_operator(training)),
        batch_({std::move(training), model.options().denoiser.factor, options.most_deviation, options.seed},
               options.run.batch.size),
        validation_(std::move(validation)),
        options_(completed(options, batch_.steps_per_epoch())),
        loop_("InfAdmmTrainer", options_.run,
              {detail::parameters_under("denoiser", model.denoiser()),
               detail::parameters_under("inverse", model.inverse()),
               detail::parameters_under("training.discriminator", discriminator)}),
        step_(ex, generator_of(model), discriminator, batch_.given().shape, batch_.truth().shape, options_.step),
        inversion_(ex, model.inverse(), *a_, model.options().rho),
        noise_(inversion_.range().size()),
        gradient_(model.inverse().parameter_count()) {
    require_shape(validation_.data().shape(), batch_.pairs().truth_shape(), "InfAdmmTrainer", "a video for validation");
  }

  const std::vector<Parameter>& parameters() const { return loop_.parameters(); }
  Index parameter_count() const { return loop_.parameter_count(); }
  /// Bytes held during all steps, those of a state included.
  Index bytes() const {
    const Index entries = noise_.size() + gradient_.size();
    return step_.bytes() + inversion_.bytes() + batch_.bytes() + entries * Index(sizeof(T)) + loop_.bytes();
  }
  /// The state's file; empty when nothing is written.
  std::filesystem::path checkpoint_path() const { return loop_.checkpoint_path(); }

  /// The state before the first step.
  TrainingState<T> start() const { return loop_.start(options_.seed); }
  /// The state in checkpoint_path(), with its metadata.  Errors: as read_training_state.
  SavedTraining<T> resume() const { return loop_.resume(); }

  /// Goes on from `state` until the options or the callbacks end it.
  TrainingEnd run(TrainingState<T>& state, const TrainerCallbacks& callbacks = {}) {
    Tensor<T> restored(batch_.pairs().truth_shape());
    const auto validate = [&](Index i, const Weights& weights) {
      const Triplet<T> t = validation_.draw_fixed(i, options_.run.validation_videos);
      model_.restore(ex_, std::span<const T>(weights[1].parameters), std::span<const T>(weights[0].parameters),
                     t.problem.a, t.y.span(), restored.view(), {.iterations = options_.iterations});
      return Validation{MeanSquaredError{}.value(ex_, restored.view(), t.truth.view()),
                        psnr(ex_, restored.view(), t.truth.view())};
    };
    const auto step = [&](Index i, double factor, const Weights& weights) { return make_step(i, factor, weights); };
    return loop_.run(state, callbacks, step, validate);
  }

 private:
  using Weights = typename AdversarialLoop<T, 3>::Weights;

  static auto generator_of(const Model& model) {
    const PixelShuffle<T> unpack{.factor = model.options().denoiser.factor,
                                 .direction = PixelShuffleDirection::to_space};
    return sequential(named("denoiser", model.denoiser()), named("unpack", unpack));
  }
  /// The operator of all triplets; it stays where it is, for the inversion refers to it.
  static std::unique_ptr<ShippedOperator<T>> fixed_operator(const TripletSampler<T>& triplets) {
    const ProblemSet& problems = triplets.problems();
    const bool one = problems.size() == 1;
    const ProblemKey key = problems[0].key;
    if (!one || (key != ProblemKey::super_resolution && key != ProblemKey::strided_blur &&
                 key != ProblemKey::gray_strided_blur))
      throw InputError(
          sentence("InfAdmmTrainer: ", problems.size(), one ? " problem, " : " problems, the first is ", to_string(key),
                   ", expected one of super_resolution, strided_blur and gray_strided_blur, whose operator is fixed"));
    return std::make_unique<ShippedOperator<T>>(triplets.draw(0).problem.a);
  }
  static InfAdmmTrainerOptions completed(InfAdmmTrainerOptions o, Index steps_per_epoch) {
    o.inverse.check();
    if (o.iterations < 1)
      throw InputError(sentence("InfAdmmTrainer: the number of iterations is ", o.iterations, ", expected at least 1"));
    if (o.run.steps_per_epoch == 0) o.run.steps_per_epoch = steps_per_epoch;
    return o;
  }

  StepReport make_step(Index i, double factor, const Weights& weights) {
    Random random(options_.seed, std::uint64_t(8) << 60 | static_cast<std::uint64_t>(i));
    random.fill_normal(noise_.span());
    fill(ex_, T(0), gradient_.span());
    const double loss =
        inversion_(ex_, std::span<const T>(weights[1].parameters), std::as_const(noise_).span(), gradient_.span());
    const double norm = std::sqrt(squared_norm(ex_, std::as_const(gradient_).span()));
    detail::require_finite("InfAdmmTrainer", loss, "the inverse's loss", i + 1);
    detail::require_finite("InfAdmmTrainer", norm, "the norm of the inverse's gradient", i + 1);

    batch_.draw(ex_, i);  // its step updates no weight where anything is not finite, and so does this one
    const AdversarialReport report = step_(batch_.given(), batch_.truth(), weights[0], weights[2], i + 1, factor);
    options_.inverse.update(ex_, i + 1, factor, std::as_const(gradient_).span(), weights[1].moments,
                            weights[1].parameters);
    return {.loss = report.generator_loss + loss, .gradient_norm = report.generator_norm};
  }

  Cpu ex_;
  Model model_;
  std::unique_ptr<ShippedOperator<T>> a_;
  PairBatch<DenoisingPairs<T>> batch_;
  TripletSampler<T> validation_;
  InfAdmmTrainerOptions options_;
  AdversarialLoop<T, 3> loop_;  ///< of the denoiser, the inverse and the discriminator
  AdversarialStep<decltype(generator_of(std::declval<Model>())), Discriminator> step_;
  NoiseInversion<TiedAutoencoder<T, F>, ShippedOperator<T>, Cpu> inversion_;
  Buffer<T> noise_, gradient_;
};

}  // namespace videoonenet
