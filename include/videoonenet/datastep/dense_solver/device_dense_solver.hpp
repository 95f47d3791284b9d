// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Data step of explicit matrices on a device: factored there, in double, by the dense algebra of its executor.

#include <array>
#include <cmath>
#include <optional>

#include "videoonenet/core/executor_buffer.hpp"
#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/datastep/normal_solver/host_start.hpp"
#include "videoonenet/datastep/normal_solver/recent_factors.hpp"

namespace videoonenet {

/// Math: as on the host, with K = (AAᵀ + ρI)⁻¹ (d ≤ n) or (AᵀA + ρI)⁻¹ written out: a solve is then products of
/// matrices and vectors, which fill a device where triangular solves would wait for themselves. pinv(A) y is the host's
/// where the Gram matrix is too near to singular for one in double, which the size of the first correction tells.
/// Everything is in double: products in float would leave eps·(ρ + ‖A‖²)/ρ, and a Gram matrix in float half the digits.
/// Errors: ShapeError when matrix() is not d × n; NumericalError when an entry is not finite, or the Gram matrix plus
/// ρI is not positive definite to double precision.
/// Cost: with k = min(d, n), d·n·k flops once and 7/3·k³ for a new ρ, on the device; a solve reads A twice (tall: not
/// at all) and K once; 16·k² bytes, 8·k² for each further ρ within options.memory_budget, 8·d·n while it is made.
template <class A, DeviceExecutor Ex>
class NormalSolver<A, structure::Dense, Ex> {
 public:
  using T = typename A::value_type;

