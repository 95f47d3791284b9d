// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of an activation function.

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/nn/activation/functors.hpp"

namespace videoonenet::cpu {

namespace detail {

/// Calls body(offset, count) for consecutive registers that cover [begin, end); all but the last are full, and their
/// count is a constant, so that it costs nothing.
template <class T, class Body>
void for_registers(Index begin, Index end, Body&& body) {
  constexpr Index lanes = simd::lanes<T>;
  Index i = begin;
  for (; i + lanes <= end; i += lanes) body(i, std::integral_constant<Index, lanes>{});
  if (i < end) body(i, end - i);
}

}  // namespace detail

/// y = f(x).
template <class T, class F>
void activation_forward(const Executor& ex, const F& f, Input<T> x, Output<T> y) {
  const T* px = x.data();
  T* py = y.data();
  detail::for_blocks(ex, std::ssize(y), [&](Index begin, Index end) {
    detail::for_registers<T>(
        begin, end, [&](Index i, auto count) { simd::store(py + i, f.value(simd::load(px + i, count)), count); });
  });
}

/// grad_x += f′(x) ⊙ grad_y.
template <class T, class F>
void activation_adjoint(const Executor& ex, const F& f, Input<T> x, Input<T> grad_y, Output<T> grad_x) {
  const T *px = x.data(), *pgy = grad_y.data();
  T* pgx = grad_x.data();
  detail::for_blocks(ex, std::ssize(grad_x), [&](Index begin, Index end) {
    detail::for_registers<T>(begin, end, [&](Index i, auto count) {
      const auto slope = f.derivative(simd::load(px + i, count));
      simd::store(pgx + i, slope * simd::load(pgy + i, count) + simd::load(pgx + i, count), count);
    });
  });
}

}  // namespace videoonenet::cpu
