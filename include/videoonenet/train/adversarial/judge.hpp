// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A discriminator in adversarial training: what it learns, and what others learn from it; and what the steps share.

#include <cmath>

#include "videoonenet/autodiff/running_statistics.hpp"
#include "videoonenet/concepts/layer.hpp"
#include "videoonenet/train/loss/logistic_loss.hpp"

namespace videoonenet {

/// The weights of one of those who learn from each other, and Adam's two moments of them, one behind the other and zero
/// in the beginning; all in the memory of the executor.
template <class T>
struct AdversarialWeights {
  std::span<T> parameters, moments;
};

namespace detail {

template <class T>
void require_fit(const AdversarialWeights<T>& w, Index count, const char* where, const char* parameters,
                 const char* moments) {
  require_size(std::ssize(w.parameters), count, where, parameters);
  require_size(std::ssize(w.moments), 2 * count, where, moments);
}
/// Errors: InputError naming `where` and what the value is.
inline void require_weight(const char* where, const char* what, double value) {
  if (!(value >= 0 && std::isfinite(value)))
    throw InputError(sentence(where, ": ", what, " is ", value, ", expected zero or a positive number"));
}
/// Errors: NumericalError naming `where`, what the value is and the step.
inline void require_finite(const char* where, double value, const char* what, Index step) {
  if (!std::isfinite(value)) throw NumericalError(sentence(where, ": ", what, " of step ", step, " is ", value));
}
inline void require_share(const char* where, const char* what, double value) {
  if (!(value >= 0 && value <= 1))
    throw InputError(sentence(where, ": ", what, " is ", value, ", expected a number from 0 to 1"));
}

}  // namespace detail

/// A layer of logits of the probability that what it is shown is true, and its LogisticLoss ℓ(l, label).
///
/// Shapes: one of inputs, which a cache is made for.  Errors: ShapeError of the layer.
/// Cost: a pass and one of the adjoint for `judge`, one of the adjoint for `please`.
template <class L>
struct Judge {
  using T = typename L::value_type;

  L layer;

  /// What is unused is added to and never read.
  struct Cache {
    View<T> logits{}, grad_logits{}, unused_input{};
    std::span<T> gradient{};  ///< of its own losses by its weights, which `judge` adds to
    std::span<T> unused_gradient{};
    typename L::Cache layer{};
  };

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& input) const {
    const Shape logits = layer.output_shape(input);
    return {.logits = memory.kept.template take<T>(logits),
            .grad_logits = memory.kept.template take<T>(logits),
            .unused_input = memory.kept.template take<T>(input),
            .gradient = memory.kept.template take<T>(layer.parameter_count()),
            .unused_gradient = memory.kept.template take<T>(layer.parameter_count()),
            .layer = layer.make_cache(memory, input)};
  }

  /// weight · ℓ where it should have said `label` of x, whose gradient by its weights is added to the cache's; running
  /// statistics among the parameters follow.
  template <Executor Ex>
  double judge(const Ex& ex, Cache& cache, std::span<T> parameters, View<const T> x, double label,
               double weight) const {
    layer.forward(ex, parameters, x, cache.logits, cache.layer);
    const double loss = weight * LogisticLoss{}.value(ex, cache.logits, label);
    LogisticLoss{}.gradient(ex, cache.logits, label, weight, cache.grad_logits);
    layer.adjoint(ex, parameters, cache.layer, cache.grad_logits, cache.unused_input, cache.gradient);
    update_running_statistics_of(ex, layer, cache.layer, parameters);
    return loss;
  }

  /// ℓ for the x that was judged last, whose maker wants to hear `label`; weight · ∂ℓ/∂x is added to grad_x.
  template <Executor Ex>
  double please(const Ex& ex, Cache& cache, std::span<T> parameters, double label, double weight,
                View<T> grad_x) const {
    LogisticLoss{}.gradient(ex, cache.logits, label, weight, cache.grad_logits);
    layer.adjoint(ex, parameters, cache.layer, cache.grad_logits, grad_x, cache.unused_gradient);
    return LogisticLoss{}.value(ex, cache.logits, label);
  }
};

}  // namespace videoonenet
