// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Element-wise kernels and reductions on flat arrays, the vocabulary ADMM and conjugate gradients are written in.
///
/// Reductions add fixed blocks in a fixed order in double: the result does not depend on the number of threads.
/// Cost: one pass over the arrays. Arguments may alias exactly (same begin), never partly.

#include <algorithm>
#include <array>
#include <cmath>

#include "videoonenet/core/executor.hpp"

namespace videoonenet::cpu {

namespace detail {

inline constexpr Index block = 8192;  ///< entries one thread handles at a time

/// Calls body(begin, end) for consecutive blocks that cover [0, size).
template <class Body>
void for_blocks(const Executor& ex, Index size, Body&& body) {
  const Index blocks = (size + block - 1) / block;
  parallel_for(ex, blocks, [&](Index i) { body(i * block, std::min(size, (i + 1) * block)); });
}

/// Sum over i of term(i): each block with 16 interleaved accumulators, then the blocks in order.
template <class Term>
double blocked_sum(const Executor& ex, Index size, Term&& term) {
  constexpr Index lanes = 16, batch = 64;
  const Index blocks = (size + block - 1) / block;
  double total = 0;
  for (Index first = 0; first < blocks; first += batch) {
    std::array<double, batch> partial{};
    parallel_for(ex, std::min(batch, blocks - first), [&](Index k) {
      const Index begin = (first + k) * block, end = std::min(size, begin + block);
      std::array<double, lanes> sums{};
      Index i = begin;
      for (; i + lanes <= end; i += lanes)
        for (Index lane = 0; lane < lanes; ++lane) sums[static_cast<std::size_t>(lane)] += term(i + lane);
      for (Index lane = 0; i < end; ++i, ++lane) sums[static_cast<std::size_t>(lane)] += term(i);
      double sum = 0;
      for (double s : sums) sum += s;
      partial[static_cast<std::size_t>(k)] = sum;
    });
    for (double p : partial) total += p;
  }
  return total;
}

}  // namespace detail

/// y = value.
template <class T>
void fill(const Executor& ex, std::type_identity_t<T> value, Output<T> y) {
  detail::for_blocks(ex, std::ssize(y), [&](Index b, Index e) { std::fill(y.data() + b, y.data() + e, value); });
}

/// y = x.
template <class T>
void copy(const Executor& ex, Input<T> x, Output<T> y) {
  if (x.data() == y.data()) return;
  detail::for_blocks(ex, std::ssize(y), [&](Index b, Index e) { std::copy(x.data() + b, x.data() + e, y.data() + b); });
}

/// y = a x + b y; y is not read when b is zero.
template <class T>
void axpby(const Executor& ex, std::type_identity_t<T> a, Input<T> x, std::type_identity_t<T> b, Output<T> y) {
  const T *px = x.data();
  T* py = y.data();
  detail::for_blocks(ex, std::ssize(y), [=](Index first, Index end) {
    if (b == T(0))
      for (Index i = first; i < end; ++i) py[i] = a * px[i];
    else
      for (Index i = first; i < end; ++i) py[i] = a * px[i] + b * py[i];
  });
}

/// z = a x + b y.
template <class T>
void linear_combination(const Executor& ex, std::type_identity_t<T> a, Input<T> x, std::type_identity_t<T> b, Input<T> y,
                        Output<T> z) {
  const T *px = x.data(), *py = y.data();
  T* pz = z.data();
  detail::for_blocks(ex, std::ssize(z), [=](Index first, Index end) {
    for (Index i = first; i < end; ++i) pz[i] = a * px[i] + b * py[i];
  });
}

/// b = aty + rho (x + u), the right-hand side of the data step (VON Alg. 1).
template <class T>
void data_step_rhs(const Executor& ex, Input<T> aty, std::type_identity_t<T> rho, Input<T> x, Input<T> u, Output<T> b) {
  const T *pa = aty.data(), *px = x.data(), *pu = u.data();
  T* pb = b.data();
  detail::for_blocks(ex, std::ssize(b), [=](Index first, Index end) {
    for (Index i = first; i < end; ++i) pb[i] = pa[i] + rho * (px[i] + pu[i]);
  });
}

/// u += x − z, the dual ascent step (VON Alg. 1).
template <class T>
void dual_ascent(const Executor& ex, Input<T> x, Input<T> z, Output<T> u) {
  const T *px = x.data(), *pz = z.data();
  T* pu = u.data();
  detail::for_blocks(ex, std::ssize(u), [=](Index first, Index end) {
    for (Index i = first; i < end; ++i) pu[i] += px[i] - pz[i];
  });
}

/// ⟨x, y⟩, accumulated in double.
template <class T>
double dot(const Executor& ex, std::span<const T> x, Input<T> y) {
  const T *px = x.data(), *py = y.data();
  return detail::blocked_sum(ex, std::ssize(x), [=](Index i) { return double(px[i]) * double(py[i]); });
}

/// ‖x‖².
template <class T>
double squared_norm(const Executor& ex, std::span<const T> x) {
  return dot(ex, x, x);
}

/// ‖x − y‖².
template <class T>
double squared_distance(const Executor& ex, std::span<const T> x, Input<T> y) {
  const T *px = x.data(), *py = y.data();
  return detail::blocked_sum(ex, std::ssize(x), [=](Index i) {
    const double d = double(px[i]) - double(py[i]);
    return d * d;
  });
}

}  // namespace videoonenet::cpu
