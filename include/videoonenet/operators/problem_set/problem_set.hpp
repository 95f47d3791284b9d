// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Sets of problems to draw from, and the columns of the paper's Table 1.

#include <string>
#include <utility>
#include <vector>

#include "videoonenet/operators/problem/problem.hpp"

namespace videoonenet {

/// Problems of which every sample draws one, each as likely as the others.
///
/// Give every sample a stream of its own, `Random random(seed, sample);`: then it gets the same problem whatever was
/// drawn before it, and in whichever order or on whichever thread.
/// Source: SPEC §2, last paragraph.
class ProblemSet {
 public:
  /// Errors: InputError for an empty set or a spec with parameters that do not belong to it.
  explicit ProblemSet(std::vector<ProblemSpec> problems) : problems_(std::move(problems)) {
    if (problems_.empty()) throw InputError("ProblemSet: there are no problems, expected at least one");
    for (const ProblemSpec& spec : problems_) require_valid(spec);
  }

  /// Number of problems.
  Index size() const { return std::ssize(problems_); }
  /// The i-th problem.
  const ProblemSpec& operator[](Index i) const { return problems_[static_cast<std::size_t>(i)]; }

  /// Draws which problem, then its operator.
  /// Errors: those of draw_problem.
  template <class T>
  Problem<T> draw(const Cpu& ex, const Shape& video, Random& random) const {
    return draw_problem<T>(ex, (*this)[random.integer(size())], video, random);
  }

 private:
  std::vector<ProblemSpec> problems_;
};

/// The data sets of Table 1 (VON).
enum class Table1 { rotated_mnist, scanned_cifar10, ucf101 };

/// One column of Table 1.
struct Table1Column {
  std::string name;  ///< as in SPEC §6; numbers are reduction factors, e.g. "FP9/7" keeps 7 of 9 frames
  ProblemSpec problem;
};

/// The shape of a video of the data set.  Source: SPEC §4.
inline Shape table1_shape(Table1 dataset) {
  switch (dataset) {
    case Table1::rotated_mnist:
      return {.t = 9, .h = 14, .w = 14, .f = 1};
    case Table1::scanned_cifar10:
      return {.t = 4, .h = 16, .w = 16, .f = 3};
    default:
      return {.t = 4, .h = 32, .w = 32, .f = 3};
  }
}

/// The fifteen columns of Table 1 in their order: the problem set the papers train and test on.
/// Source: SPEC §3 (column names), §6.
inline std::vector<Table1Column> table1_problems(Table1 dataset) {
  using enum ProblemKey;
  const bool mnist = dataset == Table1::rotated_mnist;
  std::vector<Table1Column> columns{{"PID", {.key = pixel_inpaint}},
                                    {"BI", {.key = center_inpaint}},
                                    {"SI", {.key = scattered_inpaint}},
                                    {"SR2", {.key = super_resolution, .ratio = 0.5}},
                                    {mnist ? "SR14/3" : "SR4", {.key = super_resolution, .ratio = 0.25}},
                                    {"CS", {.key = compressive_sensing}},
                                    {"VCS", {.key = video_compressive_sensing}},
                                    {"DD", {.key = disk_blur}},
                                    {"TDD", {.key = temporal_disk_blur}},
                                    {"MD", {.key = motion_blur}}};
  const auto add = [&](const char* name, ProblemKey key, std::optional<double> ratio) {
    columns.push_back({name, {.key = key, .ratio = ratio}});
  };
  if (mnist) {
    add("FI2.25", frame_interpolation, 0.5);
    add("FI4.5", frame_interpolation, 0.25);
    add("FP9/7", frame_prediction, 0.25);
    add("FP1.8", frame_prediction, 0.5);
    add("FP3", frame_prediction, 0.75);
  } else {
    add("FI2", frame_interpolation, 0.5);
    add("FP4/3", frame_prediction, 0.25);
    add("FP2", frame_prediction, 0.5);
    add("FP4", frame_prediction, 0.75);
    add("C", colorization, std::nullopt);
  }
  return columns;
}

/// The columns of Table 1 as a set to draw from.
inline ProblemSet table1_problem_set(Table1 dataset) {
  std::vector<ProblemSpec> problems;
  for (Table1Column& column : table1_problems(dataset)) problems.push_back(std::move(column.problem));
  return ProblemSet(std::move(problems));
}

}  // namespace videoonenet
