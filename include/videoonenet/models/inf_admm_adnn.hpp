// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Inf-ADMM-ADNN: ADMM of two networks that were trained apart, an inverse of the operator and a denoiser.

#include "videoonenet/datastep/learned_inverse/learned_inverse.hpp"
#include "videoonenet/models/pixel_shuffle_denoiser.hpp"
#include "videoonenet/nn/tied_autoencoder/tied_autoencoder.hpp"
#include "videoonenet/proximal/conditioned_prior/conditioned_prior.hpp"
#include "videoonenet/unroll/admm.hpp"

namespace videoonenet {

/// Sizes of both networks, for one operator that measures images of a lower resolution; the defaults are the paper's
/// but for the form. `Linear` for F comes closer to the inverse (docs/results.md#a-learned-inverse).
template <class T, ActivationFunction F = Relu>
struct InfAdmmAdnnOptions {
  TiedAutoencoder<T, F> inverse{};
  PixelShuffleDenoiserOptions denoiser{.condition = 3};  ///< its factor is that between image and measurement
  T rho = T(0.3);                                        ///< β of the paper, whose dual variable is 2βu
  InverseForm form = InverseForm::residual;
};

/// Restores images without a solve and without a loop inside of the loop.
///
/// Math: x = p(θ, z − u; y), z by LearnedInverse, u ← u + x − z.
/// Train the inverse with `train_inverse` for the same operator and ρ, and the denoiser with an AdversarialStep of
/// `denoiser()` on pairs of packed images: [noisy image, measurement] and the image.
/// Errors: InputError of its parts for sizes out of range.
/// Source: SPEC §4 (INF, Algorithm 1).
template <class T, ActivationFunction F = Relu>
class InfAdmmAdnn {
 public:
  using value_type = T;

  explicit InfAdmmAdnn(const InfAdmmAdnnOptions<T, F>& options)
      : options_(options), denoiser_(pixel_shuffle_denoiser_core<T>(options.denoiser)) {}

  const InfAdmmAdnnOptions<T, F>& options() const { return options_; }
  const auto& inverse() const { return options_.inverse; }
  const auto& denoiser() const { return denoiser_; }

  /// Writes z to `result`; both networks' weights lie in memory of the executor.
  /// Shapes: y is an image of a.range(), of the denoiser's channels of condition; result has a.domain().
  /// Errors: ShapeError where networks, weights, operator and measurement do not fit; those of `admm`.
  template <Executor Ex, class A>
  AdmmReport restore(const Ex& ex, std::span<const T> inverse_weights, std::span<const T> denoiser_weights, const A& a,
                     std::span<const T> y, View<T> result, AdmmOptions<T> admm_options = {}) const {
    const Shape range = a.range();
    require_size(std::ssize(y), range.size(), "InfAdmmAdnn::restore", "the measurement y");
    const ConditionedPrior prior(denoiser_, denoiser_weights, View<const T>{y.data(), range}, options_.denoiser.factor);
    const LearnedInverse<TiedAutoencoder<T, F>> data_step{options_.inverse, inverse_weights, options_.rho,
                                                          options_.form};
    admm_options.rho = options_.rho;
    return admm(ex, prior, data_step, a, y, result, admm_options);
  }

 private:
  InfAdmmAdnnOptions<T, F> options_;
  decltype(pixel_shuffle_denoiser_core<T>({})) denoiser_;
};

}  // namespace videoonenet
