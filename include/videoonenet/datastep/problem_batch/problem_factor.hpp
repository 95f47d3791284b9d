// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Factors the data step of one operator for a ProblemBatch, by the operator's structure.

#include <algorithm>
#include <variant>

#include "videoonenet/concepts/linear_operator.hpp"
#include "videoonenet/datastep/block_toeplitz_solver/toeplitz_model.hpp"
#include "videoonenet/datastep/compressed_differences_solver/sensing_basis.hpp"
#include "videoonenet/datastep/dense_algebra.hpp"
#include "videoonenet/datastep/problem_batch/factor_layout.hpp"

namespace videoonenet {

/// (AᵀA + ρI)⁻¹ as FactorLayout says.
template <class T>
struct ProblemFactor {
  FactorLayout layout;
  Buffer<T> values;
};

namespace detail {

/// Fills a factor of the given layout number by number; what is not written is zero.
template <class T>
class FactorWriter {
 public:
  explicit FactorWriter(const FactorLayout& layout) : factor_{layout, Buffer<T>(layout.value_count())} {}
  void complement(Index i, double value) { factor_.values[i] = static_cast<T>(value); }
  void gain(Index i, double value) { factor_.values[factor_.layout.gains_begin() + i] = static_cast<T>(value); }
  void basis(Index row, Index p, double value) {
    factor_.values[factor_.layout.basis_begin() + row * factor_.layout.size + p] = static_cast<T>(value);
  }
  void fill_complement(double value) {
    for (Index i = 0; i < factor_.layout.complement_size(); ++i) complement(i, value);
  }
  void fill_gains(double value) {
    for (Index i = 0; i < factor_.layout.rank; ++i) gain(i, value);
  }
  ProblemFactor<T> take() { return std::move(factor_); }

