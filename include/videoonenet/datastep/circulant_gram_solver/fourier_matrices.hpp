// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The two-dimensional discrete Fourier transform of real planes as four small matrices, and its inverse.

#include <numbers>

#include "videoonenet/datastep/circulant_gram_solver/circulant_gram_solver_cpu.hpp"

namespace videoonenet::detail {

/// Rows, then columns; complex numbers as pairs (re, im), of the columns only 0 … ⌊w/2⌋, the rest being conjugates.
///
/// Math: X[k, l] = Σ x[i, j] exp(−2πi (k i / h + l j / w)).
/// Cost: 2·h·w·(w + 2h) multiply-adds a plane one way, vectorised over planes. Measured there and back, a plane,
/// against Eigen's fast transform on an AVX-512 core: 16×16 1.1 µs and 6.1, 32×32 7.5 and 25, 64×64 57 and 107, but
/// 120×160 605 and 341, 360×640 25 and 5 ms: the choice for small grids, at the price of a slower one on large grids.
struct FourierMatrices {
  Index rows, columns, half;                              ///< h, w, ⌊w/2⌋ + 1
  Buffer<double> along_row, down, up, along_row_inverse;  ///< packed for `fourier_transform`

  FourierMatrices(Index h, Index w) : rows(h), columns(w), half(w / 2 + 1) {
    const auto angle = [](Index k, Index i, Index size) {
      return 2 * std::numbers::pi * double(k * i % size) / double(size);
    };
    along_row = cpu::pack_matrix(2 * half, w, [&](Index out, Index in) {
      const double t = angle(out / 2, in, w);
      return out % 2 == 0 ? std::cos(t) : -std::sin(t);
    });
    along_row_inverse = cpu::pack_matrix(w, 2 * half, [&](Index out, Index in) {
      const Index l = in / 2;
      const double t = angle(l, out, w), weight = (l == 0 || 2 * l == w ? 1.0 : 2.0) / double(w);
      return weight * (in % 2 == 0 ? std::cos(t) : -std::sin(t));
    });
    down = cpu::pack_matrix(2 * h, 2 * h, [&](Index out, Index in) {
      const double t = angle(out / 2, in / 2, h);
      return out % 2 == in % 2 ? std::cos(t) : out % 2 == 0 ? std::sin(t) : -std::sin(t);
    });
    up = cpu::pack_matrix(2 * h, 2 * h, [&](Index out, Index in) {
      const double t = angle(out / 2, in / 2, h);
      return (out % 2 == in % 2 ? std::cos(t) : out % 2 == 0 ? -std::sin(t) : std::sin(t)) / double(h);
    });
  }

  /// Complex numbers of a plane's spectrum.
  Index spectrum_size() const { return rows * half; }
  Index memory_bytes() const { return 8 * (along_row.size() + along_row_inverse.size() + down.size() + up.size()); }
};

}  // namespace videoonenet::detail
