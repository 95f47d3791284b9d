// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of the Wiener filter: the frequency response, and its application to every frame and channel.

#include <complex>
#include <unsupported/Eigen/FFT>
#include <vector>

#include "videoonenet/core/executor.hpp"

namespace videoonenet::cpu {

namespace detail {

using Complex = std::complex<double>;

/// Discrete Fourier transforms of one rows × cols grid, row-major, with their memory. A template, so that only those
/// who use it compile Eigen's FFT.
template <class Real>
class GridTransform {
 public:
  using Complex = std::complex<Real>;

  GridTransform(Index rows, Index cols) : rows_(rows), cols_(cols) {
    line_.resize(static_cast<std::size_t>(std::max(rows, cols)));
    spectrum_.resize(line_.size());
  }

  /// In place; the inverse includes the factor 1 / (rows · cols).
  void forward(Complex* grid) { transform(grid, false); }
  void inverse(Complex* grid) { transform(grid, true); }

 private:
  void transform(Complex* grid, bool inverse) {
    for (Index r = 0; r < rows_; ++r) transform_line(grid + r * cols_, cols_, 1, inverse);
    for (Index c = 0; c < cols_; ++c) transform_line(grid + c, rows_, cols_, inverse);
  }
  void transform_line(Complex* first, Index length, Index stride, bool inverse) {
    if (length == 1) return;
    for (Index i = 0; i < length; ++i) line_[static_cast<std::size_t>(i)] = first[i * stride];
    if (inverse)
      fft_.inv(spectrum_.data(), line_.data(), length);
    else
      fft_.fwd(spectrum_.data(), line_.data(), length);
    for (Index i = 0; i < length; ++i) first[i * stride] = spectrum_[static_cast<std::size_t>(i)];
  }

  Index rows_, cols_;
  Eigen::FFT<Real> fft_;
  std::vector<Complex> line_, spectrum_;
};

/// Squared frequency |f|² in cycles per sample of entry (r, c) of a rows × cols transform.
inline double squared_frequency(Index r, Index c, Index rows, Index cols) {
  const double fr = double(std::min(r, rows - r)) / double(rows), fc = double(std::min(c, cols - c)) / double(cols);
  return fr * fr + fc * fc;
}

}  // namespace detail

/// The Wiener filter conj(K) / (|K|² + NSR) on a rows × cols grid, zero where the denominator is.
///
/// Math: NSR(f) = noise_to_signal, or with `inverse_square` noise_to_signal · |f|² · mean over the grid of 1/|f|² (the
/// zero frequency contributes nothing to the mean and has NSR = 0).
template <class T>
std::vector<std::complex<double>> wiener_response(const Executor&, View<const T> kernel, Index rows, Index cols,
                                                  double noise_to_signal, bool inverse_square) {
  std::vector<detail::Complex> response(static_cast<std::size_t>(rows * cols));
  for (Index i = 0; i < kernel.shape.h; ++i)
    for (Index j = 0; j < kernel.shape.w; ++j)
      response[static_cast<std::size_t>(i * cols + j)] = double(kernel(0, 0, i, j, 0));
  detail::GridTransform<double>(rows, cols).forward(response.data());

  double mean = 0;
  for (Index i = 1; i < rows * cols; ++i) mean += 1 / detail::squared_frequency(i / cols, i % cols, rows, cols);
  mean /= double(rows * cols);
  for (Index i = 0; i < rows * cols; ++i) {
    detail::Complex& k = response[static_cast<std::size_t>(i)];
    const double shape = inverse_square ? detail::squared_frequency(i / cols, i % cols, rows, cols) * mean : 1;
    const double denominator = std::norm(k) + noise_to_signal * shape;
    k = denominator > 0 ? std::conj(k) / denominator : detail::Complex(0);
  }
  return response;
}

/// x = the first rows and columns of the filtered y, per frame and channel.
///
/// Shapes: x is T×H×W×F, y is T×P×Q×F and zero beyond on the rows × cols grid of `response`.
/// Cost: one forward and one inverse transform for two planes: the filter is real, so they share a complex grid.
template <class T>
void wiener_filter(const Executor& ex, const std::vector<std::complex<double>>& response, Index rows, Index cols,
                   View<const std::type_identity_t<T>> y, View<T> x) {
  const Index planes = y.shape.t * y.shape.f, pairs = (planes + 1) / 2;
  const Index workers = std::min<Index>(std::max(ex.threads, 1), pairs);
  parallel_for(ex, workers, [&](Index worker) {
    detail::GridTransform<double> transform(rows, cols);
    std::vector<detail::Complex> grid(response.size());
    for (Index pair = worker; pair < pairs; pair += workers) {
      const Index first = 2 * pair, second = std::min(first + 1, planes - 1);
      const Index t0 = first / y.shape.f, f0 = first % y.shape.f, t1 = second / y.shape.f, f1 = second % y.shape.f;
      std::fill(grid.begin(), grid.end(), detail::Complex(0));
      for (Index i = 0; i < y.shape.h; ++i)
        for (Index j = 0; j < y.shape.w; ++j)
          grid[static_cast<std::size_t>(i * cols + j)] = {double(y(0, t0, i, j, f0)), double(y(0, t1, i, j, f1))};
      transform.forward(grid.data());
      for (std::size_t i = 0; i < grid.size(); ++i) grid[i] *= response[i];
      transform.inverse(grid.data());
      for (Index i = 0; i < x.shape.h; ++i)
        for (Index j = 0; j < x.shape.w; ++j) {
          const detail::Complex value = grid[static_cast<std::size_t>(i * cols + j)];
          x(0, t0, i, j, f0) = static_cast<T>(value.real());
          if (second != first) x(0, t1, i, j, f1) = static_cast<T>(value.imag());
        }
    }
  });
}

}  // namespace videoonenet::cpu
