// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// vector_ops.hpp on a GPU. Reductions add in double and in an order that depends on the size alone; those that return
/// a number wait for the device.

#include "videoonenet/core/cuda/reduce.cuh"
#include "videoonenet/core/vector_ops.hpp"

namespace videoonenet::cuda {

/// y = value.
template <Gpu Ex, class T>
void fill(const Ex& ex, std::type_identity_t<T> value, Output<T> y) {
  transform(ex, std::ssize(y), [=] VIDEOONENET_DEVICE() { return value; }, y.data());
}

/// y = x.
template <Gpu Ex, class T>
void copy(const Ex& ex, Input<T> x, Output<T> y) {
  if (x.data() == y.data()) return;
  transform(ex, std::ssize(y), [=] VIDEOONENET_DEVICE(T xi) { return xi; }, y.data(), x.data());
}

/// z = a x + b y.
template <Gpu Ex, class T>
void linear_combination(const Ex& ex, std::type_identity_t<T> a, Input<T> x, std::type_identity_t<T> b, Input<T> y,
                        Output<T> z) {
  transform(
      ex, std::ssize(z), [=] VIDEOONENET_DEVICE(T xi, T yi) { return a * xi + b * yi; }, z.data(), x.data(), y.data());
}

/// y = a x + b y; y is not read when b is zero.
template <Gpu Ex, class T>
void axpby(const Ex& ex, std::type_identity_t<T> a, Input<T> x, std::type_identity_t<T> b, Output<T> y) {
  if (b == T(0))
    transform(ex, std::ssize(y), [=] VIDEOONENET_DEVICE(T xi) { return a * xi; }, y.data(), x.data());
  else
    linear_combination<Ex, T>(ex, a, x, b, y, y);
}

/// b = aty + rho (x + u), the right-hand side of the data step.
template <Gpu Ex, class T>
void data_step_rhs(const Ex& ex, Input<T> aty, std::type_identity_t<T> rho, Input<T> x, Input<T> u, Output<T> b) {
  transform(
      ex, std::ssize(b), [=] VIDEOONENET_DEVICE(T ai, T xi, T ui) { return ai + rho * (xi + ui); }, b.data(),
      aty.data(), x.data(), u.data());
}

/// u += x − z.
template <Gpu Ex, class T>
void dual_ascent(const Ex& ex, Input<T> x, Input<T> z, Output<T> u) {
  transform(
      ex, std::ssize(u), [=] VIDEOONENET_DEVICE(T ui, T xi, T zi) { return ui + (xi - zi); }, u.data(), u.data(),
      x.data(), z.data());
}

namespace detail {

template <class T>
struct ProductTerm {
  const T *x, *y;
  VIDEOONENET_DEVICE void operator()(Index i, Sums<1>& sums) const { sums[0] += double(x[i]) * double(y[i]); }
};
template <class T>
struct SquaredDifferenceTerm {
  const T *x, *y;
  VIDEOONENET_DEVICE void operator()(Index i, Sums<1>& sums) const {
    const double d = double(x[i]) - double(y[i]);
    sums[0] += d * d;
  }
};
template <class T>
struct ResidualTerm {
  const T *x, *z;
  T* previous_z;
  VIDEOONENET_DEVICE void operator()(Index i, Sums<2>& sums) const {
    const double primal = double(x[i]) - double(z[i]), dual = double(z[i]) - double(previous_z[i]);
    sums[0] += primal * primal;
    sums[1] += dual * dual;
    previous_z[i] = z[i];
  }
};

}  // namespace detail

/// ⟨x, y⟩.
template <Gpu Ex, class T>
double dot(const Ex& ex, std::span<const T> x, Input<T> y) {
  return sum_to_host<1>(ex, std::ssize(x), detail::ProductTerm<T>{x.data(), y.data()})[0];
}

/// ‖x‖².
template <Gpu Ex, class T>
double squared_norm(const Ex& ex, std::span<const T> x) {
  return dot(ex, x, x);
}

/// ‖x − y‖².
template <Gpu Ex, class T>
double squared_distance(const Ex& ex, std::span<const T> x, Input<T> y) {
  return sum_to_host<1>(ex, std::ssize(x), detail::SquaredDifferenceTerm<T>{x.data(), y.data()})[0];
}

/// The squared residuals of an iteration in one pass, which also stores z as the previous one of the next.
template <Gpu Ex, class T>
cpu::SquaredResiduals update_residuals(const Ex& ex, Input<T> x, Input<T> z, Output<T> previous_z) {
  const auto sums =
      sum_to_host<2>(ex, std::ssize(previous_z), detail::ResidualTerm<T>{x.data(), z.data(), previous_z.data()});
  return {sums[0], sums[1]};
}

}  // namespace videoonenet::cuda
