// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Box constraint: the projection onto a range of values.

#include <limits>

#include "videoonenet/concepts/proximal_operator.hpp"
#include "videoonenet/proximal/box/box_cpu.hpp"

namespace videoonenet {

/// All entries lie in [low, high].
///
/// Math: φ(x) = 0 if low ≤ x ≤ high, else ∞; prox_{τφ}(v) = min(max(v, low), high) for every τ; NaN stays NaN.
/// Errors: InputError when low is not below high.  Cost: one pass.
template <class T>
struct Box {
  using value_type = T;
  T low = T(0);   ///< least value; −∞ for none
  T high = T(1);  ///< greatest value; ∞ for none

  template <Executor Ex>
  void apply(const Ex& ex, View<const T> v, T, View<T> x) const {
    require_range();
    box_project(ex, low, high, v.flat(), x.flat());
  }
  /// φ(x).
  template <Executor Ex>
  double value(const Ex& ex, View<const T> x) const {
    require_range();
    return box_violations(ex, low, high, x.flat()) == 0 ? 0 : std::numeric_limits<double>::infinity();
  }

 private:
  void require_range() const {
    if (!(low < high)) throw InputError(sentence("Box: the range is [", low, ", ", high, "], expected low < high"));
  }
};

}  // namespace videoonenet
