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

inline constexpr Index block = 8192;             ///< entries one thread handles at a time
inline constexpr Index parallel_size = 1 << 16;  ///< fewer entries are done before a second thread has woken up

/// The executor for a pass over `size` entries.
inline Executor for_size(const Executor& ex, Index size) { return size < parallel_size ? ex.with_threads(1) : ex; }

/// Calls body(begin, end) for consecutive blocks that cover [0, size).
template <class Body>
void for_blocks(const Executor& ex, Index size, Body&& body) {
  const Index blocks = (size + block - 1) / block;
  parallel_for(for_size(ex, size), blocks, [&](Index i) { body(i * block, std::min(size, (i + 1) * block)); });
}

/// Sum of term(i) over [begin, end) with 16 interleaved accumulators.
template <class Term>
double block_sum(Index begin, Index end, Term&& term) {
  constexpr Index lanes = 16;
  std::array<double, lanes> sums{};
  Index i = begin;
  for (; i + lanes <= end; i += lanes)
    for (Index lane = 0; lane < lanes; ++lane) sums[static_cast<std::size_t>(lane)] += term(i + lane);
  for (Index lane = 0; i < end; ++i, ++lane) sums[static_cast<std::size_t>(lane)] += term(i);
  double sum = 0;
  for (double s : sums) sum += s;
  return sum;
}

/// Sums of part(begin, end) over all blocks, component by component, added in the order of the blocks.
template <std::size_t M, class Part>
std::array<double, M> sum_blocks(const Executor& ex, Index size, Part&& part) {
  constexpr Index batch = 64;
  const Index blocks = (size + block - 1) / block;
  std::array<double, M> total{};
  for (Index first = 0; first < blocks; first += batch) {
    std::array<std::array<double, M>, batch> partial{};
    parallel_for(for_size(ex, size), std::min(batch, blocks - first), [&](Index k) {
      const Index begin = (first + k) * block;
      partial[static_cast<std::size_t>(k)] = part(begin, std::min(size, begin + block));
    });
    for (const auto& p : partial)
      for (std::size_t m = 0; m < M; ++m) total[m] += p[m];
  }
  return total;
}

/// Sum over i of term(i).
template <class Term>
double blocked_sum(const Executor& ex, Index size, Term&& term) {
  return sum_blocks<1>(ex, size, [&](Index begin, Index end) { return std::array{block_sum(begin, end, term)}; })[0];
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
  const T* px = x.data();
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
void linear_combination(const Executor& ex, std::type_identity_t<T> a, Input<T> x, std::type_identity_t<T> b,
                        Input<T> y, Output<T> z) {
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

/// Squared norms of the changes ADMM stops by.
struct SquaredResiduals {
  double primal;  ///< ‖x − z‖²
  double dual;    ///< ‖z − previous z‖²
};

/// The squared residuals of an iteration in one pass, which also stores z as the previous one of the next.
template <class T>
SquaredResiduals update_residuals(const Executor& ex, Input<T> x, Input<T> z, Output<T> previous_z) {
  const T *px = x.data(), *pz = z.data();
  T* previous = previous_z.data();
  const auto sums = detail::sum_blocks<2>(ex, std::ssize(previous_z), [=](Index begin, Index end) {
    const auto squared_difference = [=](const T* a, const T* b) {
      return detail::block_sum(begin, end, [=](Index i) {
        const double d = double(a[i]) - double(b[i]);
        return d * d;
      });
    };
    const std::array squares{squared_difference(px, pz), squared_difference(pz, previous)};
    std::copy(pz + begin, pz + end, previous + begin);
    return squares;
  });
  return {sums[0], sums[1]};
}

}  // namespace videoonenet::cpu
