// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Data step of strided circular blurs on a device: Fourier transforms as sums, with the host's eigenvalues.

#include <cmath>
#include <numbers>

#include "videoonenet/core/executor_buffer.hpp"
#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"

namespace videoonenet {

namespace detail {

/// cos and sin of 2πm/size, as pairs, for 0 ≤ m < size.
inline Buffer<double> fourier_roots(Index size) {
  Buffer<double> roots(2 * size);
  for (Index m = 0; m < size; ++m) {
    const double angle = 2 * std::numbers::pi * double(m) / double(size);
    roots[2 * m] = std::cos(angle);
    roots[2 * m + 1] = std::sin(angle);
  }
  return roots;
}

}  // namespace detail

/// Math and accuracy: as on the host.
/// Cost: one A, one Aᵀ and five launches, h·w·(w + 2h) multiply-adds in double for each plane of the range one way; any
/// ρ after the host's set-up; some 24 bytes for an entry of the range.
template <class A, DeviceExecutor Ex>
class NormalSolver<A, structure::CirculantGram, Ex> {
 public:
  using T = typename A::value_type;

  NormalSolver(const Ex& ex, const A& a, const SolverOptions& options = {})
      : a_(a),
        range_(a.range()),
        row_roots_(detail::fourier_roots(range_.w)),
        column_roots_(detail::fourier_roots(range_.h)),
        image_(ex.template allocate<T>(range_.size())),
        spectrum_(ex.template allocate<double>(2 * range_.t * range_.h * (range_.w / 2 + 1) * range_.f)),
        transformed_(ex.template allocate<double>(spectrum_.size())) {
    const NormalSolver<A, structure::CirculantGram, Cpu> host(Cpu{}, a, options);
    eigenvalues_ = Buffer<double>(host.eigenvalues());
    largest_ = *std::ranges::max_element(eigenvalues_);
  }

  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
    detail::require_solve(Shape(a_.domain()).size(), rho, std::ssize(b), std::ssize(z));
    a_.apply(ex, b, image_.span());
    divide(ex, double(rho), 0);
    a_.apply_adjoint(ex, std::span<const T>(image_.span()), z);
    woodbury_combine(ex, double(rho), b, z);
  }
  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    detail::require_pseudo_inverse(range_.size(), Shape(a_.domain()).size(), std::ssize(y), std::ssize(z));
    copy(ex, y, image_.span());
    divide(ex, 0, 1e-12 * largest_);
    a_.apply_adjoint(ex, std::span<const T>(image_.span()), z);
  }
  SolveReport report() const { return {}; }

 private:
  /// image_ ← (AAᵀ + shift·I)⁻¹ image_, without the eigenvalues that are not above `threshold`.
  void divide(const Ex& ex, double shift, double threshold) {
    const auto spectrum = spectrum_.span(), transformed = transformed_.span();
    fourier_rows(ex, range_, row_roots_.on(ex), std::span<const T>(image_.span()), spectrum);
    fourier_columns(ex, range_, column_roots_.on(ex), -1, spectrum, transformed);
    divide_spectrum(ex, range_, eigenvalues_.on(ex), shift, threshold, transformed);
    fourier_columns(ex, range_, column_roots_.on(ex), 1, transformed, spectrum);
    fourier_rows_inverse(ex, range_, row_roots_.on(ex), spectrum, image_.span());
  }

  const A& a_;
  Shape range_;
  Mirrored<double> row_roots_, column_roots_, eigenvalues_{};
  ExecutorBuffer<T> image_;
  ExecutorBuffer<double> spectrum_, transformed_;
  double largest_ = 0;
};

}  // namespace videoonenet
