// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A problem of every kind on videos of one shape, and their factors as a ProblemBatch takes them.

#include <vector>

#include "videoonenet/datastep/problem_batch/problem_factor.hpp"
#include "videoonenet/operators/problem_set/problem_set.hpp"

namespace videoonenet::support {

/// The columns of Table 1 that fit the videos, and colorization.
template <class T>
class MixedProblems {
 public:
  MixedProblems(const Shape& video, T rho) {
    const ProblemSpec specs[] = {
        {.key = ProblemKey::pixel_inpaint},       {.key = ProblemKey::super_resolution, .ratio = 0.5},
        {.key = ProblemKey::compressive_sensing}, {.key = ProblemKey::video_compressive_sensing},
        {.key = ProblemKey::disk_blur},           {.key = ProblemKey::temporal_disk_blur},
        {.key = ProblemKey::motion_blur},         {.key = ProblemKey::frame_interpolation, .ratio = 0.5},
        {.key = ProblemKey::colorization}};
    Random random(21);
    problems_.reserve(std::size(specs));
    for (const ProblemSpec& spec : specs) {
      problems_.push_back(draw_problem<T>(Cpu{}, spec, video, random));
      factors_.push_back(factor_problem(problems_.back().a, rho));
      bounds_ = bounds_of(bounds_, factors_.back());
    }
    values_.resize(static_cast<std::size_t>(count() * bounds_.values));
    for (Index n = 0; n < count(); ++n) {
      const ProblemFactor<T>& f = factors_[static_cast<std::size_t>(n)];
      layouts_.push_back(f.layout);
      std::ranges::copy(f.values, values_.begin() + n * bounds_.values);
    }
  }

  Index count() const { return std::ssize(problems_); }
  const Problem<T>& problem(Index n) const { return problems_[static_cast<std::size_t>(n)]; }
  const FactorBounds& bounds() const { return bounds_; }
  const std::vector<FactorLayout>& layouts() const { return layouts_; }
  const std::vector<T>& values() const { return values_; }

 private:
  std::vector<Problem<T>> problems_;
  std::vector<ProblemFactor<T>> factors_;
  std::vector<FactorLayout> layouts_;
  std::vector<T> values_;
  FactorBounds bounds_;
};

}  // namespace videoonenet::support
