// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What programs that train do alike: their folder, their progress, their end.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <limits>

#include "support/pictures.hpp"
#include "support/program.hpp"
#include "support/training_options.hpp"
#include "support/training_progress.hpp"
#include "videoonenet/train/trainer/trainer.hpp"

namespace program {

/// What the folder of a training holds, for --help.
inline constexpr const char* training_folder_help =
    "folder for best.safetensors (the weights of the lowest validation loss), last.safetensors (all that --resume "
    "needs, and the last weights), history.csv and history.png";
/// How a training is interrupted, for --help.
inline constexpr const char* resume_help =
    "Ctrl-C saves and ends; the same command with --resume goes on to the same bits as an uninterrupted run.\n"
    "Exit codes: 0 done, 1 failed while running, 2 bad usage or bad input.\n";

/// Errors: InputError when the folder or one of its files could not be written later on.
inline void prepare_training_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!std::filesystem::is_directory(folder))
    throw InputError(sentence(folder.string(), ": the folder cannot be made (", error.message(), ")"));
  for (const char* name : {"best.safetensors", "last.safetensors", "history.csv", "history.png"})
    require_writable(folder / name);
}

/// What draws history.png; null, with a note, where there is no OpenCV, and where nothing is to be drawn.
inline const Pictures* history_pictures(const RunOptions& run, const char* program) {
  if (run.no_pictures) return nullptr;
  try {
    return &pictures();
  } catch (const InputError& e) {
    std::fprintf(stderr, "%s: note: there will be no history.png: %s\n", program, e.what());
    return nullptr;
  }
}

/// Completes options of which the command line says less: no minutes are no limit, and no steps as many as draw every
/// one of the videos once on average.
inline void complete_trainer(TrainerOptions& o, Index videos, const std::string& schedule,
                             const std::filesystem::path& directory) {
  if (o.max_minutes == 0) o.max_minutes = std::numeric_limits<double>::infinity();
  if (o.steps_per_epoch == 0) o.steps_per_epoch = std::max<Index>(1, videos / o.batch.size);
  o.schedule = parse_schedule(schedule, o.epochs * o.steps_per_epoch);
  o.directory = directory;
}

/// The state to begin with: the saved one where the training is to be resumed and there is one, or else start().
/// Errors: InputError when it was trained otherwise.
template <class AnyTrainer, class Start>
TrainingState<float> first_state(const AnyTrainer& trainer, const Metadata& metadata, bool resume,
                                 const RunOptions& run, Start&& start) {
  if (!resume || !std::filesystem::exists(trainer.checkpoint_path())) return start();
  SavedTraining<float> saved = trainer.resume();
  require_same_training(saved.metadata, metadata, trainer.checkpoint_path().string());
  if (!run.quiet) std::printf("resumed after step %td\n", saved.state.step);
  return std::move(saved.state);
}

/// Says why a training ended and what it came to.
inline void print_end(TrainingEnd end, const TrainingState<float>& state) {
  const char* reason = end == TrainingEnd::all_epochs       ? "all epochs are done"
                       : end == TrainingEnd::no_improvement ? "the validation loss has not fallen any more"
                       : end == TrainingEnd::out_of_time    ? "the time is up, --resume goes on"
                                                            : "interrupted, --resume goes on";
  std::printf("%s after step %td", reason, state.step);
  if (!state.best.span().empty()) std::printf("; the lowest validation loss is %.5g", state.stopping.best_loss);
  std::printf("; %.0f MiB of memory at most\n", peak_rss_mib());
  std::fflush(stdout);
}

/// Goes on from `state` until the training ends or is interrupted, shows how far it is, and draws its curves.
template <class AnyTrainer>
void run_training(AnyTrainer& trainer, TrainingState<float>& state, const TrainerOptions& options,
                  const RunOptions& run, const char* program) {
  const Pictures* drawing = history_pictures(run, program);
  const Uninterrupted until_saved;
  TrainingProgress progress(options, options.steps_per_epoch, run.quiet);
  const TrainingEnd end =
      trainer.run(state, {.on_step = [&](const StepReport& r) { progress.step(r); },
                          .on_validation_video = [&] { progress.validation_video(); },
                          .on_epoch =
                              [&](const EpochRecord& r, bool is_best) {
                                progress.epoch(r, is_best);
                                if (drawing) drawing->write_history(options.directory / "history.png", state.history);
                              },
                          .stop = [] { return Uninterrupted::is_pending(); }});
  if (!run.quiet) print_end(end, state);
}

}  // namespace program
