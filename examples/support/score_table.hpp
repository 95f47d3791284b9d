// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The table of scores that evaluate writes, as CSV and as Markdown.

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "videoonenet/io/bytes.hpp"
#include "videoonenet/metrics/mean_deviation.hpp"
#include "videoonenet/operators/problem_spec/problem_spec.hpp"

namespace program {

using namespace videoonenet;

/// One method on one problem.
struct Score {
  std::string dataset, method, column;
  ProblemSpec problem;
  MeanDeviation psnr{}, ssim{};
  double seconds = 0;  ///< of computation, summed over the videos
};

/// Scores in the order they were added.
class ScoreTable {
 public:
  void add(const Score& score) { scores_.push_back(score); }
  bool empty() const { return scores_.empty(); }

  /// Writes all scores, atomically.
  void write_csv(const std::filesystem::path& path) const {
    std::string text = "dataset,method,problem,ratio,psnr_mean,psnr_std,ssim_mean,videos,seconds\n";
    for (const Score& s : scores_) {
      const auto ratio = effective_ratio(s.problem);
      const auto name = to_string(ProblemSpec{.key = s.problem.key, .noise_sigma = s.problem.noise_sigma});
      char numbers[160];
      std::snprintf(numbers, sizeof numbers, ",%.4f,%.4f,%.5f,%td,%.6f\n", s.psnr.mean(), s.psnr.deviation(),
                    s.ssim.mean(), s.psnr.count(), s.seconds);
      text += sentence(s.dataset, ",", s.method, ",", name, ",", ratio ? sentence(*ratio) : "", numbers);
    }
    write_text(path, text);
  }

  /// A row a method, a column a problem, mean PSNR in dB; "–" where a method does not apply.
  std::string markdown() const {
    std::vector<std::string> methods, columns;
    std::map<std::pair<std::string, std::string>, double> cells;
    const auto note = [](std::vector<std::string>& list, const std::string& name) {
      if (std::ranges::find(list, name) == list.end()) list.push_back(name);
    };
    for (const Score& s : scores_) {
      note(methods, s.method);
      note(columns, s.column);
      cells[{s.method, s.column}] = s.psnr.mean();
    }
    std::string text = "| PSNR [dB] |", rule = "|---|";
    for (const auto& c : columns) text += " " + c + " |", rule += "---|";
    text += "\n" + rule + "\n";
    for (const auto& m : methods) {
      text += "| " + m + " |";
      for (const auto& c : columns) {
        const auto cell = cells.find({m, c});
        char number[32];
        std::snprintf(number, sizeof number, " %.1f |", cell == cells.end() ? 0 : cell->second);
        text += cell == cells.end() ? " – |" : number;
      }
      text += "\n";
    }
    return text;
  }

 private:
  std::vector<Score> scores_;
};

}  // namespace program
