// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Optimisers: how a gradient changes the parameters, with a state of plain arrays that can be saved.

#include <array>
#include <cmath>
#include <concepts>
#include <string_view>

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/train/optimizer/optimizer_cpu.hpp"

namespace videoonenet {

/// A rule that changes parameters by their gradient.
///
/// Requirements, for `const O& o` (options only) and p parameters:
///  1. `O::state_names` names its arrays of p entries each; the state is one span of them, one after the other, zero in
///     the beginning;
///  2. `o.check()` throws InputError when an option is out of range;
///  3. `o.update(ex, step, factor, gradient, state, parameters)` makes update number `step` (from 1) with `factor`
///  times
///     the learning rate. It depends on nothing else, so that saved arrays and the step resume a training exactly.
template <class O, class T, class Ex = Cpu>
concept Optimizer = requires(const O& o, const Ex& ex, Index step, double factor, std::span<const T> gradient,
                             std::span<T> state, std::span<T> parameters) {
  { O::state_names.size() } -> std::convertible_to<std::size_t>;
  o.check();
  o.update(ex, step, factor, gradient, state, parameters);
};

namespace detail {

inline void require_learning_rate(double rate, const char* where) {
  if (!(rate > 0) || !std::isfinite(rate))
    throw InputError(sentence(where, ": the learning rate is ", rate, ", expected a positive number"));
}
/// Errors: InputError when `value` is not in [0, 1).
inline void require_decay(double value, const char* where, const char* what) {
  if (!(value >= 0 && value < 1))
    throw InputError(sentence(where, ": ", what, " is ", value, ", expected a number from 0 and below 1"));
}

}  // namespace detail

/// Adam, with the papers' numbers.
///
/// Math: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − α √(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε): as in Keras, ε is
/// added to the uncorrected √v (Kingma and Ba 2015, end of their §2).
/// Errors: InputError for options out of range.  Cost: one pass.  Source: VON §5.
struct Adam {
  double learning_rate = 1e-4;  ///< α
  double beta1 = 0;
  double beta2 = 0.9;
  double epsilon = 1e-7;

  static constexpr std::array<std::string_view, 2> state_names{"first_moment", "second_moment"};

  void check() const {
    detail::require_learning_rate(learning_rate, "Adam");
    detail::require_decay(beta1, "Adam", "beta1");
    detail::require_decay(beta2, "Adam", "beta2");
    if (!(epsilon > 0) || !std::isfinite(epsilon))
      throw InputError(sentence("Adam: epsilon is ", epsilon, ", expected a positive number"));
  }
  template <Executor Ex, class T>
  void update(const Ex& ex, Index step, double factor, std::span<const std::type_identity_t<T>> gradient,
              std::span<T> state, std::span<std::type_identity_t<T>> parameters) const {
    const double t = double(step);
    const double rate = factor * learning_rate * std::sqrt(1 - std::pow(beta2, t)) / (1 - std::pow(beta1, t));
    const std::size_t p = parameters.size();
    adam_update(ex, rate, beta1, beta2, epsilon, gradient, state.first(p), state.last(p), parameters);
  }
};

/// Gradient descent with momentum.
///
/// Math: m ← μm − αg, θ ← θ + m.  Errors: InputError for options out of range.  Cost: two passes.
struct Sgd {
  double learning_rate = 1e-2;  ///< α
  double momentum = 0;          ///< μ

  static constexpr std::array<std::string_view, 1> state_names{"velocity"};

  void check() const {
    detail::require_learning_rate(learning_rate, "Sgd");
    detail::require_decay(momentum, "Sgd", "the momentum");
  }
  template <Executor Ex, class T>
  void update(const Ex& ex, Index /*step*/, double factor, std::span<const std::type_identity_t<T>> gradient,
              std::span<T> state, std::span<std::type_identity_t<T>> parameters) const {
    axpby(ex, T(-factor * learning_rate), gradient, T(momentum), state);
    axpby(ex, T(1), state, T(1), parameters);
  }
};

/// ‖gradient‖₂, and the gradient scaled down to `limit` where it is longer.
/// Errors: none; the norm of a gradient with NaN or infinity is not finite, and the gradient stays as it is.
/// Cost: one or two passes.  Source: VON §5 clips to a norm of 1 over all parameters together.
template <Executor Ex, class T>
double clip_global_norm(const Ex& ex, double limit, std::span<T> gradient) {
  const double norm = std::sqrt(squared_norm(ex, std::span<const T>(gradient)));
  if (norm > limit && std::isfinite(norm)) axpby(ex, T(limit / norm), gradient, T(0), gradient);
  return norm;
}

/// Every entry of the gradient limited to [−limit, limit].
/// Cost: one pass.  Source: DUA clips to ±10.
template <Executor Ex, class T>
void clip_value(const Ex& ex, double limit, std::span<T> gradient) {
  clamp_entries(ex, T(limit), gradient);
}

}  // namespace videoonenet
