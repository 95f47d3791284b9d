// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// ℓ1 norm: its proximal operator is soft thresholding.

#include "videoonenet/concepts/proximal_operator.hpp"
#include "videoonenet/proximal/l1/l1_cpu.hpp"
#include "videoonenet/proximal/weight.hpp"

namespace videoonenet {

/// Sparsity of the entries themselves.
///
/// Math: φ(x) = λ‖x‖₁, prox_{τφ}(v) = sign(v) max(|v| − τλ, 0); NaN stays NaN.
/// Errors: InputError for a negative or infinite weight.  Cost: one pass.
template <class T>
struct L1 {
  using value_type = T;
  T lambda = T(0.05);  ///< weight λ ≥ 0

  template <Executor Ex>
  void apply(const Ex& ex, View<const T> v, T tau, View<T> x) const {
    soft_threshold(ex, proximal_weight(tau, lambda, "L1"), v.flat(), x.flat());
  }
  /// φ(x).
  template <Executor Ex>
  double value(const Ex& ex, View<const T> x) const {
    return double(lambda) * l1_norm(ex, std::span<const T>(x.flat()));
  }
};

}  // namespace videoonenet
