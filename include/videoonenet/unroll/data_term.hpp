// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What a measurement may be compared by, and the proximal operator of its conjugate.

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/proximal/box/box.hpp"

namespace videoonenet {

/// f(Az), what it costs that Az is not y.
enum class DataTerm {
  squared_error,   ///< ½‖Az − y‖², for normal noise
  absolute_error,  ///< ‖Az − y‖₁, for measurements some of which are just wrong
};

namespace detail {

/// A step of the dual variable p of f along error = Az − y.
///
/// Math: p⁺ = prox_{σf*}(p + σAz): p + σ(Az − y), divided by 1 + σ under the squared error, and clamped to [−1, 1] under
/// the absolute one.  Cost: one pass or two.
template <Executor Ex, class T>
void data_term_dual_step(const Ex& ex, DataTerm data_term, std::type_identity_t<T> sigma, Input<T> p, Input<T> error,
                         Output<T> next) {
  if (data_term == DataTerm::squared_error) {
    linear_combination(ex, 1 / (1 + sigma), p, sigma / (1 + sigma), error, next);
  } else {
    linear_combination(ex, T(1), p, sigma, error, next);
    box_project(ex, T(-1), T(1), next, next);
  }
}

}  // namespace detail

}  // namespace videoonenet
