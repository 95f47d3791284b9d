// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The first column of a circulant AAᵀ, in double, from the operator itself.

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "videoonenet/concepts/linear_operator.hpp"

namespace videoonenet::detail {

/// AAᵀ e for the unit impulse e at frame 0, pixel (0, 0), channel f of the range, as one plane of h·w numbers.
///
/// Where the rows of A are shifts of one another, which A itself confirms, the column is the autocorrelation of that
/// row, accumulated in double; otherwise it is what A(Aᵀe) gives in T. Errors: InputError when AAᵀ couples frames or
/// channels.
template <Executor Ex, class A>
Buffer<double> gram_column(const Ex& ex, const A& a, Index f) {
  using T = typename A::value_type;
  const Shape domain = a.domain(), range = a.range();
  auto impulse = ex.template allocate<T>(range.size());
  auto row = ex.template allocate<T>(domain.size());
  auto image = ex.template allocate<T>(range.size());
  impulse[f] = T(1);
  a.apply_adjoint(ex, std::span<const T>(impulse.span()), row.span());
  a.apply(ex, std::span<const T>(row.span()), image.span());

  const Index pixels = range.h * range.w;
  Buffer<double> column(pixels);
  double largest = 0, outside = 0;
  for (Index i = 0; i < image.size(); ++i) {
    const double value = double(image[i]);
    largest = std::max(largest, std::abs(value));
    if (i % range.f == f && i / range.f < pixels)
      column[i / range.f] = value;
    else
      outside = std::max(outside, std::abs(value));
  }
  const double rounding = 64 * double(std::numeric_limits<T>::epsilon()) * largest;
  if (!(outside <= rounding))
    throw InputError(
        sentence("NormalSolver<CirculantGram>: AAᵀ of the operator couples frames or channels of its range ",
                 "by up to ", outside, ", expected none"));
  if (domain.h % range.h != 0 || domain.w % range.w != 0) return column;

  struct Tap {
    Index h, w, rest;
    double value;
  };
  std::vector<Tap> taps;
  for (Index i = 0; i < row.size(); ++i) {
    const Index pixel = i / domain.f;
    if (row[i] != T(0))
      taps.push_back({pixel / domain.w % domain.h, pixel % domain.w,
                      pixel / (domain.w * domain.h) * domain.f + i % domain.f, double(row[i])});
  }
  const Index sh = domain.h / range.h, sw = domain.w / range.w;
  Buffer<double> exact(pixels);
  for (const Tap& p : taps)
    for (const Tap& q : taps) {
      const Index dh = (p.h - q.h + domain.h) % domain.h, dw = (p.w - q.w + domain.w) % domain.w;
      if (p.rest == q.rest && dh % sh == 0 && dw % sw == 0) exact[dh / sh * range.w + dw / sw] += p.value * q.value;
    }
  for (Index i = 0; i < pixels; ++i)
    if (!(std::abs(exact[i] - column[i]) <= rounding)) return column;
  return exact;
}

}  // namespace videoonenet::detail
