// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Times of several bodies that run in turn, so that whatever slows the machine down slows all of them.

#include <algorithm>
#include <functional>
#include <vector>

#include "machine_peak.hpp"

namespace videoonenet::benchmarks {

/// Of an even number the mean of the middle two.
inline double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// Seconds a call of every body, one row a body and one column a round.
class PairedTimes {
 public:
  /// Runs A B C A B C …, `rounds` times; each turn calls its body as often as fits into `turn` seconds, at least once.
  PairedTimes(const std::vector<std::function<void()>>& bodies, int rounds, double turn) : seconds_(bodies.size()) {
    std::vector<int> calls;
    for (const auto& body : bodies) {
      body();  // first touches of memory are nobody's time
      const double begin = seconds();
      body();
      calls.push_back(std::max(1, int(turn / std::max(seconds() - begin, 1e-9))));
    }
    for (int round = 0; round < rounds; ++round)
      for (std::size_t i = 0; i < bodies.size(); ++i) {
        const double begin = seconds();
        for (int call = 0; call < calls[i]; ++call) bodies[i]();
        seconds_[i].push_back((seconds() - begin) / calls[i]);
      }
  }

  /// Median time of a body.
  double time(std::size_t i) const { return median(seconds_[i]); }

  /// Median over the rounds of time i over time j: how many times as fast j is.
  double ratio(std::size_t i, std::size_t j) const {
    std::vector<double> ratios;
    for (std::size_t round = 0; round < seconds_[i].size(); ++round)
      ratios.push_back(seconds_[i][round] / seconds_[j][round]);
    return median(ratios);
  }

 private:
  std::vector<std::vector<double>> seconds_;
};

}  // namespace videoonenet::benchmarks
