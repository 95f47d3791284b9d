// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The training loop: draw, restore, differentiate, update; validate every epoch, keep the best, save, resume.

#include <chrono>
#include <limits>
#include <memory>
#include <optional>

#include "videoonenet/metrics/psnr.hpp"
#include "videoonenet/train/batch_gradient/batch_gradient.hpp"
#include "videoonenet/train/batch_step/restore_on_engine.hpp"
#include "videoonenet/train/optimizer/optimizer.hpp"
#include "videoonenet/train/prefetcher.hpp"
#include "videoonenet/train/schedule/schedule.hpp"
#include "videoonenet/train/training_state/training_folder.hpp"
#include "videoonenet/train/triplet_sampler/triplet_sampler.hpp"

namespace videoonenet {

/// How long a training runs and what it writes; the defaults are the papers'.  Source: VON §5.
struct TrainerOptions {
  BatchOptions batch{};
  Index epochs = 50;
  Index steps_per_epoch = 0;      ///< 0: as many as draw every video once on average
  Index patience = 5;             ///< epochs without a lower validation loss after which it stops; 0: never
  Index validation_videos = 300;  ///< fixed triplets, every problem in turn
  double clip_norm = 1;           ///< limit of the gradient's global norm; 0: none
  double clip_value = 0;          ///< limit of every entry, after that; 0: none
  Schedule schedule = ConstantSchedule{};
  Prefetch prefetch = Prefetch::ahead;
  double max_minutes = std::numeric_limits<double>::infinity();  ///< of one `run`
  double checkpoint_minutes = 2;  ///< at most this long between two states on disk, steps permitting
  /// Where last.safetensors (the state), best.safetensors (the best weights) and history.csv go; empty: nowhere.
  std::filesystem::path directory{};
  std::map<std::string, std::string> metadata{};  ///< of both files: what rebuilds the model
};

/// One update.
struct StepReport {
  Index epoch = 0;           ///< from 1
  Index step = 0;            ///< updates made
  double loss = 0;           ///< of the batch
  double gradient_norm = 0;  ///< before clipping
};

/// What a user of a Trainer is told, and how to stop it. All may be empty.
struct TrainerCallbacks {
  std::function<void(const StepReport&)> on_step{};
  std::function<void()> on_validation_video{};                       ///< may be called by several threads at once
  std::function<void(const EpochRecord&, bool is_best)> on_epoch{};  ///< after the epoch's files are written
  std::function<bool()> stop{};  ///< asked often, by several threads at once; true saves the state and ends the run
};

/// Why a run ended.
enum class TrainingEnd {
  all_epochs,
  no_improvement,  ///< the patience is exhausted
  out_of_time,     ///< max_minutes
  stopped,         ///< callbacks.stop
};

/// Trains a network on self-supervised triplets.
///
/// The weights after step k depend on the options, the seeds and the initial weights alone: not on threads,
/// prefetching, the clock, or how often the training was saved, killed and resumed. Errors: run() throws NumericalError
/// as soon as a loss, a gradient or a weight is not finite; what is on disk then is the last state that was. Cost:
/// bytes() in memory, taken at construction, and the problems of two batches.
template <class Network, class OptimizerType = Adam, class LossType = MeanSquaredError>
class Trainer {
 public:
  using T = typename Network::value_type;
  static_assert(TrainableNetwork<Network, ShippedOperator<T>>);
  static_assert(Optimizer<OptimizerType, T> && Loss<LossType, T>);

