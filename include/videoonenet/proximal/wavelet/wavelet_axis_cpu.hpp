// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// One level of a wavelet transform along one axis on the host: across rows, and along a line.
///
/// n entries become n − ⌊n/2⌋ approximations followed by ⌊n/2⌋ details. The first 2⌊n/2⌋ entries are filtered as a
/// circle; the last entry of an odd n is carried, unchanged, behind the filtered approximations. Both parts are
/// orthonormal, so the inverse is the adjoint.

#include <utility>

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/proximal/wavelet/wavelet_plan.hpp"

namespace videoonenet::cpu::detail {

using videoonenet::detail::max_wavelet_taps;

/// i modulo n in [0, n).
inline Index periodic_index(Index i, Index n) {
  i %= n;
  return i < 0 ? i + n : i;
}

/// out0 = Σ_j c0_j in_j and out1 = Σ_j c1_j in_j, `count` entries each; outputs overlap no input.
template <class T, std::size_t... J>
void filter_pair(std::index_sequence<J...>, const T* const* in, const T* c0, const T* c1, T* out0, T* out1,
                 Index count) {
  const T* const p[] = {in[J]...};
  const T a[] = {c0[J]...}, b[] = {c1[J]...};
#pragma omp simd
  for (Index i = 0; i < count; ++i) {
    out0[i] = (... + (a[J] * p[J][i]));
    out1[i] = (... + (b[J] * p[J][i]));
  }
}

/// Calls body with the number of taps as a compile-time index sequence.
template <class Body>
void with_taps(int taps, Body&& body) {
  switch (taps) {
    case 2:
      return body(std::make_index_sequence<2>{});
    case 4:
      return body(std::make_index_sequence<4>{});
    case 6:
      return body(std::make_index_sequence<6>{});
    case 8:
      return body(std::make_index_sequence<8>{});
    case 10:
      return body(std::make_index_sequence<10>{});
    case 12:
      return body(std::make_index_sequence<12>{});
    case 14:
      return body(std::make_index_sequence<14>{});
    default:
      return body(std::make_index_sequence<16>{});
  }
}

/// n rows of `count` contiguous entries, `stride` apart.
template <class T>
struct Rows {
  T* data;
  Index stride;
  T* operator[](Index i) const { return data + i * stride; }
};

/// One level of analysis across n rows; x and c do not overlap.
template <class T>
void analyse_rows(const WaveletAxis<T>& axis, Index n, Index count, Rows<const T> x, Rows<T> c) {
  const Index half = n / 2, approximations = n - half;
  with_taps(axis.taps, [&](auto taps) {
    const T* in[max_wavelet_taps];
    for (Index k = 0; k < half; ++k) {
      for (int j = 0; j < axis.taps; ++j) in[j] = x[periodic_index(2 * k + axis.offset() + j, 2 * half)];
      filter_pair(taps, in, axis.low.data(), axis.high.data(), c[k], c[approximations + k], count);
    }
  });
  if (n % 2) std::copy_n(x[n - 1], count, c[half]);
}

/// The inverse of analyse_rows; c and x do not overlap.
template <class T>
void synthesise_rows(const WaveletAxis<T>& axis, Index n, Index count, Rows<const T> c, Rows<T> x) {
  const Index half = n / 2, approximations = n - half;
  with_taps(axis.taps, [&](auto taps) {
    const T* in[max_wavelet_taps];
    for (Index q = 0; q < half; ++q) {
      for (int i = 0; 2 * i < axis.taps; ++i) {
        const Index k = periodic_index(q - i, half);
        in[2 * i] = c[k], in[2 * i + 1] = c[approximations + k];
      }
      const Index first = 2 * q + axis.offset();
      filter_pair(taps, in, axis.even.data(), axis.odd.data(), x[periodic_index(first, 2 * half)],
                  x[periodic_index(first + 1, 2 * half)], count);
    }
  });
  if (n % 2) std::copy_n(c[half], count, x[n - 1]);
}

/// Scratch entries that a line of n pixels of f channels needs.
inline Index line_scratch_size(Index n, Index f) { return 4 * (n / 2 + max_wavelet_taps) * f; }

/// Calls body with the number of channels, as a constant where it is 1 or 3.
template <class Body>
void with_pixel_size(Index f, Body&& body) {
  if (f == 1) return body(std::integral_constant<Index, 1>{});
  if (f == 3) return body(std::integral_constant<Index, 3>{});
  body(f);
}

/// Repeats `half` pixels of `pixel` entries periodically: `before` pixels in front of p and `after` behind.
template <class T>
void extend_periodically(T* p, Index half, Index pixel, Index before, Index after) {
  for (Index i = -1; i >= -before; --i) std::copy_n(p + (i + half) * pixel, pixel, p + i * pixel);
  for (Index i = 0; i < after; ++i) std::copy_n(p + i * pixel, pixel, p + (i + half) * pixel);
}

/// One level of analysis along a line of n pixels of f channels; x and c may be the same memory.
///
/// The line is split into its even and its odd pixels, so that consecutive approximations read consecutive memory.
template <class T>
void analyse_line(const WaveletAxis<T>& axis, Index n, Index f, const T* x, T* c, T* scratch) {
  const Index half = n / 2, approximations = n - half, reach = axis.taps / 2, padded = (half + 2 * reach) * f;
  T *even = scratch + reach * f, *odd = even + padded;
  with_pixel_size(f, [&](auto channels) {
    const Index m = channels;
    for (Index k = 0; k < half; ++k)
      for (Index j = 0; j < m; ++j) {
        even[k * m + j] = x[2 * k * m + j];
        odd[k * m + j] = x[(2 * k + 1) * m + j];
      }
  });
  if (n % 2) std::copy_n(x + (n - 1) * f, f, c + half * f);
  if (half == 0) return;
  for (T* p : {even, odd}) extend_periodically(p, half, f, reach, reach);
  with_taps(axis.taps, [&](auto taps) {
    const T* in[max_wavelet_taps];
    for (int j = 0; j < axis.taps; ++j) {
      const Index position = axis.offset() + j;
      in[j] = (position & 1 ? odd : even) + (position >> 1) * f;
    }
    filter_pair(taps, in, axis.low.data(), axis.high.data(), c, c + approximations * f, half * f);
  });
}

/// The inverse of analyse_line; c and x may be the same memory.
template <class T>
void synthesise_line(const WaveletAxis<T>& axis, Index n, Index f, const T* c, T* x, T* scratch) {
  const Index half = n / 2, approximations = n - half, reach = axis.taps / 2, padded = (half + reach) * f;
  T *low = scratch + reach * f, *high = low + padded, *even = high + half * f, *odd = even + half * f;
  std::copy_n(c, half * f, low);
  std::copy_n(c + approximations * f, half * f, high);
  if (n % 2) std::copy_n(c + half * f, f, x + (n - 1) * f);
  if (half == 0) return;
  for (T* p : {low, high}) extend_periodically(p, half, f, reach, 0);
  with_taps(axis.taps, [&](auto taps) {
    const T* in[max_wavelet_taps];
    for (int i = 0; 2 * i < axis.taps; ++i) in[2 * i] = low - i * f, in[2 * i + 1] = high - i * f;
    filter_pair(taps, in, axis.even.data(), axis.odd.data(), even, odd, half * f);
  });
  // Pairs that begin before the line wrap around its end; the others follow each other.
  const Index wrapped = std::min(half, (1 - axis.offset()) / 2);
  for (Index q = 0; q < wrapped; ++q) {
    std::copy_n(even + q * f, f, x + periodic_index(2 * q + axis.offset(), 2 * half) * f);
    std::copy_n(odd + q * f, f, x + periodic_index(2 * q + 1 + axis.offset(), 2 * half) * f);
  }
  with_pixel_size(f, [&](auto channels) {
    const Index m = channels;
    T* to = x + (2 * wrapped + axis.offset()) * m;
    const T *from_even = even + wrapped * m, *from_odd = odd + wrapped * m;
    for (Index q = 0; q < half - wrapped; ++q)
      for (Index j = 0; j < m; ++j) {
        to[2 * q * m + j] = from_even[q * m + j];
        to[(2 * q + 1) * m + j] = from_odd[q * m + j];
      }
  });
}

}  // namespace videoonenet::cpu::detail
