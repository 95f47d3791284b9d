// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What trainings of several learners have in common: one state for all of them, and the loop from the first step to
/// the last.

#include <array>

#include "videoonenet/train/adversarial/judge.hpp"
#include "videoonenet/train/initial_parameters.hpp"
#include "videoonenet/train/trainer/trainer.hpp"

namespace videoonenet {

namespace detail {

/// The parameters of a layer, called prefix.….
template <class L>
std::vector<Parameter> parameters_under(const char* prefix, const L& layer) {
  std::vector<Parameter> own;
  append_parameters(own, prefix, parameters_of(layer));
  return own;
}

}  // namespace detail

/// What a video for validation came to.
struct Validation {
  double loss = 0, psnr = 0;
};

/// Networks that are trained beside their discriminators, K learners in all, each by Adam.
///
/// The state's weights are those of the learners one after the other, and so are each of Adam's moments.
/// best.safetensors has the weights of the networks, last.safetensors all that a resumed training needs.
/// Errors: InputError for options out of range; run() throws NumericalError when a loss, a gradient or a weight is not
/// finite; what is on disk then is the last state that was.
template <class T, std::size_t K>
class AdversarialLoop {
 public:
  using Weights = std::array<AdversarialWeights<T>, K>;

  /// `where` begins the sentences of errors. Of the options all but the clipping of gradients, the backward strategy
  /// and the prefetching have an effect. The parameters of discriminators, which come last, are called training.…, and
  /// readers of weights leave them alone.
  AdversarialLoop(const char* where, TrainerOptions options, std::array<std::vector<Parameter>, K> learners)
      : options_(checked(where, std::move(options))),
        networks_(without_discriminators(learners)),
        folder_(options_.directory, options_.metadata, joined(learners)) {
    for (std::size_t k = 0; k < K; ++k)
      for (const Parameter& p : learners[k]) counts_[k] += p.size();
    for (std::size_t k = 0; k < K; ++k) moments_[k] = Buffer<T>(2 * counts_[k]);
  }

  const TrainerOptions& options() const { return options_; }
  /// Those of all learners.
  const std::vector<Parameter>& parameters() const { return folder_.parameters(); }
  Index parameter_count() const {
    Index total = 0;
    for (Index count : counts_) total += count;
    return total;
  }
  /// Bytes of weights, of both of Adam's moments as the state and as the learners have them, and of the best weights.
  Index bytes() const { return 6 * parameter_count() * Index(sizeof(T)); }
  /// The state's file; empty when nothing is written.
  std::filesystem::path checkpoint_path() const { return folder_.checkpoint_path(); }

  /// The state before the first step, with weights drawn by this seed.
  TrainingState<T> start(std::uint64_t seed) const {
    return {.parameters = initial_parameters<T>(parameters(), seed), .optimizer = Buffer<T>(2 * parameter_count())};
  }
  /// The state in checkpoint_path(), with its metadata.  Errors: as read_training_state.
  SavedTraining<T> resume() const { return folder_.read(); }