  /// `network` must outlive it.
  /// Errors: InputError for options out of range; ShapeError when the videos do not fit together or the network.
  Trainer(const Cpu& ex, const Network& network, TripletSampler<T> training, TripletSampler<T> validation,
          TrainerOptions options = {}, OptimizerType optimizer = {}, LossType loss = {})
      : ex_(ex),
        network_(network),
        training_(std::move(training)),
        validation_(std::move(validation)),
        options_(checked(std::move(options), training_)),
        optimizer_(optimizer),
        loss_(loss),
        batch_gradient_(std::in_place, ex, network, training_.data().shape(), options_.batch, loss),
        gradient_(network.parameter_count()),
        losses_(static_cast<std::size_t>(options_.validation_videos)),
        psnrs_(losses_.size()),
        folder_(options_.directory, options_.metadata, network.parameters()) {
    optimizer.check();
    require_shape(validation_.data().shape(), training_.data().shape(), "Trainer", "a video for validation");
  }

  /// Lets an engine, which must outlive it, make the steps and restore the videos for validation from the next run on.
  /// The engine has the optimiser, the loss and the clipping of its own options. Problems are then drawn and factored
  /// by all threads, a batch each. Errors: ShapeError for an engine with batches of another shape; InputError with
  /// clip_value, which it does not know.
  void use(StepEngine<T>& engine) {
    Shape batch = training_.data().shape();
    batch.n = options_.batch.size;
    require_shape(engine.batch(), batch, "Trainer::use", "the engine's batch");
    if (options_.clip_value > 0) throw InputError("Trainer: an engine does not clip the gradient's values");
    engine_ = &engine;
    batch_gradient_.reset();
  }

  /// Bytes held during all steps, those of a state included.
  Index bytes() const {
    const Index arrays = 3 + std::ssize(OptimizerType::state_names);  // θ, best, gradient; the optimiser's
    return (engine_ ? engine_->bytes() : batch_gradient_->bytes()) +
           arrays * gradient_.size() * static_cast<Index>(sizeof(T));
  }
  Index steps_per_epoch() const { return options_.steps_per_epoch; }
  /// The state's file; empty when nothing is written.
  std::filesystem::path checkpoint_path() const { return folder_.checkpoint_path(); }

  /// The state before the first step.  Errors: ShapeError when the network has another number of parameters.
  TrainingState<T> start(Buffer<T> parameters) const {
    require_size(parameters.size(), network_.parameter_count(), "Trainer::start", "the list of parameters");
    const Index size = parameters.size();
    return {.parameters = std::move(parameters), .optimizer = Buffer<T>(std::ssize(OptimizerType::state_names) * size)};
  }
  /// The state in checkpoint_path(), with its metadata.  Errors: as read_training_state.
  SavedTraining<T> resume() const { return folder_.read(); }

  /// Goes on from `state` until the options or the callbacks end it.
  /// Errors: NumericalError as above; InputError when a file cannot be read or written.
  TrainingEnd run(TrainingState<T>& state, const TrainerCallbacks& callbacks = {}) {
    begin_ = Clock::now();
    if (engine_) engine_->set(std::as_const(state.parameters).span(), std::as_const(state.optimizer).span());
    folder_.save(state);
    const Index steps = options_.steps_per_epoch;
    Prefetcher<Batch> batches([this](Index step) { return draw(step); }, state.step, options_.prefetch,
                              batches_ahead());
    Batch batch;
    seconds_ = 0;
    timed_steps_ = 0;
    for (;;) {
      if (state.stopping.exhausted(options_.patience)) return TrainingEnd::no_improvement;
      if (state.epochs() >= options_.epochs) return TrainingEnd::all_epochs;
      const bool stopped = callbacks.stop && callbacks.stop();
      if (stopped || minutes_since(begin_) >= options_.max_minutes) {
        fetch(state);
        folder_.save(state);
        return stopped ? TrainingEnd::stopped : TrainingEnd::out_of_time;
      }
      if (state.step >= (state.epochs() + 1) * steps) {
        fetch(state);
        finish_epoch(state, callbacks);
        continue;
      }
      const auto begin = Clock::now();
      batch = {};  // first, so that no more than two batches are alive
      batch = batches.next();
      const StepReport report = make_step(state, batch);
      seconds_ += 60 * minutes_since(begin);
      ++timed_steps_;
      if (callbacks.on_step) callbacks.on_step(report);
      if (folder_.minutes_since_saved() >= options_.checkpoint_minutes) fetch(state), folder_.save(state);
    }
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Sample = std::unique_ptr<BoundTriplet<Network>>;
  /// Problems that the network has bound, or those of an engine.
  struct Batch {
    std::vector<Sample> samples;
    std::optional<HostBatch<T>> problems;
  };

  static double minutes_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count() / 60;
  }

