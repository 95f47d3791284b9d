// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The files of a training.

#include <chrono>
#include <filesystem>

#include "videoonenet/train/training_state/training_state.hpp"

namespace videoonenet {

/// last.safetensors, the state; best.safetensors, the best weights; history.csv. Nothing is written where the directory
/// is empty.
/// Errors: InputError when a file cannot be read or written.
template <class T, class OptimizerType>
class TrainingFolder {
 public:
  /// `parameters` are the state's; `metadata` of both files are what rebuilds the model.
  TrainingFolder(std::filesystem::path directory, std::map<std::string, std::string> metadata,
                 std::vector<Parameter> parameters)
      : directory_(std::move(directory)), metadata_(std::move(metadata)), parameters_(std::move(parameters)) {}

  const std::vector<Parameter>& parameters() const { return parameters_; }
  /// The state's file; empty when nothing is written.
  std::filesystem::path checkpoint_path() const {
    return directory_.empty() ? std::filesystem::path() : directory_ / "last.safetensors";
  }
  /// The state in checkpoint_path(), with its metadata.  Errors: as read_training_state.
  SavedTraining<T> read() const {
    return read_training_state<T>(checkpoint_path(), parameters_, OptimizerType::state_names);
  }

  /// Writes the state.  Errors: NumericalError when it is not finite; what was there stays.
  void save(const TrainingState<T>& s) {
    if (directory_.empty()) return;
    if (!s.is_finite()) fail(s, sentence("a weight after step ", s.step, " is not finite"));
    write_training_state(checkpoint_path(), parameters_, OptimizerType::state_names, s, metadata_);
    saved_ = Clock::now();
  }
  /// Minutes since the state was written; none where nothing is.
  double minutes_since_saved() const {
    return directory_.empty() ? 0 : std::chrono::duration<double>(Clock::now() - saved_).count() / 60;
  }
  /// Writes all after an epoch: of the weights the first ones, those of `named`.
  void save_epoch(const TrainingState<T>& s, bool is_best, const std::vector<Parameter>& named) {
    if (!directory_.empty()) {
      Index count = 0;
      for (const Parameter& p : named) count += p.size();
      if (is_best)
        write_exact_weights(directory_ / "best.safetensors", named,
                            s.best.span().first(static_cast<std::size_t>(count)), metadata_);
      write_text(directory_ / "history.csv", history_csv(s.history));
    }
    save(s);
  }
  /// Saves the state if it is sound and gives up.  Errors: NumericalError always.
  [[noreturn]] void fail(const TrainingState<T>& s, const std::string& what) {
    if (s.is_finite()) save(s);
    throw NumericalError(sentence("training stopped: ", what,
                                  directory_.empty() ? "; nothing was to be saved"
                                                     : "; the last good state is in " + checkpoint_path().string()));
  }

 private:
  using Clock = std::chrono::steady_clock;

  std::filesystem::path directory_;
  std::map<std::string, std::string> metadata_;
  std::vector<Parameter> parameters_;
  Clock::time_point saved_{};
};

}  // namespace videoonenet
