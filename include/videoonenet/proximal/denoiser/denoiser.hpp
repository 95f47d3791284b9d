// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Plug-and-play prior: any denoiser in the place of a proximal operator.

#include "videoonenet/concepts/proximal_operator.hpp"
#include "videoonenet/core/on_host.hpp"
#include "videoonenet/core/vector_ops.hpp"
#include "videoonenet/proximal/weight.hpp"

namespace videoonenet {

namespace detail {

template <class F, class T>
concept DenoisesOnHost = std::invocable<const F&, View<const T>, T, View<T>>;
template <class F, class Ex, class T>
concept DenoisesOn = std::invocable<const F&, const Ex&, View<const T>, T, View<T>>;

}  // namespace detail

/// A denoiser for white Gaussian noise as the prior of plug-and-play ADMM.
///
/// Math: x = denoise(v, σ) with σ = √(τλ): the proximal operator of τφ is the most probable x given v = x + noise of
/// variance τλ, for the prior exp(−φ/λ).
/// `Callable` is called as `denoise(v, sigma, x)` or, when it takes an executor, as `denoise(ex, v, sigma, x)`, with
/// `View<const T> v`, `T sigma`, `View<T> x`, which never share memory; it writes every entry of x. Without an executor
/// it is given entries on the host, wherever v lies.
/// Errors: InputError for a negative or infinite weight; whatever the callable throws.
/// Cost: the callable's; one pass more when x is the memory of v; for a callable without an executor on a device, a
/// download of v and an upload of x.
/// Source: Venkatakrishnan, Bouman and Wohlberg, "Plug-and-play priors for model based reconstruction" (2013).
template <class T, class Callable>
struct Denoiser {
  using value_type = T;
  Callable denoise;
  T lambda = T(1);  ///< noise variance for τ = 1, ≥ 0

  /// A copy of v, made only when the result is written over it.
  template <Executor Ex>
  struct Cache {
    decltype(std::declval<const Ex&>().template allocate<T>(0)) copy_of_v;
  };

  template <Executor Ex>
    requires(detail::DenoisesOn<Callable, Ex, T> || detail::DenoisesOnHost<Callable, T>)
  Cache<Ex> make_cache(const Ex& ex, const Shape&) const {
    return {ex.template allocate<T>(0)};
  }

  template <Executor Ex>
    requires(detail::DenoisesOn<Callable, Ex, T> || detail::DenoisesOnHost<Callable, T>)
  void apply(const Ex& ex, Cache<Ex>& cache, View<const T> v, T tau, View<T> x) const {
    const T sigma = std::sqrt(proximal_weight(tau, lambda, "Denoiser"));
    if (v.data == x.data) {
      if (cache.copy_of_v.size() != v.size()) cache.copy_of_v = ex.template allocate<T>(v.size());
      copy(ex, v.flat(), cache.copy_of_v.span());
      v.data = cache.copy_of_v.data();
    }
    if constexpr (detail::DenoisesOn<Callable, Ex, T>)
      denoise(ex, v, sigma, x);
    else
      on_host(ex, std::span<const T>(v.flat()), x.flat(), [&](std::span<const T> noisy, std::span<T> result) {
        denoise(View<const T>{noisy.data(), v.shape}, sigma, View<T>{result.data(), x.shape});
      });
  }
};

/// Makes a denoiser a prior: `auto prior = denoiser<float>([](View<const float> v, float sigma, View<float> x) {…});`
template <class T, class Callable>
Denoiser<T, Callable> denoiser(Callable denoise, std::type_identity_t<T> lambda = T(1)) {
  return {std::move(denoise), lambda};
}

}  // namespace videoonenet
