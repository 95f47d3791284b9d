// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Quadratic prior: Tikhonov regularisation towards a centre.

#include "videoonenet/concepts/proximal_operator.hpp"
#include "videoonenet/core/mirrored.hpp"
#include "videoonenet/proximal/quadratic/quadratic_cpu.hpp"
#include "videoonenet/proximal/weight.hpp"

namespace videoonenet {

/// Closeness to a centre, to zero without one.
///
/// Math: φ(x) = ½λ‖x − c‖², prox_{τφ}(v) = (v + τλ c) / (1 + τλ).
/// Errors: InputError for a negative or infinite weight; ShapeError when the centre is not of x's size.
/// Cost: one pass.
template <class T>
struct Quadratic {
  using value_type = T;
  T lambda = T(0.05);    ///< weight λ ≥ 0
  Mirrored<T> centre{};  ///< c, a Buffer<T> of as many entries as the batch; empty for zero

  template <Executor Ex>
  void apply(const Ex& ex, View<const T> v, T tau, View<T> x) const {
    const T weight = proximal_weight(tau, lambda, "Quadratic");
    require_centre(v.size());
    if (centre.size() > 0)
      quadratic_prox(ex, weight, centre.on(ex), v.flat(), x.flat());
    else
      quadratic_prox(ex, weight, v.flat(), x.flat());
  }
  /// φ(x).
  template <Executor Ex>
  double value(const Ex& ex, View<const T> x) const {
    require_centre(x.size());
    return 0.5 * double(lambda) *
           (centre.size() > 0 ? squared_distance(ex, x.flat(), centre.on(ex)) : squared_norm(ex, x.flat()));
  }

 private:
  void require_centre(Index size) const {
    if (centre.size() > 0) require_size(centre.size(), size, "Quadratic", "the centre");
  }
};

}  // namespace videoonenet