 private:
  ProblemFactor<T> factor_;
};

/// LLᵀ = matrix + ρI.
/// Errors: NumericalError when that is not positive definite, as with NaN.
template <class V>
CholeskyFactor<V> cholesky_of(const DenseMatrix<V>& matrix, V rho) {
  CholeskyFactor<V> cholesky;
  cholesky.compute(matrix, rho);
  if (!(cholesky.reciprocal_condition() > 0))
    throw NumericalError("ProblemFactor: the operator's normal equations are not positive definite");
  return cholesky;
}

/// The inverse of a symmetric positive definite matrix + ρI as LᵀL, L = its Cholesky factor's inverse, in rows.
template <class V>
DenseMatrix<V> inverse_factor(const DenseMatrix<V>& matrix, V rho) {
  const CholeskyFactor<V> cholesky = cholesky_of(matrix, rho);
  DenseMatrix<V> inverse = DenseMatrix<V>::Identity(matrix.rows(), matrix.cols());
  cholesky.solve_lower_in_place(inverse);
  return inverse;
}

/// Any other structure.
template <class V, class A, class Structure>
ProblemFactor<V> problem_factor(const A& a, double, Structure) {
  throw InputError(sentence("ProblemFactor: there is no factor for the structure of this operator from ",
                            Shape(a.domain()), " to ", Shape(a.range())));
}

/// 1/(m + ρ).
template <class V, class A>
ProblemFactor<V> problem_factor(const A& a, double rho, structure::Diagonal) {
  const Shape s = a.domain();
  FactorWriter<V> f({.size = s.size(), .diagonal = true});
  for (Index i = 0; i < s.size(); ++i)
    f.complement(i, 1 / (double(a.normal_diagonal()[static_cast<std::size_t>(i)]) + rho));
  return f.take();
}

/// I/ρ + VᵀV (1/(c + ρ) − 1/ρ), V = A/√c, which is a matrix a frame and channel, or a row a pixel.
template <class V, class A>
ProblemFactor<V> problem_factor(const A& a, double rho, structure::TightFrame) {
  using T = typename A::value_type;
  const Shape s = a.domain(), r = a.range();
  const bool across = r.f == 1 && s.f > 1 && r.h == s.h && r.w == s.w, planes = r.f == s.f && r.t == s.t;
  if (!across && !planes)
    throw InputError(sentence("ProblemFactor: a tight frame from ", s, " to ", r,
                              " mixes more than the channels of a pixel or the pixels of a frame"));
  const Index size = across ? Index(s.f) : s.h * s.w, rank = across ? 1 : r.h * r.w, c = across ? 1 : Index(s.f);
  FactorWriter<V> f({.steps = across ? s.t * s.h * s.w : Index(s.t), .size = size, .channels = c, .rank = rank});
  const double bound = double(a.frame_bound());
  f.fill_complement(1 / rho);
  f.fill_gains(bound > 0 ? 1 / (bound + rho) - 1 / rho : 0);
  Buffer<T> x(s.size()), y(r.size());
  for (Index p = 0; p < size; ++p) {  // in the first pixel, or in the first frame and channel
    const Index at = across ? p : p * s.f;
    x[at] = 1;
    a.apply(Cpu{}, std::as_const(x).span(), y.span());
    x[at] = 0;
    for (Index i = 0; i < rank; ++i) f.basis(i, p, bound > 0 ? double(y[across ? 0 : i * r.f]) / std::sqrt(bound) : 0);
  }
  return f.take();
}

/// (CᵀC + ρI)⁻¹ over the frames.
template <class V, class A>
ProblemFactor<V> problem_factor(const A& a, double rho, structure::TimeOnly) {
  const Shape s = a.domain();
  const auto c = a.time_matrix();
  DenseMatrix<double> matrix(c.rows, c.cols);
  for (Index i = 0; i < c.rows; ++i)
    for (Index j = 0; j < c.cols; ++j) matrix(i, j) = double(c.values[i * c.cols + j]);
  const DenseMatrix<double> l = inverse_factor(dense_product<double>(matrix.transpose(), matrix), rho);
  const DenseMatrix<double> inverse = dense_product<double>(l.transpose(), l);
  FactorWriter<V> f({.steps = s.t, .size = s.h * s.w, .channels = s.f, .mixes_steps = true});
  for (Index i = 0; i < s.t * s.t; ++i) f.complement(i, inverse(i / s.t, i % s.t));
  return f.take();
}

/// LᵀL of a matrix a frame and channel.
template <class V, class A>
ProblemFactor<V> problem_factor(const A& a, double rho, structure::BlockToeplitz) {
  const Shape s = a.domain();
  const ToeplitzModel model(s, a.range(), a.kernel());
  const Index h = s.h, w = s.w;
  DenseMatrix<double> gram = DenseMatrix<double>::Zero(h * w, h * w);
  for (Index i = 0; i < h; ++i)
    for (Index j = 0; j < w; ++j)
      for (const FilterTap& tap : model.autocorrelation) {
        const Index y = i + tap.row, x = j + tap.column;
        if (y >= 0 && y < h && x >= 0 && x < w) gram(i * w + j, y * w + x) = tap.value;
      }
  const DenseMatrix<double> l = inverse_factor(gram, rho);
  FactorWriter<V> f({.steps = s.t, .size = h * w, .channels = s.f, .rank = h * w});
  f.fill_gains(1);
  for (Index i = 0; i < h * w; ++i)
    for (Index p = 0; p <= i; ++p) f.basis(i, p, l(i, p));
  return f.take();
}

/// In the eigenvectors of ΦᵀΦ with eigenvalue s: (E₀₀ + s DᵀD + ρI)⁻¹ over the frames, (E₀₀ + ρI)⁻¹ on the complement.
template <class V, class A>
ProblemFactor<V> problem_factor(const A& a, double rho, structure::CompressedDifferences) {
  const Shape s = a.domain();
  const Index size = s.h * s.w, m = a.measurements(), t = s.t;
  DenseMatrix<double> phi(m, size);
  for (Index i = 0; i < m * size; ++i)
    phi(i / size, i % size) = double(a.sensing_matrix()[static_cast<std::size_t>(i)]);
  using T = typename A::value_type;
  const SensingBasis<double> basis = sensing_basis<double>(phi, 8 * double(std::numeric_limits<T>::epsilon()));
  const Index rank = basis.eigenvalues.size();
  FactorWriter<V> f({.steps = t, .size = size, .channels = s.f, .rank = rank, .mixes_steps = true});
  const auto outside = [&](Index i) { return 1 / (rho + (i == 0 ? 1 : 0)); };
  for (Index i = 0; i < t; ++i) f.complement(i * t + i, outside(i));
  for (Index k = 0; k < rank; ++k) {
    const double value = basis.eigenvalues(k);
    DenseMatrix<double> matrix = DenseMatrix<double>::Zero(t, t);
    for (Index i = 0; i < t; ++i) {
      matrix(i, i) = (i == 0 ? 1 : value) + (i + 1 < t ? value : 0);
      if (i > 0) matrix(i, i - 1) = matrix(i - 1, i) = -value;
    }
    const DenseMatrix<double> l = inverse_factor(matrix, rho), inverse = dense_product<double>(l.transpose(), l);
    for (Index i = 0; i < t * t; ++i)
      f.gain(k * t * t + i, inverse(i / t, i % t) - (i / t == i % t ? outside(i / t) : 0));
    for (Index p = 0; p < size; ++p) f.basis(k, p, basis.vectors(k, p));
  }
  return f.take();
}

/// (I − VᵀV)/ρ with V = L⁻¹A, LLᵀ = AAᵀ + ρI, or VᵀV with V = L⁻¹, LLᵀ = AᵀA + ρI, whichever is smaller.
template <class V, class A>
ProblemFactor<V> problem_factor(const A& a, double rho, structure::Dense) {
  const Index n = Shape(a.domain()).size(), d = Shape(a.range()).size(), rank = std::min(n, d);
  DenseMatrix<double> matrix(d, n);
  for (Index i = 0; i < d * n; ++i) matrix(i / n, i % n) = double(a.matrix()[static_cast<std::size_t>(i)]);
  DenseMatrix<double> v;
  if (d <= n) {
    v = matrix;
    cholesky_of(dense_product<double>(matrix, matrix.transpose()), rho).solve_lower_in_place(v);
  } else {
    v = inverse_factor(dense_product<double>(matrix.transpose(), matrix), rho);
  }
  FactorWriter<V> f({.size = n, .rank = rank});
  f.fill_complement(d <= n ? 1 / rho : 0);
  f.fill_gains(d <= n ? -1 / rho : 1);
  for (Index i = 0; i < rank; ++i)
    for (Index p = 0; p < n; ++p) f.basis(i, p, v(i, p));
  return f.take();
}

template <class V, class A>
ProblemFactor<V> problem_factor(const A& a, double rho, structure::Variant) {
  return std::visit([&](const auto& inner) { return problem_factor<V>(inner, rho, structure_of<decltype(inner)>{}); },
                    a.variant());
}

}  // namespace detail

/// Factors (AᵀA + ρI)⁻¹ for one video, in numbers of type V.
/// Errors: InputError for an operator whose structure has no such factor (strided blurs, operators without a tag), and
/// for a ρ that is not positive.
/// Cost: that of a Cholesky factorisation of the operator's matrix over a frame, over the frames, or of its rows.
template <class V, class A>
ProblemFactor<V> factor_problem(const A& a, typename A::value_type rho) {
  if (!(rho > 0)) throw InputError(sentence("ProblemFactor: rho is ", rho, ", expected a positive number"));
  return detail::problem_factor<V>(a, double(rho), structure_of<A>{});
}
/// The same in the operator's own type, for a batch.
template <class A>
ProblemFactor<typename A::value_type> factor_problem(const A& a, typename A::value_type rho) {
  return factor_problem<typename A::value_type>(a, rho);
}

/// Bounds of several factors.
template <class T>
FactorBounds bounds_of(const FactorBounds& so_far, const ProblemFactor<T>& factor) {
  return {std::max(so_far.values, factor.values.size()), std::max(so_far.rank, factor.layout.rank)};
}

}  // namespace videoonenet
