// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// How far a training is: a bar that moves while somebody watches, and a line an epoch.

#include <cmath>
#include <cstdio>
#include <mutex>
#include <string>

#include "support/program.hpp"
#include "videoonenet/train/trainer/trainer.hpp"

namespace program {

/// Shows epoch, loss, rate and time left on standard error; the epochs' results on standard output.
class TrainingProgress {
 public:
  TrainingProgress(const videoonenet::TrainerOptions& options, videoonenet::Index steps_per_epoch, bool quiet)
      : options_(options), steps_(steps_per_epoch), quiet_(quiet), shown_(!quiet && isatty(STDERR_FILENO)) {}
  TrainingProgress(const TrainingProgress&) = delete;
  TrainingProgress& operator=(const TrainingProgress&) = delete;
  ~TrainingProgress() { clear(); }

  void step(const videoonenet::StepReport& r) {
    ++steps_made_;
    training_seconds_ = watch_.seconds() - validation_seconds_;
    validated_ = 0;
    smooth_loss_ = steps_made_ == 1 ? r.loss : smooth_loss_ + 0.05 * (r.loss - smooth_loss_);
    if (!shown_ || !due()) return;
    const auto in_epoch = r.step - (r.epoch - 1) * steps_;
    const double seconds_a_step = training_seconds_ / double(steps_made_);
    const double seconds_a_validation = validations_ == 0 ? 0 : validation_seconds_ / double(validations_);
    const double steps_left = double(options_.epochs * steps_ - r.step);
    const double seconds_left =
        steps_left * seconds_a_step + double(options_.epochs - r.epoch + 1) * seconds_a_validation;
    char text[160];
    std::snprintf(text, sizeof text, "%td/%td steps, loss %.3g, gradient %.2g, %.1f videos/s, %s left", in_epoch,
                  steps_, smooth_loss_, r.gradient_norm, double(options_.batch.size) / seconds_a_step,
                  time_left(seconds_left).c_str());
    draw(r.epoch, double(in_epoch) / double(steps_), text);
  }

  /// May be called by several threads.
  void validation_video() {
    const std::lock_guard lock(mutex_);
    if (validated_++ == 0) validation_began_ = watch_.seconds();
    if (!shown_ || !due()) return;
    char text[80];
    std::snprintf(text, sizeof text, "validation %td/%td", validated_, options_.validation_videos);
    draw(epoch_, double(validated_) / double(options_.validation_videos), text);
  }

  void epoch(const videoonenet::EpochRecord& r, bool is_best) {
    validation_seconds_ += watch_.seconds() - validation_began_;
    ++validations_;
    clear();
    if (quiet_) return;
    std::printf("epoch %td, step %td: training loss %.5g, validation loss %.5g, PSNR %.2f dB, %.1f videos/s%s\n",
                r.epoch, r.step, r.training_loss, r.validation_loss, r.validation_psnr, r.videos_per_second,
                is_best ? ", best so far" : "");
    std::fflush(stdout);
  }

 private:
  bool due() {
    const double now = watch_.seconds();
    if (drawn_ && now - drawn_at_ < 0.2) return false;
    drawn_at_ = now;
    return true;
  }
  std::string time_left(double seconds) const {
    seconds = std::min(seconds, 60 * options_.max_minutes - watch_.seconds());
    char text[32];
    if (seconds < 100)
      std::snprintf(text, sizeof text, "%.0f s", std::max(0.0, seconds));
    else if (seconds < 6000)
      std::snprintf(text, sizeof text, "%.0f min", seconds / 60);
    else
      std::snprintf(text, sizeof text, "%.1f h", seconds / 3600);
    return text;
  }
  void draw(videoonenet::Index epoch, double part, const char* text) {
    constexpr int width = 24;
    epoch_ = epoch;
    drawn_ = true;
    const auto filled = static_cast<std::size_t>(width * std::clamp(part, 0.0, 1.0));
    std::fprintf(stderr, "\r\033[Kepoch %td/%td [%s%s] %s", epoch, options_.epochs, std::string(filled, '#').c_str(),
                 std::string(width - filled, '.').c_str(), text);
    std::fflush(stderr);
  }
  void clear() {
    if (drawn_) std::fprintf(stderr, "\r\033[K");
    drawn_ = false;
  }

  const videoonenet::TrainerOptions& options_;
  videoonenet::Index steps_, steps_made_ = 0, validated_ = 0, validations_ = 0, epoch_ = 1;
  bool quiet_, shown_, drawn_ = false;
  double drawn_at_ = 0, smooth_loss_ = 0, training_seconds_ = 0, validation_seconds_ = 0, validation_began_ = 0;
  Stopwatch watch_;
  std::mutex mutex_;
};

}  // namespace program
