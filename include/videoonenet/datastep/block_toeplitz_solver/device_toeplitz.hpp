// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Data step of full convolutions on a device: by a factor while frames are small, conjugate gradients beyond.

#include <variant>

#include "videoonenet/datastep/iterative_solver/iterative_solver.hpp"
#include "videoonenet/datastep/problem_batch/factored_solver.hpp"

namespace videoonenet {

/// Math: (KᵀK + ρI)⁻¹ = L⁻ᵀL⁻¹ for every frame and channel, L⁻¹ made on the host; beyond `most_factored_pixels` or
/// options.memory_budget, conjugate gradients through A and Aᵀ on the device. pinv(A) y is the host's.
/// Accuracy: the factor's, in double, about 1e-16·(1 + ‖k‖₁²/ρ); conjugate gradients run in T, for all frames at once,
/// to options.tolerance.
/// Cost: factor 1.5·(HW)³ multiply-adds on one thread of the host and 8·(HW)² bytes, once for each ρ; solve 2·(HW)²
/// for each frame and channel.
template <class A, DeviceExecutor Ex>
class NormalSolver<A, structure::BlockToeplitz, Ex> {
 public:
  using T = typename A::value_type;

  /// Pixels of a frame that the host factors: 32×32 take it 0.2 s, 45×45 take 1.5 s (AVX-512, one core).
  static constexpr Index most_factored_pixels = 1024;

  NormalSolver(const Ex& ex, const A& a, const SolverOptions& options = {})
      : a_(a), engine_(make_engine(ex, a, options)), start_(a, options) {}

  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
    std::visit([&](auto& engine) { engine.solve(ex, rho, b, z), report_ = engine.report(); }, engine_);
  }
  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    detail::require_pseudo_inverse(Shape(a_.range()).size(), Shape(a_.domain()).size(), std::ssize(y), std::ssize(z));
    report_ = start_.pseudo_inverse(ex, y, z);
  }
  SolveReport report() const { return report_; }

  /// Whether solves use a factor.
  bool direct() const { return std::holds_alternative<Factored>(engine_); }

 private:
  using Factored = FactoredSolver<A, structure::BlockToeplitz, Ex>;
  using Iterative = NormalSolver<A, structure::Unknown, Ex>;
  using Engine = std::variant<Factored, Iterative>;

  static Engine make_engine(const Ex& ex, const A& a, const SolverOptions& options) {
    const Shape video = a.domain();
    const Index pixels = video.h * video.w;
    if (pixels <= most_factored_pixels && pixels * pixels * static_cast<Index>(sizeof(double)) <= options.memory_budget)
      return Engine(std::in_place_type<Factored>, ex, a, options);
    return Engine(std::in_place_type<Iterative>, ex, a, options);
  }

  const A& a_;
  Engine engine_;
  detail::HostStart<A, structure::BlockToeplitz> start_;
  SolveReport report_{};
};

}  // namespace videoonenet
