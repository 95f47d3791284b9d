// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The block-Toeplitz data step by conjugate gradients, for frames whose banded factor would not fit.

#include "videoonenet/datastep/block_toeplitz_solver/iterative_toeplitz_cpu.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"

namespace videoonenet::detail {

/// Conjugate gradients per plane (frame, channel), in double, each plane to its own convergence.
///
/// A plane's result depends on nothing but that plane; a zero right-hand side gives exactly zero.
template <class T>
class IterativeToeplitz {
 public:
  template <Executor Ex>
  IterativeToeplitz(const Ex& ex, const ToeplitzModel& model, const SolverOptions& options)
      : options_(options), plane_{.rows = model.frame.rows, .columns = model.frame.columns} {
    for (const FilterTap& tap : model.autocorrelation) {
      plane_.reach_rows = std::max(plane_.reach_rows, tap.row);
      plane_.reach_columns = std::max(plane_.reach_columns, std::abs(tap.column));
    }
    for (const FilterTap& tap : model.autocorrelation) offsets_.push_back(tap.row * plane_.stride() + tap.column);
    reports_.resize(static_cast<std::size_t>(model.planes()));
    require_workers(ex);
  }

  template <Executor Ex>
  SolveReport solve(const Ex& ex, const ToeplitzModel& model, double rho, std::span<const T> b, std::span<T> z) {
    return for_planes(ex, model, rho, options_.warm_start, z,
                      [&](Index plane, std::span<double> r) { load_plane(ex, model.domain, plane, b, plane_, r); });
  }

  template <Executor Ex>
  SolveReport pseudo_inverse(const Ex& ex, const ToeplitzModel& model, std::span<const T> y, std::span<T> z) {
    return for_planes(ex, model, 0, false, z, [&](Index plane, std::span<double> r) {
      load_adjoint_plane(ex, model.range, plane, y, model.kernel, plane_, r);
    });
  }

  Index memory_bytes() const { return std::ssize(workers_) * 4 * plane_.size() * static_cast<Index>(sizeof(double)); }

 private:
  /// The vectors of one thread's conjugate gradients.
  struct Worker {
    Buffer<double> x, r, p, q;
  };

  template <Executor Ex>
  void require_workers(const Ex& ex) {
    const auto count = std::clamp<Index>(ex.threads, 1, std::ssize(reports_));
    const auto plane = [&] { return ex.template allocate<double>(plane_.size()); };
    while (std::ssize(workers_) < count) workers_.push_back({plane(), plane(), plane(), plane()});
  }

  /// Every plane, as many at a time as there are workers; `load(plane, r)` writes its right-hand side.
  template <Executor Ex, class Load>
  SolveReport for_planes(const Ex& ex, const ToeplitzModel& model, double rho, bool warm, std::span<T> z, Load&& load) {
    require_workers(ex);
    const Index planes = model.planes(), count = std::ssize(workers_);
    parallel_for(ex, count, [&](Index k) {
      Worker& w = workers_[static_cast<std::size_t>(k)];
      for (Index plane = k; plane < planes; plane += count) {
        if (warm)
          load_plane(ex, model.domain, plane, std::span<const T>(z), plane_, w.x.span());
        else
          std::ranges::fill(w.x, 0.0);
        reports_[static_cast<std::size_t>(plane)] =
            conjugate_gradients(model, rho, warm, w, [&](std::span<double> r) { load(plane, r); });
        store_plane(ex, model.domain, plane, w.x.span(), plane_, z);
      }
    });
    SolveReport worst{.iterations = 0, .relative_residual = 0};
    for (const SolveReport& r : reports_) {
      worst.iterations = std::max(worst.iterations, r.iterations);
      worst.relative_residual = std::max(worst.relative_residual, r.relative_residual);
      worst.converged = worst.converged && r.converged;
    }
    return worst;
  }

  /// Hestenes and Stiefel's iteration for (KᵀK + ρI) x = b from the x at hand, then the true residual.
  template <class Load>
  SolveReport conjugate_gradients(const ToeplitzModel& model, double rho, bool warm, Worker& w, Load&& load) const {
    const Cpu serial{};
    const auto apply = [&](const Buffer<double>& in, Buffer<double>& out) {
      toeplitz_apply(serial, plane_, model.autocorrelation, offsets_, rho, in.span(), out.span());
    };
    const auto norm2 = [&](const Buffer<double>& v) { return squared_norm(serial, v.span()); };
    SolveReport report{.iterations = 0, .relative_residual = 0};
    load(w.r.span());
    const double b2 = norm2(w.r);
    if (b2 == 0) {
      std::ranges::fill(w.x, 0.0);
      return report;
    }
    const double goal = options_.tolerance * options_.tolerance * b2;
    if (warm) {
      apply(w.x, w.q);
      axpby(serial, -1.0, w.q.span(), 1.0, w.r.span());
    }
    std::ranges::copy(w.r, w.p.begin());
    double r2 = norm2(w.r);
    while (r2 > goal && report.iterations < options_.max_iterations) {
      apply(w.p, w.q);
      const double step = r2 / dot(serial, std::span<const double>(w.p.span()), w.q.span());
      axpby(serial, step, w.p.span(), 1.0, w.x.span());
      axpby(serial, -step, w.q.span(), 1.0, w.r.span());
      const double previous = std::exchange(r2, norm2(w.r));
      axpby(serial, 1.0, w.r.span(), r2 / previous, w.p.span());
      ++report.iterations;
    }
    load(w.r.span());
    apply(w.x, w.q);
    report.relative_residual =
        std::sqrt(squared_distance(serial, std::span<const double>(w.r.span()), w.q.span()) / b2);
    report.converged = r2 <= goal;
    return report;
  }

  SolverOptions options_;
  cpu::PaddedPlane plane_;
  std::vector<Index> offsets_;
  std::vector<Worker> workers_;
  std::vector<SolveReport> reports_;
};

}  // namespace videoonenet::detail
