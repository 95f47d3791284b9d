// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Data step of video compressive sensing: the first frame, and one matrix Φ on every frame difference and channel.

#include "videoonenet/datastep/compressed_differences_solver/compressed_differences_solver_cpu.hpp"
#include "videoonenet/datastep/compressed_differences_solver/sensing_basis.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"
#include "videoonenet/datastep/problem_batch/factored_solver.hpp"

namespace videoonenet {

/// Math: AᵀA = E₀₀ ⊗ I + DᵀD ⊗ ΦᵀΦ with the frame differences D. With ΦᵀΦ = Vᵀ diag(s) V, V orthonormal of r rows and
/// g_t = 1/(ρ + [t = 0]): z_t = g_t b_t + Vᵀ(w_t − g_t V b_t), where w solves the tridiagonal T × T system
/// E₀₀ + s_k DᵀD + ρI for every eigenvector k and channel. pinv(A) y: z_0 = y_0, and for t > 0
/// z_t = Vᵀ(V y_0 + Σ_{τ<t} V pinv(Φ) y_τ), nothing on the complement of V. Factors and sums are in double.
/// Rank-deficient Φ and m > HW are fine; singular values of Φ below 1e-6 (double: 3e-7) of the largest count as zero.
/// Cost: two products with V, 4·r·THWF flops in double, any ρ (a new one costs 4·r·T); 16·r·HW + 8·r·m bytes.
/// Source: SPEC §3.1.
template <class A, Executor Ex>
class NormalSolver<A, structure::CompressedDifferences, Ex> {
 public:
  using T = typename A::value_type;

  NormalSolver(const Ex& ex, const A& a, const SolverOptions& = {})
      : shape_(a.domain()), measurements_(a.measurements()), range_size_(Shape(a.range()).size()) {
    require_size(shape_.n, 1, "NormalSolver<CompressedDifferences>", "the batch");
    require_size(std::ssize(a.sensing_matrix()), measurements_ * pixels(), "NormalSolver<CompressedDifferences>",
                 "the operator's sensing_matrix()");
    using RowMajor = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const Eigen::Map<const RowMajor> phi(a.sensing_matrix().data(), measurements_, pixels());
    const SensingBasis<double> basis =
        sensing_basis<double>(phi.template cast<double>(), 8 * double(std::numeric_limits<T>::epsilon()));
    rank_ = basis.eigenvalues.size();
    const Index width = cpu::padded(rank_), columns = shape_.t * shape_.f;
    const auto allocate = [&](Index size) { return ex.template allocate<double>(size); };
    eigenvalues_ = allocate(width);
    std::copy_n(basis.eigenvalues.data(), rank_, eigenvalues_.data());
    project_ = pack(ex, basis.vectors.transpose());
    lift_ = pack(ex, basis.vectors);
    inverse_ = pack(ex, basis.inverse.transpose());
    multipliers_ = allocate(shape_.t * width);
    reciprocals_ = allocate(shape_.t * width);
    columns_ = allocate(std::max(pixels() * columns, measurements_ * (shape_.t - 1) * shape_.f));
    coefficients_ = allocate(columns * width);
    solutions_ = allocate(columns * width);
    corrections_ = allocate(rank_ * columns);
    gains_ = allocate(shape_.t);
  }

  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
    detail::require_solve(shape_.size(), rho, std::ssize(b), std::ssize(z));
    const Index frames = shape_.t, channels = shape_.f, width = cpu::padded(rank_);
    if (double(rho) != prepared_rho_) {
      factor_tridiagonals(ex, double(rho), frames, eigenvalues_.span(), multipliers_.span(), reciprocals_.span());
      prepared_rho_ = double(rho);
    }
    for (Index t = 0; t < frames; ++t) gains_[t] = 1 / (double(rho) + (t == 0 ? 1 : 0));
    frames_to_columns(ex, frames, pixels(), channels, b, columns_.span());
    project_columns(ex, project_.span(), pixels(), rank_, frames * channels, columns_.span(), coefficients_.span());
    solve_tridiagonals(ex, frames, channels, width, multipliers_.span(), reciprocals_.span(), coefficients_.span(),
                       solutions_.span());
    for (Index j = 0; j < frames * channels; ++j)
      for (Index r = 0; r < rank_; ++r)
        corrections_[r * frames * channels + j] =
            solutions_[j * width + r] - gains_[j / channels] * coefficients_[j * width + r];
    lift_columns(ex, lift_.span(), rank_, pixels(), channels, corrections_.span(), gains_.span(), b, z);
  }

  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    detail::require_pseudo_inverse(range_size_, shape_.size(), std::ssize(y), std::ssize(z));
    const Index frames = shape_.t, channels = shape_.f, width = cpu::padded(rank_), columns = frames * channels;
    const auto first = static_cast<std::size_t>(shape_.frame_size());
    // The first frame in V's coordinates, then every measured difference.
    frames_to_columns(ex, 1, pixels(), channels, y.first(first), columns_.span());
    project_columns(ex, project_.span(), pixels(), rank_, channels, columns_.span(), coefficients_.span());
    if (frames > 1) {
      frames_to_columns(ex, frames - 1, measurements_, channels, y.subspan(first), columns_.span());
      project_columns(ex, inverse_.span(), measurements_, rank_, columns - channels, columns_.span(),
                      coefficients_.span().subspan(static_cast<std::size_t>(channels * width)));
    }
    for (Index j = channels; j < columns; ++j)
      for (Index r = 0; r < width; ++r) coefficients_[j * width + r] += coefficients_[(j - channels) * width + r];
    for (Index j = 0; j < columns; ++j)
      for (Index r = 0; r < rank_; ++r) corrections_[r * columns + j] = j < channels ? 0 : coefficients_[j * width + r];
    for (Index t = 0; t < frames; ++t) gains_[t] = t == 0 ? 1 : 0;
    lift_columns(ex, lift_.span(), rank_, pixels(), channels, corrections_.span(), gains_.span(), y, z);
  }
  SolveReport report() const { return {}; }

  /// Numerical rank of Φ.
  Index rank() const { return rank_; }

 private:
  Index pixels() const { return shape_.h * shape_.w; }

  /// Packs a matrix in blocks of `packed_width` columns, the last one filled up with zeros.
  static Buffer<double> pack(const Ex& ex, const DenseMatrix<double>& matrix) {
    Buffer<double> packed = ex.template allocate<double>(matrix.rows() * cpu::padded(matrix.cols()));
    for (Index j = 0; j < matrix.cols(); ++j)
      for (Index i = 0; i < matrix.rows(); ++i)
        packed[(j / cpu::packed_width * matrix.rows() + i) * cpu::packed_width + j % cpu::packed_width] = matrix(i, j);
    return packed;
  }

  Shape shape_;
  Index measurements_, range_size_, rank_ = 0;
  Buffer<double> eigenvalues_, project_, lift_, inverse_;                    // factors of Φ
  Buffer<double> multipliers_, reciprocals_;                                 // factors of the tridiagonals
  Buffer<double> columns_, coefficients_, solutions_, corrections_, gains_;  // memory of one solve
  double prepared_rho_ = 0;                                                  // ρ > 0, so nothing is prepared yet
};

/// On a device: Φ is factored on the host for every ρ.
template <class A, DeviceExecutor Ex>
class NormalSolver<A, structure::CompressedDifferences, Ex>
    : public FactoredSolver<A, structure::CompressedDifferences, Ex> {
 public:
  using FactoredSolver<A, structure::CompressedDifferences, Ex>::FactoredSolver;
};

}  // namespace videoonenet