  NormalSolver(const Ex& ex, const A& a, const SolverOptions& options = {})
      : a_(a),
        d_(Shape(a.range()).size()),
        n_(Shape(a.domain()).size()),
        start_(a, options),
        inverses_(options.memory_budget) {
    static_assert(has_algebra,
                  "videoonenet: the data step of an explicit matrix on a device needs its dense algebra: include "
                  "videoonenet/videoonenet.cuh, or videoonenet/testing/emulated_dense_algebra.hpp for an EmulatedGpu. "
                  "Read docs/concepts.md#structure-tags");
    require_size(std::ssize(a.matrix()), d_ * n_, "NormalSolver<Dense>", "the operator's matrix()");
    if constexpr (!mirrored) copy_ = Buffer<T>(a.matrix());
    const auto allocate = [&](Index size) -> Doubles { return ex.template allocate<double>(size); };
    const Doubles wide_matrix = allocate(d_ * n_);
    widen(ex, matrix(ex), wide_matrix.span());
    gram_ = allocate(k() * k());
    if constexpr (has_algebra) gram(ex, d_, n_, constant(wide_matrix), gram_.span());
    if (!std::isfinite(squared_norm(ex, constant(gram_))))
      throw NumericalError("NormalSolver<Dense>: an entry of the operator's matrix() is not finite");
    domain_ = allocate(n_);
    range_ = allocate(d_);
    measured_ = allocate(d_);
    small_ = allocate(k());
    solved_ = allocate(k());
    sum_ = allocate(k());
  }

  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
    detail::require_solve(n_, rho, std::ssize(b), std::ssize(z));
    const std::span<const double> inverse = inverse_for(ex, double(rho));
    report_ = {};
    widen(ex, b, domain_.span());
    if (!wide()) {
      multiply_in_double(ex, inverse, constant(domain_), solved_.span());
      return narrow(ex, constant(solved_), z);
    }
    multiply_in_double(ex, matrix(ex), constant(domain_), small_.span());
    multiply_in_double(ex, inverse, constant(small_), solved_.span());
    multiply_transposed_in_double(ex, matrix(ex), constant(solved_), domain_.span());
    narrow_difference(ex, 1 / double(rho), b, constant(domain_), z);
  }

  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    detail::require_pseudo_inverse(d_, n_, std::ssize(y), std::ssize(z));
    report_ = {};
    if (singular_ || !least_squares(ex, y, z)) {
      singular_ = true;
      report_ = start_.pseudo_inverse(ex, y, z);
    }
  }
  SolveReport report() const { return report_; }

 private:
  using Doubles = ExecutorBuffer<double>;
  struct Inverse {
    Doubles values;
    Index memory_bytes() const { return values.size() * static_cast<Index>(sizeof(double)); }
  };
  /// Without it the sentence above is all that is reported.
  static constexpr bool has_algebra = requires(const Ex& ex, std::span<double> m) { factor_cholesky(ex, Index(1), m); };
  /// Whether the operator brings its matrix to the device itself.
  static constexpr bool mirrored = requires(const A& a, const Ex& ex) { a.matrix_on(ex); };

  static std::span<const double> constant(const Doubles& v) { return v.span(); }
  bool wide() const { return d_ <= n_; }
  Index k() const { return std::min(d_, n_); }
  /// A, row-major, in memory of the executor.
  std::span<const T> matrix(const Ex& ex) const {
    if constexpr (mirrored)
      return a_.matrix_on(ex);
    else
      return copy_.on(ex);
  }

  /// The inverse of the Gram matrix plus ρI.
  std::span<const double> inverse_for(const Ex& ex, double rho) {
    return constant(inverses_.of(rho, [&] { return invert(ex, rho); }).values);
  }
  Inverse invert(const Ex& ex, double rho) const {
    const Doubles factor = ex.template allocate<double>(k() * k());
    Doubles inverse = ex.template allocate<double>(k() * k());
    copy(ex, constant(gram_), factor.span());
    add_to_diagonal(ex, k(), rho, factor.span());
    add_to_diagonal(ex, k(), 1, inverse.span());
    if constexpr (has_algebra) {
      factor_cholesky(ex, k(), factor.span());
      solve_cholesky(ex, k(), constant(factor), k(), inverse.span());
    }
    return {std::move(inverse)};
  }

  /// z = pinv(A) y by corrected seminormal equations (Björck 1987), a solve and two corrections through A itself; false
  /// where they do not settle, because the Gram matrix's condition exceeds 1e11.
  bool least_squares(const Ex& ex, std::span<const T> y, std::span<T> z) {
    std::span<const double> inverse;
    try {
      inverse = inverse_for(ex, 0);
    } catch (const NumericalError&) {
      return false;
    }
    widen(ex, y, measured_.span());
    fill(ex, 0.0, sum_.span());
    std::array<double, 3> squares{};  // of the solution and its corrections
    for (double& square : squares) {
      residual(ex);
      multiply_in_double(ex, inverse, constant(small_), solved_.span());
      axpby(ex, 1.0, constant(solved_), 1.0, sum_.span());
      square = squared_norm(ex, constant(solved_));
    }
    if (!(squares[1] <= 1e-10 * squares[0])) return false;
    if (!wide()) {
      narrow(ex, constant(sum_), z);
      return true;
    }
    multiply_transposed_in_double(ex, matrix(ex), constant(sum_), domain_.span());
    narrow(ex, constant(domain_), z);
    return true;
  }
  /// small_ = y − AAᵀv (wide) or Aᵀ(y − A v) (tall) for v = sum_.
  void residual(const Ex& ex) {
    if (wide()) multiply_transposed_in_double(ex, matrix(ex), constant(sum_), domain_.span());
    multiply_in_double(ex, matrix(ex), constant(wide() ? domain_ : sum_), range_.span());
    if (wide()) return linear_combination(ex, 1.0, constant(measured_), -1.0, constant(range_), small_.span());
    axpby(ex, 1.0, constant(measured_), -1.0, range_.span());
    multiply_transposed_in_double(ex, matrix(ex), constant(range_), small_.span());
  }

  const A& a_;
  Index d_, n_;
  detail::HostStart<A, structure::Dense> start_;
  detail::RecentFactors<Inverse> inverses_;
  Mirrored<T> copy_{};
  Doubles gram_{}, domain_{}, range_{}, measured_{}, small_{}, solved_{}, sum_{};
  bool singular_ = false;
  SolveReport report_{};
};

}  // namespace videoonenet