  /// Goes on from `state` until the options or the callbacks end it.
  ///
  /// `step(i, factor, weights)` makes update number i (from 0) of all learners with `factor` times their learning
  /// rates, and returns a StepReport of which it sets the loss and the norm. `validate(i, weights)` returns the
  /// Validation of fixed video number i.
  template <class Step, class Validate>
  TrainingEnd run(TrainingState<T>& state, const TrainerCallbacks& callbacks, Step&& step, Validate&& validate) {
    const TrainerOptions& o = options_;
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
        const double videos_per_second = seconds > 0 ? double(timed * o.batch.size) / seconds : 0;
        finish_epoch(state, videos_per_second, callbacks, validate);
        seconds = 0, timed = 0;
        continue;
      }
      const auto before = Clock::now();
      StepReport report;
      try {
        report = step(state.step, o.schedule(state.step), weights_of(state));
      } catch (const NumericalError& e) {
        fail(state, e.what());
      }
      report.epoch = state.epochs() + 1;
      report.step = ++state.step;
      state.loss_sum += report.loss;
      state.gradient_norm_sum += report.gradient_norm;
      seconds += seconds_since(before), ++timed;
      if (callbacks.on_step) callbacks.on_step(report);
      if (folder_.minutes_since_saved() >= o.checkpoint_minutes) save(state);
    }
  }

 private:
  using Clock = std::chrono::steady_clock;

  static double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  }
  static TrainerOptions checked(const char* where, TrainerOptions o) {
    const auto require = [&](Index value, Index least, const char* what) {
      if (value < least) throw InputError(sentence(where, ": ", what, " is ", value, ", expected at least ", least));
    };
    require(o.batch.size, 1, "the batch size");
    require(o.epochs, 0, "the number of epochs");
    require(o.steps_per_epoch, 1, "the number of steps an epoch");
    require(o.patience, 0, "the patience");
    require(o.validation_videos, 1, "the number of videos that are validated");
    return o;
  }
  static std::vector<Parameter> joined(const std::array<std::vector<Parameter>, K>& learners) {
    std::vector<Parameter> all;
    for (const auto& own : learners) all.insert(all.end(), own.begin(), own.end());
    return all;
  }

  static std::vector<Parameter> without_discriminators(const std::array<std::vector<Parameter>, K>& learners) {
    std::vector<Parameter> all = joined(learners);
    std::erase_if(all, [](const Parameter& p) { return p.name.starts_with("training."); });
    return all;
  }

  /// Calls body(entry of a learner's moments, entry of the state's) for all; the state has the first moments of all
  /// learners before the second ones.
  template <class Body>
  void move_moments(TrainingState<T>& state, Body&& body) {
    Index begin = 0;
    for (std::size_t k = 0; k < K; begin += counts_[k], ++k)
      for (Index i = 0; i < counts_[k]; ++i) {
        body(moments_[k][i], state.optimizer[begin + i]);
        body(moments_[k][counts_[k] + i], state.optimizer[parameter_count() + begin + i]);
      }
  }
  Weights weights_of(TrainingState<T>& state) {
    Weights learners;
    std::span<T> rest = state.parameters.span();
    for (std::size_t k = 0; k < K; ++k) {
      const auto count = static_cast<std::size_t>(counts_[k]);
      learners[k] = {rest.first(count), moments_[k].span()};
      rest = rest.subspan(count);
    }
    return learners;
  }

  /// Validates and starts the next epoch; a validation that was stopped is made anew when the training is resumed.
  template <class Validate>
  void finish_epoch(TrainingState<T>& s, double videos_per_second, const TrainerCallbacks& callbacks,
                    Validate&& validate) {
    const double videos = double(options_.validation_videos);
    EpochRecord r{.videos_per_second = videos_per_second};
    const Weights weights = weights_of(s);
    for (Index i = 0; i < options_.validation_videos; ++i) {
      if (callbacks.stop && callbacks.stop()) return;
      const Validation v = validate(i, weights);
      r.validation_loss += v.loss / videos;
      r.validation_psnr += v.psnr / videos;
      if (callbacks.on_validation_video) callbacks.on_validation_video();
    }
    if (!std::isfinite(r.validation_loss))
      fail(s, sentence("the validation loss after step ", s.step, " is ", r.validation_loss));
    const bool is_best = s.finish_epoch(r, options_.steps_per_epoch);
    move_moments(s, [](T& own, T& whole) { whole = own; });
    folder_.save_epoch(s, is_best, networks_);
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

  TrainerOptions options_;
  std::vector<Parameter> networks_;  ///< what best.safetensors has
  TrainingFolder<T, Adam> folder_;
  std::array<Index, K> counts_{};
  std::array<Buffer<T>, K> moments_;
};

}  // namespace videoonenet
