// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The pseudoinverse of a device's solver by the host's solver of the same operator: it is asked for once a problem.

#include <optional>

#include "videoonenet/core/on_host.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"

namespace videoonenet::detail {

/// pinv(A) y on the host, whose solver is made at the first call; the operator must outlive it.
template <class A, class Structure>
class HostStart {
 public:
  using T = typename A::value_type;

  HostStart(const A& a, const SolverOptions& options) : a_(&a), options_(options) {}

  template <DeviceExecutor Ex>
  SolveReport pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    if (!solver_) solver_.emplace(Cpu{}, *a_, options_);
    on_host(ex, y, z,
            [&](std::span<const T> host_y, std::span<T> host_z) { solver_->pseudo_inverse(Cpu{}, host_y, host_z); });
    return solver_->report();
  }

 private:
  const A* a_;
  SolverOptions options_;
  std::optional<NormalSolver<A, Structure, Cpu>> solver_{};
};

}  // namespace videoonenet::detail
