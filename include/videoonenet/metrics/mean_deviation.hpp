// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Mean and population standard deviation of a score over many videos.

#include <cmath>

#include "videoonenet/core/config.hpp"

namespace videoonenet {

/// Accumulates "mean ± standard deviation", an entry of the papers' tables, one number at a time.
///
/// Math: Welford's recurrence; the deviation is the population one, √(Σ (xᵢ − m)² / n).
/// Source: SPEC §1; Welford, Technometrics 4 (1962).
class MeanDeviation {
 public:
  void add(double value) {
    const double from_old_mean = value - mean_;
    mean_ += from_old_mean / double(++count_);
    squares_ += from_old_mean * (value - mean_);
  }
  /// Numbers added so far.
  Index count() const { return count_; }
  /// Their mean; zero when there are none.
  double mean() const { return mean_; }
  /// Their population standard deviation; zero when there are none.
  double deviation() const { return count_ == 0 ? 0 : std::sqrt(squares_ / double(count_)); }

 private:
  Index count_ = 0;
  double mean_ = 0, squares_ = 0;
};

}  // namespace videoonenet