  static TrainerOptions checked(TrainerOptions o, const TripletSampler<T>& training) {
    const auto require = [](bool good, const char* what, auto value, const char* expected) {
      if (!good) throw InputError(sentence("Trainer: ", what, " is ", value, ", expected ", expected));
    };
    require(o.batch.size >= 1, "the batch size", o.batch.size, "at least 1");
    require(o.epochs >= 0, "the number of epochs", o.epochs, "none or more");
    require(o.steps_per_epoch >= 0, "the number of steps an epoch", o.steps_per_epoch, "none or more");
    require(o.patience >= 0, "the patience", o.patience, "none or more");
    require(o.validation_videos >= 1, "the number of videos for validation", o.validation_videos, "at least 1");
    require(o.clip_norm >= 0, "the limit of the gradient's norm", o.clip_norm, "zero or a positive number");
    require(o.clip_value >= 0, "the limit of the gradient's values", o.clip_value, "zero or a positive number");
    require(o.max_minutes >= 0, "the number of minutes", o.max_minutes, "zero or a positive number");
    require(o.checkpoint_minutes >= 0, "the time between checkpoints", o.checkpoint_minutes, "zero or more minutes");
    if (o.steps_per_epoch == 0) o.steps_per_epoch = std::max<Index>(1, training.data().size() / o.batch.size);
    return o;
  }

  /// Batches that are drawn before they are needed: an engine leaves every thread free to draw one.
  Index batches_ahead() const { return engine_ ? std::max(1, ex_.threads) : 1; }

  /// The batch of a step: triplets step·N … step·N + N − 1, bound.
  Batch draw(Index step) const {
    const Index count = options_.batch.size;
    Batch batch;
    if (engine_) {
      batch.problems = factored_batch(*engine_, [&](Index i) { return training_.draw(step * count + i); });
      return batch;
    }
    const bool beside = options_.prefetch == Prefetch::ahead;  // then threads that restore nothing are free
    const int threads =
        beside ? std::max(1, ex_.threads - static_cast<int>(std::min<Index>(count, 4096))) : ex_.threads;
    batch.samples.resize(static_cast<std::size_t>(count));
    parallel_for(ex_.with_threads(threads), count, [&](Index i) {
      batch.samples[static_cast<std::size_t>(i)] =
          std::make_unique<BoundTriplet<Network>>(ex_.with_threads(1), network_, training_.draw(step * count + i));
    });
    return batch;
  }

  /// The state as the engine has left it.
  void fetch(TrainingState<T>& s) {
    if (engine_) engine_->get(s.parameters.span(), s.optimizer.span());
  }

  StepReport make_step(TrainingState<T>& s, const Batch& batch) {
    if (engine_) {
      const auto [loss, norm] = engine_->step(*batch.problems, s.step + 1, options_.schedule(s.step));
      if (!std::isfinite(loss) || !std::isfinite(norm)) {
        fetch(s);
        folder_.fail(s,
                     sentence("the loss of step ", s.step + 1, " is ", loss, " and the norm of its gradient ", norm));
      }
      return count_step(s, loss, norm);
    }
    const double loss = (*batch_gradient_)(std::as_const(s.parameters).span(), batch.samples, gradient_.span());
    const double limit = options_.clip_norm > 0 ? options_.clip_norm : std::numeric_limits<double>::infinity();
    const double norm = clip_global_norm(ex_, limit, gradient_.span());
    if (!std::isfinite(loss) || !std::isfinite(norm))
      folder_.fail(s, sentence("the loss of step ", s.step + 1, " is ", loss, " and the norm of its gradient ", norm));
    if (options_.clip_value > 0) clip_value(ex_, options_.clip_value, gradient_.span());
    optimizer_.update(ex_, s.step + 1, options_.schedule(s.step), std::as_const(gradient_).span(), s.optimizer.span(),
                      s.parameters.span());
    return count_step(s, loss, norm);
  }
  StepReport count_step(TrainingState<T>& s, double loss, double norm) {
    ++s.step;
    s.loss_sum += loss;
    s.gradient_norm_sum += norm;
    return {s.epochs() + 1, s.step, loss, norm};
  }

