// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The loss of what a given network sees in a restored image and in the true one.

#include "videoonenet/concepts/layer.hpp"
#include "videoonenet/train/loss/loss.hpp"

namespace videoonenet {

/// The mean squared difference of features, by a comparator C: any Layer, whose weights stay as they are.
///
/// Math: ‖C(z) − C(x)‖² / n over all n entries of C(z).  Adjoint: 2 (∂C/∂z)ᵀ (C(z) − C(x)) / n.
/// A comparator with batch norm is to be made with BatchNormStatistics::running.
/// Cost: C(x) once for all z that are compared with it; C forward and its adjoint for every z. The adjoint has C's
/// weights differentiated as well, which takes memory for as many numbers.
/// Source: SPEC §4 (INF, INV: AlexNet up to fc6).
template <class Comparator>
class FeatureLoss {
 public:
  static_assert(require_layer<Comparator>());
  using T = typename Comparator::value_type;

  struct Cache {
    View<T> truth{}, features{};  ///< C(x), C(z)
    View<T> grad_features{};
    std::span<T> grad_weights{};  ///< is added to and never read
    typename Comparator::Cache comparator{};
  };

  /// `weights` lie in the memory of the executor and must outlive it.
  /// Errors: ShapeError when there are not as many weights as the comparator has parameters.
  FeatureLoss(Comparator comparator, std::span<const T> weights)
      : comparator_(std::move(comparator)), weights_(weights) {
    require_size(std::ssize(weights), comparator_.parameter_count(), "FeatureLoss", "the list of weights");
  }

  /// Errors: ShapeError of the comparator for images that it does not take.
  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& image) const {
    const typename Arena<Ex>::Scope scope(memory.scratch);
    const Shape features = comparator_.output_shape(image);
    return {.truth = memory.kept.template take<T>(features),
            .features = memory.kept.template take<T>(features),
            .grad_features = memory.scratch.template take<T>(features),
            .grad_weights = memory.scratch.template take<T>(std::ssize(weights_)),
            .comparator = comparator_.make_cache(memory, image)};
  }
  /// Remembers C(x) for the calls that follow.
  template <Executor Ex>
  void set_truth(const Ex& ex, View<const T> truth, Cache& cache) const {
    comparator_.forward(ex, weights_, truth, cache.truth, cache.comparator);
  }
  /// The loss of z, which stays as it is until its gradient has been added.
  template <Executor Ex>
  double value(const Ex& ex, View<const T> z, Cache& cache) const {
    comparator_.forward(ex, weights_, z, cache.features, cache.comparator);
    return MeanSquaredError{}.value(ex, cache.features, cache.truth);
  }
  /// Adds scale · ∂loss/∂z of the last z to grad_z.
  template <Executor Ex>
  void add_gradient(const Ex& ex, T scale, const Cache& cache, View<T> grad_z) const {
    MeanSquaredError{}.gradient(ex, cache.features, cache.truth, scale, cache.grad_features);
    comparator_.adjoint(ex, weights_, cache.comparator, cache.grad_features, grad_z, cache.grad_weights);
  }

 private:
  Comparator comparator_;
  std::span<const T> weights_;
};

/// Stands for a FeatureLoss where there is no comparator: zero.
template <class Scalar>
struct NoFeatureLoss {
  using T = Scalar;
  struct Cache {};

  template <Executor Ex>
  Cache make_cache(Memory<Ex>&, const Shape&) const {
    return {};
  }
  template <Executor Ex>
  void set_truth(const Ex&, View<const T>, Cache&) const {}
  template <Executor Ex>
  double value(const Ex&, View<const T>, Cache&) const {
    return 0;
  }
  template <Executor Ex>
  void add_gradient(const Ex&, T, const Cache&, View<T>) const {}
};

}  // namespace videoonenet
