// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What every epoch of a training came to, and its table as text.

#include <cstdio>
#include <span>
#include <string>

#include "videoonenet/core/config.hpp"

namespace videoonenet {

/// One epoch.
struct EpochRecord {
  Index epoch = 0;               ///< from 1
  Index step = 0;                ///< updates made until its end
  double training_loss = 0;      ///< mean over its steps
  double validation_loss = 0;    ///< of the fixed validation triplets
  double validation_psnr = 0;    ///< their mean [dB]
  double gradient_norm = 0;      ///< mean over its steps, before clipping
  double videos_per_second = 0;  ///< of training, validation aside

  /// Numbers of a record, in the order of the members.
  static constexpr Index fields = 7;
};

/// The history as CSV, a line an epoch.
inline std::string history_csv(std::span<const EpochRecord> history) {
  std::string csv = "epoch,step,training_loss,validation_loss,validation_psnr,gradient_norm,videos_per_second\n";
  for (const EpochRecord& r : history) {
    char line[256];
    std::snprintf(line, sizeof line, "%td,%td,%.9g,%.9g,%.5f,%.6g,%.2f\n", r.epoch, r.step, r.training_loss,
                  r.validation_loss, r.validation_psnr, r.gradient_norm, r.videos_per_second);
    csv += line;
  }
  return csv;
}

}  // namespace videoonenet
