// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The data step of a device by a factor that the host makes for every ρ.

#include "videoonenet/core/executor_buffer.hpp"
#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/datastep/normal_solver/host_start.hpp"
#include "videoonenet/datastep/normal_solver/recent_factors.hpp"
#include "videoonenet/datastep/problem_batch/problem_factor.hpp"

namespace videoonenet {

/// Solves on a device what `factor_problem` factors on the host.
///
/// Math: see FactorLayout; factors and sums are in double, as on the host, because the gains of CompressedDifferences
/// cancel against their complement when ρ is small. pinv(A) y is the host's.
/// Errors: those of factor_problem.
/// Cost: factor_problem's and a copy to the device for a new ρ, kept for as many ρ as the memory budget holds; a solve
/// is two launches, 4·rank·steps·channels·size flops; memory for n doubles.
template <class A, class Structure, DeviceExecutor Ex>
class FactoredSolver {
 public:
  using T = typename A::value_type;

  FactoredSolver(const Ex& ex, const A& a, const SolverOptions& options = {})
      : a_(a),
        video_(a.domain()),
        start_(a, options),
        factors_(options.memory_budget),
        coefficients_(ex.template allocate<double>(video_.size())) {}

  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
    detail::require_solve(video_.size(), rho, std::ssize(b), std::ssize(z));
    const Factor& factor = factors_.of(double(rho), [&] { return Factor(factor_problem<double>(a_, rho), video_.n); });
    // All videos share one factor: the next one's lies zero numbers further.
    solve_factored(ex, video_, factor.layouts.on(ex), FactorBounds{.values = 0, .rank = factor.layouts[0].rank},
                   factor.values.on(ex), b, coefficients_.span(), z);
    report_ = {};
  }
  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    detail::require_pseudo_inverse(Shape(a_.range()).size(), video_.size(), std::ssize(y), std::ssize(z));
    report_ = start_.pseudo_inverse(ex, y, z);
  }
  SolveReport report() const { return report_; }

 private:
  struct Factor {
    Mirrored<FactorLayout> layouts;  // one a video
    Mirrored<double> values;
    Factor(ProblemFactor<double> factor, Index videos)
        : layouts(repeated(factor.layout, videos)), values(std::move(factor.values)) {}
    Index memory_bytes() const { return values.size() * static_cast<Index>(sizeof(double)); }

    static Buffer<FactorLayout> repeated(const FactorLayout& layout, Index count) {
      Buffer<FactorLayout> layouts(count);
      std::ranges::fill(layouts, layout);
      return layouts;
    }
  };

  const A& a_;
  Shape video_;
  detail::HostStart<A, Structure> start_;
  detail::RecentFactors<Factor> factors_;
  ExecutorBuffer<double> coefficients_;
  SolveReport report_{};
};

}  // namespace videoonenet
