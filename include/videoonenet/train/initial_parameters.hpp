// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Weights before training, drawn as each array of parameters asks for.

#include <cmath>
#include <vector>

#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/core/random.hpp"

namespace videoonenet {

namespace detail {

/// ±√(6 / (fan in + fan out)): the last two extents are channels, those before them the receptive field.
inline double glorot_limit(const std::vector<Index>& extents) {
  if (extents.empty()) return std::sqrt(3.0);
  if (extents.size() == 1) return std::sqrt(3.0 / double(extents[0]));
  const Index last = extents.back(), before = extents[extents.size() - 2];
  Index field = 1;
  for (std::size_t i = 0; i + 2 < extents.size(); ++i) field *= extents[i];
  return std::sqrt(6.0 / double(field * (last + before)));
}

/// `count` orthonormal vectors of `length` entries, each a row: Gram and Schmidt on normal ones, each vector twice, so
/// that rounding does not matter. Fused multiply-add only, for the same bits from every compiler.
inline std::vector<double> orthonormal_rows(Index count, Index length, Random& random) {
  std::vector<double> rows(static_cast<std::size_t>(count * length));
  random.fill_normal(std::span(rows));
  const auto row = [&](Index i) { return rows.data() + i * length; };
  const auto product = [&](const double* a, const double* b) {
    double sum = 0;
    for (Index j = 0; j < length; ++j) sum = std::fma(a[j], b[j], sum);
    return sum;
  };
  for (Index i = 0; i < count; ++i) {
    for (int pass = 0; pass < 2; ++pass)
      for (Index k = 0; k < i; ++k) {
        const double along = product(row(i), row(k));
        for (Index j = 0; j < length; ++j) row(i)[j] = std::fma(-along, row(k)[j], row(i)[j]);
      }
    const double norm = std::sqrt(product(row(i), row(i)));
    for (Index j = 0; j < length; ++j) row(i)[j] /= norm;
  }
  return rows;
}

template <class T>
void draw_orthogonal(const Parameter& p, Random& random, std::span<T> values) {
  const Index columns = p.extents.empty() ? 1 : p.extents.back(), rows = p.size() / columns;
  const bool tall = rows >= columns;  // orthonormal columns; there are no more of them than rows
  const auto vectors = tall ? orthonormal_rows(columns, rows, random) : orthonormal_rows(rows, columns, random);
  for (Index r = 0; r < rows; ++r)
    for (Index c = 0; c < columns; ++c)
      values[static_cast<std::size_t>(r * columns + c)] =
          static_cast<T>(vectors[static_cast<std::size_t>(tall ? c * rows + r : r * columns + c)]);
}

}  // namespace detail

/// Draws all parameters: array i uses stream i of the seed, beside those of TripletSampler, and is the same whatever
/// the others are.
/// Cost: one pass; an orthogonal r × c array r c min(r, c).  Source: SPEC §2; Glorot and Bengio 2010; Saxe et al. 2014.
template <class T>
Buffer<T> initial_parameters(const std::vector<Parameter>& parameters, std::uint64_t seed) {
  Index count = 0;
  for (const Parameter& p : parameters) count += p.size();
  Buffer<T> all(count);
  std::span<T> rest = all.span();
  constexpr std::uint64_t streams = std::uint64_t(3) << 60;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& p = parameters[i];
    const auto values = rest.first(static_cast<std::size_t>(p.size()));
    rest = rest.subspan(values.size());
    if (values.empty()) continue;
    Random random(seed, streams | i);
    switch (p.initial) {
      case Initial::zeros:
        break;
      case Initial::ones:
        std::ranges::fill(values, T(1));
        break;
      case Initial::glorot_uniform: {
        const double limit = detail::glorot_limit(p.extents);
        for (T& v : values) v = static_cast<T>(limit * (2 * random.uniform() - 1));
        break;
      }
      case Initial::orthogonal:
        detail::draw_orthogonal(p, random, values);
        break;
      case Initial::small_normal:
        random.fill_normal(values, 0.01);
        break;
    }
  }
  return all;
}

}  // namespace videoonenet
