// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Restoration by any of the programs' methods, on any executor; compiled for the host in restoration.cpp alone.

#include <cstdio>

#include "support/network_method.hpp"
#include "support/restoration.hpp"
#include "videoonenet/baselines/bicubic/bicubic.hpp"
#include "videoonenet/baselines/wiener/wiener.hpp"
#include "videoonenet/core/on_executor.hpp"
#include "videoonenet/core/on_host.hpp"
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/models/image_projector.hpp"
#include "videoonenet/models/inverse_net.hpp"
#include "videoonenet/proximal/layer_prior/layer_prior.hpp"
#include "videoonenet/proximal/total_variation/total_variation.hpp"
#include "videoonenet/proximal/wavelet/wavelet.hpp"

namespace program {

/// The wavelet prior of a method.
inline Wavelet<float> wavelet_prior(const Method& m) {
  const auto lambda = static_cast<float>(m.effective_lambda().value());
  const WaveletName name = wavelet_from_name(m.wavelet);
  if (m.levels == "published") return Wavelet<float>::published(lambda, name);
  Wavelet<float> prior{.lambda = lambda, .wavelets = {.h = name, .w = name}};
  if (m.levels == "auto") return prior;
  std::array<long, 3> levels{};
  int read = 0;
  if (std::sscanf(m.levels.c_str(), "%ld,%ld,%ld%n", &levels[0], &levels[1], &levels[2], &read) != 3 ||
      static_cast<std::size_t>(read) != m.levels.size())
    throw InputError(sentence("--levels is \"", m.levels, "\", expected auto, published or three numbers t,h,w"));
  prior.levels = {.t = levels[0], .h = levels[1], .w = levels[2]};
  return prior;
}

namespace detail {

/// The operator of type B that is the only problem; null when it is another one, or one of several.
template <class B>
const B* single(const ShippedOperator<float>& a) {
  return std::get_if<B>(&a.variant());
}
template <class B>
const B* single(const Chain<ShippedOperator<float>>& a) {
  return a.size() == 1 ? single<B>(a[0]) : nullptr;
}
template <class B>
const B* single(const AnyOperator& a) {
  return std::visit([](const auto& inner) { return single<B>(inner); }, a.variant());
}

}  // namespace detail

/// See suits in restoration.hpp.
template <class A>
bool suits_any(const Method& m, const A& a) {
  if (m.name == "wiener") return detail::single<FullBlur<float>>(a) || detail::single<TemporalBlur<float>>(a);
  if (m.name == "bicubic") return detail::single<BoxDownsample<float>>(a) || detail::single<StridedBlur<float>>(a);
  return !m.inf_admm || m.inf_admm->suits(a);
}

namespace detail {

/// Calls body(host, y, x) for a method that takes one pass, whose work is the host's wherever y and x are.
template <Executor Ex, class Body>
void closed_form(const Ex& ex, std::span<const float> y, View<float> x, Body&& body) {
  Cpu host;
  if constexpr (!DeviceExecutor<Ex>) host = ex;
  on_host(ex, y, x.flat(), [&](std::span<const float> measured, std::span<float> video) {
    body(host, measured, View<float>{video.data(), x.shape});
  });
}

/// Writes the restored video to x and the rest to `result`; y and x are in memory of the executor.
template <Executor Ex, class A>
void restore_on(const Ex& ex, const Method& m, const A& a, std::span<const float> y, View<float> x,
                const OnIteration& on_iteration, Restoration& result) {
  const SolverOptions solver = m.solver();
  const AdmmOptions<float> options{.rho = static_cast<float>(m.effective_rho().value_or(0.3)),
                                   .iterations = m.iterations,
                                   .tolerance = static_cast<float>(m.tolerance),
                                   .relaxation = static_cast<float>(m.relaxation),
                                   .callback = [&](const AdmmResiduals& r, View<const float>) {
                                     if (on_iteration) on_iteration(r);
                                     return true;
                                   }};
  const auto note = [&](const AdmmReport& report) {  // of several windows: the largest
    result.iterations = std::max(result.iterations, report.iterations());
    if (!report.history.empty())
      result.primal_residual = std::max(result.primal_residual, report.history.back().primal);
  };
  const auto admm_with = [&](const auto& prior) {
    const LeastSquares data_step{.solver = solver};
    if (m.windows.frames)
      restore_by_windows(ex, AdmmSolver{prior, data_step, options}, {}, a, y, x, m.windows,
                         [&](const auto& cache) { note(cache.report); });
    else
      note(admm(ex, prior, data_step, a, y, x, options));
  };

  if (m.network) {
    if (m.windows.frames)
      m.network->restore(ex, a, y, x, m.windows);
    else
      m.network->restore(ex, a, y, x);
    result.iterations = m.network->model().iterations();
  } else if (m.projector) {
    m.projector->with_weights(ex, [&](std::span<const float> weights) {
      admm_with(LayerPrior(image_projector<float>(m.projector->sizes()), weights));
    });
  } else if (m.inverse_net) {
    m.inverse_net->with_weights(ex, [&](std::span<const float> weights) {
      restore_in_one_pass(ex, inverse_net<float>(m.inverse_net->sizes()), weights, a, y, x, solver);
    });
    result.iterations = 1;
  } else if (m.inf_admm) {
    m.inf_admm->with_weights(
        ex, [&](std::span<const float> weights) { note(m.inf_admm->restore(ex, weights, a, y, x, options)); });
  } else if (m.name == "wavelet") {
    admm_with(wavelet_prior(m));
  } else if (m.name == "tv") {
    // A fixed number of warm-started steps: a tolerance could stop before the small change of an iteration is made.
    admm_with(TotalVariation<float>{
        .lambda = static_cast<float>(m.effective_lambda().value()), .iterations = 10, .tolerance = 0});
  } else if (m.name == "wiener") {
    const Wiener<float> wiener{.noise_to_signal = m.effective_lambda().value()};
    const auto run = [&](const auto& blur) {
      closed_form(ex, y, x,
                  [&](const Cpu& host, auto measured, auto video) { wiener.restore(host, blur, measured, video); });
    };
    if (const auto* blur = single<FullBlur<float>>(a)) run(*blur);
    if (const auto* blur = single<TemporalBlur<float>>(a)) run(*blur);
  } else if (m.name == "bicubic") {
    const auto run = [&](const auto& sampling) {
      closed_form(ex, y, x, [&](const Cpu& host, auto measured, auto video) {
        Bicubic<float>{}.restore(host, sampling, measured, video);
      });
    };
    if (const auto* sampling = single<BoxDownsample<float>>(a)) run(*sampling);
    if (const auto* sampling = single<StridedBlur<float>>(a)) run(*sampling);
  } else {
    NormalSolver<A, structure_of<A>, Ex> normal(ex, a, solver);
    if (m.name == "least_squares") {
      normal.pseudo_inverse(ex, y, x.flat());
    } else {
      auto aty = ex.template allocate<float>(x.size());
      a.apply_adjoint(ex, y, aty.span());
      normal.solve(ex, static_cast<float>(m.effective_rho().value()), aty.span(), x.flat());
    }
    result.solve = normal.report();
    result.iterations = result.solve.iterations;
  }
}

}  // namespace detail

/// Restores the video measured as y = A x; y and the video are on the host, whatever the executor.
/// Errors: InputError when the method does not suit the operator or the executor; whatever the solvers throw.
template <Executor Ex, class A>
Restoration restore(const Ex& ex, const Method& m, const A& a, std::span<const float> y,
                    const OnIteration& on_iteration = {}) {
  if (!suits_any(m, a))
    throw InputError(sentence("the method ", m.label(), " needs a single problem ",
                              m.inf_admm           ? "at the resolution of the one it was trained for"
                              : m.name == "wiener" ? "disk_blur, motion_blur or temporal_disk_blur"
                                                   : "super_resolution or strided_blur"));
  const Shape shape = a.domain();
  Restoration result{.video = Tensor<float>(shape)};
  on_executor(ex, y, result.video.flat(), [&](std::span<const float> measurement, std::span<float> x) {
    detail::restore_on(ex, m, a, measurement, {x.data(), shape}, on_iteration, result);
  });
  return result;
}

}  // namespace program