  /// The loss and the PSNR of a restored video for validation.
  void note_validation(Index i, double loss, View<const T> z, View<const T> truth, const TrainerCallbacks& callbacks) {
    losses_[static_cast<std::size_t>(i)] = loss;
    psnrs_[static_cast<std::size_t>(i)] = psnr(Cpu{}, z, truth);
    if (callbacks.on_validation_video) callbacks.on_validation_video();
  }
  /// Restores all videos for validation; false when it was stopped.
  bool validate(const TrainingState<T>& s, const TrainerCallbacks& callbacks) {
    const Index videos = options_.validation_videos;
    return batch_gradient_->restore(
        s.parameters.span(), videos,
        [&](Index i) {
          return std::make_unique<BoundTriplet<Network>>(ex_.with_threads(1), network_,
                                                         validation_.draw_fixed(i, videos));
        },
        [&](Index i, double loss, View<const T> z, View<const T> truth) {
          note_validation(i, loss, z, truth, callbacks);
        },
        callbacks.stop);
  }
  /// The same by the engine.
  bool validate_on_engine(const TrainerCallbacks& callbacks) {
    const Index videos = options_.validation_videos;
    return restore_on_engine(
        *engine_, videos, [&](Index i) { return validation_.draw_fixed(i, videos); },
        [&](Index i, View<const T> z, View<const T> truth) {
          note_validation(i, loss_.value(Cpu{}, z, truth), z, truth, callbacks);
        },
        {callbacks.stop, options_.prefetch, batches_ahead()});
  }

  /// Validates and starts the next epoch; a validation that was stopped is made anew when the training is resumed.
  void finish_epoch(TrainingState<T>& s, const TrainerCallbacks& callbacks) {
    const Index videos = options_.validation_videos;
    if (!(engine_ ? validate_on_engine(callbacks) : validate(s, callbacks))) return;
    EpochRecord r;
    for (double loss : losses_) r.validation_loss += loss / double(videos);
    for (double psnr : psnrs_) r.validation_psnr += psnr / double(videos);
    if (seconds_ > 0) r.videos_per_second = double(timed_steps_ * options_.batch.size) / seconds_;
    if (!std::isfinite(r.validation_loss))
      folder_.fail(s, sentence("the validation loss after step ", s.step, " is ", r.validation_loss));
    const bool is_best = s.finish_epoch(r, options_.steps_per_epoch);
    seconds_ = 0;
    timed_steps_ = 0;
    folder_.save_epoch(s, is_best, folder_.parameters());
    if (callbacks.on_epoch) callbacks.on_epoch(s.history.back(), is_best);
  }

  Cpu ex_;
  const Network& network_;
  TripletSampler<T> training_, validation_;
  TrainerOptions options_;
  OptimizerType optimizer_;
  LossType loss_;
  std::optional<BatchGradient<Network, LossType>> batch_gradient_;  ///< of the host's steps
  StepEngine<T>* engine_ = nullptr;
  Buffer<T> gradient_;
  std::vector<double> losses_, psnrs_;
  Clock::time_point begin_{};
  TrainingFolder<T, OptimizerType> folder_;
  double seconds_ = 0;
  Index timed_steps_ = 0;
};

}  // namespace videoonenet
