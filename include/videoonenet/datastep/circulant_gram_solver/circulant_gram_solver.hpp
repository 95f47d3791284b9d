// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Data step of operators whose AAᵀ is circulant: strided circular blurs, in grey or colour.

#include "videoonenet/datastep/circulant_gram_solver/device_circulant_gram.hpp"
#include "videoonenet/datastep/circulant_gram_solver/fourier_matrices.hpp"
#include "videoonenet/datastep/circulant_gram_solver/gram_column.hpp"
#include "videoonenet/datastep/normal_solver/normal_solver.hpp"

namespace videoonenet {

/// Math: z = (b − Aᵀ(ρI + AAᵀ)⁻¹A b)/ρ and pinv(A) y = Aᵀ(AAᵀ)⁺y, with AAᵀ = F* diag(λ) F per frame and channel of the
/// range; λ is the Fourier transform of the circulant's first column. In (AAᵀ)⁺, λ ≤ 1e-12 max λ counts as zero.
/// Accuracy: λ and its transform are in double, A and Aᵀ run in T: relative error about eps(T)·(ρ + max λ)/ρ.
/// Errors: InputError when AAᵀ couples the frames or channels of the range.
/// Cost: one A, one Aᵀ and two transforms of the range, any ρ after one set-up.  Source: SPEC §3.1.
template <class A, Executor Ex>
class NormalSolver<A, structure::CirculantGram, Ex> {
 public:
  using T = typename A::value_type;

  NormalSolver(const Ex& ex, const A& a, const SolverOptions& = {})
      : a_(a),
        range_(a.range()),
        layout_{range_.h * range_.w, range_.t * range_.f},
        fourier_(range_.h, range_.w),
        image_(ex.template allocate<T>(range_.size())),
        group_(ex.template allocate<double>(layout_.rows() * layout_.width(0))),
        spectrum_(ex.template allocate<double>(2 * fourier_.spectrum_size() * layout_.width(0))),
        transformed_(ex.template allocate<double>(spectrum_.size())),
        eigenvalues_(ex.template allocate<double>(fourier_.spectrum_size() * range_.f)) {
    for (Index f = 0; f < range_.f; ++f) {
      const Buffer<double> column = detail::gram_column(ex, a, f);
      std::ranges::fill(group_, 0.0);
      constexpr Index width = 4;
      for (Index i = 0; i < layout_.n; ++i) group_[i * width] = column[i];
      forward(ex, width);
      for (Index s = 0; s < fourier_.spectrum_size(); ++s)
        eigenvalues_[f * fourier_.spectrum_size() + s] = std::max(0.0, transformed_[2 * s * width]);
    }
    largest_ = *std::ranges::max_element(eigenvalues_);
  }

  void solve(const Ex& ex, T rho, std::span<const T> b, std::span<T> z) {
    detail::require_solve(Shape(a_.domain()).size(), rho, std::ssize(b), std::ssize(z));
    a_.apply(ex, b, image_.span());
    divide(ex, image_.span(), double(rho), 0);
    a_.apply_adjoint(ex, std::span<const T>(image_.span()), z);
    woodbury_combine(ex, double(rho), b, z);
  }
  void pseudo_inverse(const Ex& ex, std::span<const T> y, std::span<T> z) {
    detail::require_pseudo_inverse(range_.size(), Shape(a_.domain()).size(), std::ssize(y), std::ssize(z));
    copy(ex, y, image_.span());
    divide(ex, image_.span(), 0, 1e-12 * largest_);
    a_.apply_adjoint(ex, std::span<const T>(image_.span()), z);
  }
  SolveReport report() const { return {}; }

  /// λ: h rows of ⌊w/2⌋ + 1 for every channel of the range, the rest being their mirror image.
  std::span<const double> eigenvalues() const { return eigenvalues_.span(); }

  /// Bytes held: Fourier matrices, eigenvalues and scratch.
  Index memory_bytes() const {
    return fourier_.memory_bytes() +
           8 * (group_.size() + spectrum_.size() + transformed_.size() + eigenvalues_.size()) +
           image_.size() * static_cast<Index>(sizeof(T));
  }

 private:
  /// values ← (AAᵀ + shift·I)⁻¹ values, a group of planes at a time.
  void divide(const Ex& ex, std::span<T> values, double shift, double threshold) {
    for (Index g = 0; g < layout_.groups(); ++g) {
      const Index width = layout_.width(g);
      interleave_plane_group(ex, range_, layout_, g, std::span<const T>(values), group_.span());
      forward(ex, width);
      divide_spectrum(ex, width, range_.f, g * cpu::widest_group % range_.f, eigenvalues_.span(), shift, threshold,
                      transformed_.span());
      inverse(ex, width);
      separate_plane_group(ex, range_, layout_, g, group_.span(), values);
    }
  }

  /// group_ → spectrum_ along the rows → transformed_ down the columns.
  void forward(const Ex& ex, Index width) {
    const Index h = fourier_.rows, w = fourier_.columns, line = 2 * fourier_.half;
    fourier_transform(ex, width, h, fourier_.along_row.span(), w, line, group_.span(), w, 2, spectrum_.span(), line, 2);
    fourier_transform(ex, width, fourier_.half, fourier_.down.span(), 2 * h, 2 * h, spectrum_.span(), 2, line,
                      transformed_.span(), 2, line);
  }
  /// The way back.
  void inverse(const Ex& ex, Index width) {
    const Index h = fourier_.rows, w = fourier_.columns, line = 2 * fourier_.half;
    fourier_transform(ex, width, fourier_.half, fourier_.up.span(), 2 * h, 2 * h, transformed_.span(), 2, line,
                      spectrum_.span(), 2, line);
    fourier_transform(ex, width, h, fourier_.along_row_inverse.span(), line, w, spectrum_.span(), line, 2,
                      group_.span(), w, 2);
  }

  const A& a_;
  Shape range_;
  cpu::BandedRightHandSides layout_;
  detail::FourierMatrices fourier_;
  Buffer<T> image_;
  Buffer<double> group_, spectrum_, transformed_, eigenvalues_;
  double largest_ = 0;
};

}  // namespace videoonenet
