// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The loss of a discriminator's answers.

#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/train/loss/loss_cpu.hpp"

namespace videoonenet {

/// The cross entropy of what a discriminator answers and what it should have answered, a label between 0 (made by a
/// network) and 1 (true), which smoothing keeps away from either.
///
/// Math: the mean of softplus(l) − label·l = −label log σ(l) − (1 − label) log(1 − σ(l)) over all n logits l; its
/// lowest value is the entropy of the label.
/// Adjoint: (σ(l) − label) / n.
/// Shapes: any.  Cost: one pass each; finite for all finite logits.  Source: SPEC §4 (INF, INV).
struct LogisticLoss {
  template <Executor Ex, class T>
  double value(const Ex& ex, View<T> logits, double label) const {
    return logistic_loss(ex, label, std::span<const std::remove_const_t<T>>(logits.flat())) / double(logits.size());
  }
  /// Writes scale · ∂loss/∂l.  Errors: ShapeError.
  template <Executor Ex, class T>
  void gradient(const Ex& ex, View<const std::type_identity_t<T>> logits, double label, double scale,
                View<T> grad_logits) const {
    require_shape(grad_logits.shape, logits.shape, "LogisticLoss", "the gradient");
    scaled_logistic_gradient(ex, scale / double(logits.size()), label, logits.flat(), grad_logits.flat());
  }
};

}  // namespace videoonenet
