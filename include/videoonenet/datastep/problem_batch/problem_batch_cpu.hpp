// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The data steps of a ProblemBatch on the host: a loop a line of FactorLayout's equation, for tests and small batches.

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/datastep/problem_batch/factor_layout.hpp"

namespace videoonenet::cpu {

namespace detail {

/// One video.
template <class T>
void solve_factored_video(const FactorLayout& g, const T* values, const T* b, T* coefficients, T* z) {
  const T *complement = values, *gains = values + g.gains_begin(), *basis = values + g.basis_begin();
  const Index frame = g.size * g.channels, columns = g.steps * g.channels;
  if (g.diagonal) {
    for (Index i = 0; i < g.entries(); ++i) z[i] = complement[i] * b[i];
    return;
  }
  for (Index t = 0; t < g.steps; ++t)
    for (Index i = 0; i < frame; ++i) {
      T sum = g.mixes_steps ? T(0) : complement[t] * b[t * frame + i];
      if (g.mixes_steps)
        for (Index s = 0; s < g.steps; ++s) sum += complement[t * g.steps + s] * b[s * frame + i];
      z[t * frame + i] = sum;
    }
  for (Index i = 0; i < g.rank; ++i) {
    const T* v = basis + i * g.size;
    for (Index j = 0; j < columns; ++j) {
      T sum = 0;
      for (Index p = 0; p < g.size; ++p) sum += v[p] * b[(j / g.channels * g.size + p) * g.channels + j % g.channels];
      coefficients[j] = sum;
    }
    for (Index j = 0; j < columns; ++j) {
      const Index t = j / g.channels, f = j % g.channels;
      T gain = g.mixes_steps ? T(0) : gains[i] * coefficients[j];
      if (g.mixes_steps)
        for (Index s = 0; s < g.steps; ++s)
          gain += gains[(i * g.steps + t) * g.steps + s] * coefficients[s * g.channels + f];
      for (Index p = 0; p < g.size; ++p) z[(t * g.size + p) * g.channels + f] += gain * v[p];
    }
  }
}

}  // namespace detail

/// z = (AᵀA + ρI)⁻¹ b for every video; `coefficients` has as many entries as b and is overwritten.
template <class T>
void solve_factored(const Executor& ex, const Shape& video, std::span<const FactorLayout> layouts,
                    const FactorBounds& bounds, Input<T> values, Input<T> b, Output<T> coefficients, Output<T> z) {
  const Index size = video.sample_size();
  parallel_for(ex, video.n, [&](Index n) {
    detail::solve_factored_video(layouts[static_cast<std::size_t>(n)], values.data() + n * bounds.values,
                                 b.data() + n * size, coefficients.data() + n * size, z.data() + n * size);
  });
}

}  // namespace videoonenet::cpu
