// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stops a training when the validation loss has not fallen for some epochs.

#include <limits>

#include "videoonenet/core/config.hpp"

namespace videoonenet {

/// The lowest validation loss so far, and how long ago it was.  Source: VON §5 waits 5 epochs.
struct EarlyStopping {
  double best_loss = std::numeric_limits<double>::infinity();
  Index epochs_since_best = 0;

  /// Takes the validation loss of one more epoch and returns whether it is the lowest; an equal one is not.
  bool improves(double loss) {
    const bool better = loss < best_loss;
    if (better) best_loss = loss;
    epochs_since_best = better ? 0 : epochs_since_best + 1;
    return better;
  }
  /// Whether `patience` epochs have passed without a lower loss; a patience of 0 never stops.
  bool exhausted(Index patience) const { return patience > 0 && epochs_since_best >= patience; }
};

}  // namespace videoonenet
