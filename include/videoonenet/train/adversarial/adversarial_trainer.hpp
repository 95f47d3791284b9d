// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The training of a network that restores in one pass, beside a discriminator of what it restores.

#include <algorithm>

#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/train/adversarial/adversarial_loop.hpp"
#include "videoonenet/train/adversarial/adversarial_step.hpp"
#include "videoonenet/train/adversarial/pair_batch.hpp"

namespace videoonenet {

/// How it is trained.
struct AdversarialTrainerOptions {
  AdversarialOptions step{};
  std::uint64_t seed = 0;  ///< of the weights; pairs have their own
  /// Batch size, epochs, validation, patience, schedule, files and times; gradients are clipped as `step` says.
  TrainerOptions run{};
};

/// Trains a generator by AdversarialStep on batches of pairs.
///
/// The generator may return several images to be judged; the restorer returns the last of them alone, and has the
/// generator's weights under the same names (see `inverse_net_outputs`). An epoch's loss for validation is the
/// restorer's mean squared error, with running statistics. best.safetensors has the restorer's weights,
/// last.safetensors also all that a resumed training needs. The weights after step k depend on the options and the
/// pairs alone, not on threads, the clock, or how often the training was resumed. Errors: InputError for options out of
/// range, or a restorer with other weights; ShapeError where layers and pairs do not fit; those of AdversarialLoop.
/// Cost: AdversarialStep's a step.  Source: SPEC §4 (INF, INV).
template <class Generator, class Restorer, class Discriminator, TrainingPairs Pairs>
class AdversarialTrainer {
 public:
  using T = typename Generator::value_type;

  AdversarialTrainer(const Cpu& ex, const Generator& generator, const Restorer& restorer,
                     const Discriminator& discriminator, Pairs training, Pairs validation,
                     const AdversarialTrainerOptions& options = {})
      : ex_(ex),
        restorer_(checked(restorer, generator)),
        batch_(std::move(training), options.run.batch.size),
        validation_(std::move(validation)),
        options_(completed(options, batch_.steps_per_epoch())),
        loop_("AdversarialTrainer", options_.run,
              {parameters_of(generator), detail::parameters_under("training.discriminator", discriminator)}),
        step_(ex, generator, discriminator, batch_.given().shape, batch_.truth().shape, options_.step),
        restoring_(plan(
            ex, [&](auto& memory) { return restorer_.make_cache(memory, validation_.given_shape()); },
            Purpose::inference)) {
    require_shape(restorer_.output_shape(validation_.given_shape()), validation_.truth_shape(), "AdversarialTrainer",
                  "the restored video");
  }

  /// Those of both; the discriminator's are called training.discriminator.…, which readers of weights leave alone.
  const std::vector<Parameter>& parameters() const { return loop_.parameters(); }
  Index parameter_count() const { return loop_.parameter_count(); }
  /// Bytes held during all steps, those of a state included.
  Index bytes() const { return step_.bytes() + restoring_.bytes() + batch_.bytes() + loop_.bytes(); }
  /// The state's file; empty when nothing is written.
  std::filesystem::path checkpoint_path() const { return loop_.checkpoint_path(); }

  /// The state before the first step.
  TrainingState<T> start() const { return loop_.start(options_.seed); }
  /// The state in checkpoint_path(), with its metadata.  Errors: as read_training_state.
  SavedTraining<T> resume() const { return loop_.resume(); }

  /// Goes on from `state` until the options or the callbacks end it.
  TrainingEnd run(TrainingState<T>& state, const TrainerCallbacks& callbacks = {}) {
    Tensor<T> given(validation_.given_shape()), truth(validation_.truth_shape()), restored(truth.shape());
    const auto validate = [&](Index i, const auto& weights) {
      validation_.draw_fixed(i, options_.run.validation_videos, given.view(), truth.view());
      restorer_.forward(ex_, weights[0].parameters, given.view(), restored.view(), restoring_.cache);
      return Validation{MeanSquaredError{}.value(ex_, restored.view(), truth.view()),
                        psnr(ex_, restored.view(), truth.view())};
    };
    const auto step = [&](Index i, double factor, const typename AdversarialLoop<T, 2>::Weights& weights) {
      batch_.draw(ex_, i);
      const AdversarialReport report = step_(batch_.given(), batch_.truth(), weights[0], weights[1], i + 1, factor);
      return StepReport{.loss = report.generator_loss, .gradient_norm = report.generator_norm};
    };
    return loop_.run(state, callbacks, step, validate);
  }

 private:
  static const Restorer& checked(const Restorer& restorer, const Generator& generator) {
    const auto alike = [](const Parameter& a, const Parameter& b) {
      return a.name == b.name && a.extents == b.extents;
    };
    if (!std::ranges::equal(parameters_of(restorer), parameters_of(generator), alike))
      throw InputError("AdversarialTrainer: the restorer's parameters are not those of the generator");
    return restorer;
  }
  static AdversarialTrainerOptions completed(AdversarialTrainerOptions o, Index steps_per_epoch) {
    if (o.run.steps_per_epoch == 0) o.run.steps_per_epoch = steps_per_epoch;
    return o;
  }

  Cpu ex_;
  Restorer restorer_;
  PairBatch<Pairs> batch_;
  Pairs validation_;
  AdversarialTrainerOptions options_;
  AdversarialLoop<T, 2> loop_;  ///< of the generator and the discriminator
  AdversarialStep<Generator, Discriminator> step_;
  Planned<typename Restorer::Cache, Cpu> restoring_;
};

}  // namespace videoonenet
