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
  T* py = y.data();
  for_each(ex, std::ssize(y), [=] VIDEOONENET_DEVICE(Index i) { py[i] = value; });
}

/// y = x.
template <Gpu Ex, class T>
void copy(const Ex& ex, Input<T> x, Output<T> y) {
  if (x.data() == y.data()) return;
  const T* px = x.data();
  T* py = y.data();
  for_each(ex, std::ssize(y), [=] VIDEOONENET_DEVICE(Index i) { py[i] = px[i]; });
}

/// y = a x + b y; y is not read when b is zero.
template <Gpu Ex, class T>
void axpby(const Ex& ex, std::type_identity_t<T> a, Input<T> x, std::type_identity_t<T> b, Output<T> y) {
  const T* px = x.data();
  T* py = y.data();
  for_each(ex, std::ssize(y),
           [=] VIDEOONENET_DEVICE(Index i) { py[i] = b == T(0) ? a * px[i] : a * px[i] + b * py[i]; });
}

/// z = a x + b y.
template <Gpu Ex, class T>
void linear_combination(const Ex& ex, std::type_identity_t<T> a, Input<T> x, std::type_identity_t<T> b, Input<T> y,
                        Output<T> z) {
  const T *px = x.data(), *py = y.data();
  T* pz = z.data();
  for_each(ex, std::ssize(z), [=] VIDEOONENET_DEVICE(Index i) { pz[i] = a * px[i] + b * py[i]; });
}

/// b = aty + rho (x + u), the right-hand side of the data step.
template <Gpu Ex, class T>
void data_step_rhs(const Ex& ex, Input<T> aty, std::type_identity_t<T> rho, Input<T> x, Input<T> u, Output<T> b) {
  const T *pa = aty.data(), *px = x.data(), *pu = u.data();
  T* pb = b.data();
  for_each(ex, std::ssize(b), [=] VIDEOONENET_DEVICE(Index i) { pb[i] = pa[i] + rho * (px[i] + pu[i]); });
}

/// u += x − z.
template <Gpu Ex, class T>
void dual_ascent(const Ex& ex, Input<T> x, Input<T> z, Output<T> u) {
  const T *px = x.data(), *pz = z.data();
  T* pu = u.data();
  for_each(ex, std::ssize(u), [=] VIDEOONENET_DEVICE(Index i) { pu[i] += px[i] - pz[i]; });
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
