// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Restoration by any of the programs' methods, on any executor.

#include <type_traits>

#include "support/method.hpp"
#include "videoonenet/baselines/bicubic/bicubic.hpp"
#include "videoonenet/baselines/wiener/wiener.hpp"
#include "videoonenet/core/on_executor.hpp"
#include "videoonenet/datastep/datastep.hpp"
#include "videoonenet/operators/chain/chain.hpp"
#include "videoonenet/operators/shipped_operator.hpp"
#include "videoonenet/proximal/total_variation/total_variation.hpp"
#include "videoonenet/proximal/wavelet/wavelet.hpp"
#include "videoonenet/unroll/admm.hpp"

namespace program {

using namespace videoonenet;

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

/// A restored video and how it was reached.
struct Restoration {
  Tensor<float> video;
  int iterations = 0;          ///< of ADMM, or of the data step's solver for closed-form methods
  double primal_residual = 0;  ///< RMS(x − z) after the last ADMM iteration
  SolveReport solve{};         ///< of the last data step
};

/// Called after every ADMM iteration.
using OnIteration = std::function<void(const AdmmResiduals&)>;

namespace detail {

/// Calls body(executor) on the host, where memory is what it works on.
/// Errors: InputError naming what cannot be done on a device.
template <class Body>
void on_the_host(const Cpu& ex, const char*, Body&& body) {
  body(ex);
}
template <DeviceExecutor Ex, class Body>
void on_the_host(const Ex&, const char* what, Body&&) {
  throw InputError(sentence(what, " is for --device cpu"));
}

/// Runs `body` on the leaf operator of type B that `a` holds; false when it holds another.
template <class B, class A, class Body>
bool with_leaf(const A& a, Body&& body) {
  if constexpr (std::is_same_v<structure_of<A>, structure::Variant>) {
    if (const B* leaf = std::get_if<B>(&a.variant())) {
      body(*leaf);
      return true;
    }
  } else if constexpr (requires { a.size(), a[0]; }) {
    if (a.size() == 1) return with_leaf<B>(a[0], body);
  }
  return false;
}

}  // namespace detail

/// Whether a method can restore measurements of an operator: wiener undoes blur, bicubic undoes subsampling.
template <class A>
bool suits(const Method& m, const A& a) {
  const auto ignore = [](const auto&) {};
  if (m.name == "wiener")
    return detail::with_leaf<FullBlur<float>>(a, ignore) || detail::with_leaf<TemporalBlur<float>>(a, ignore);
  if (m.name == "bicubic")
    return detail::with_leaf<BoxDownsample<float>>(a, ignore) || detail::with_leaf<StridedBlur<float>>(a, ignore);
  return true;
}

namespace detail {

/// Writes the restored video to x and the rest to `result`; y and x are in memory of the executor.
template <Executor Ex, class A>
void restore_on(const Ex& ex, const Method& m, const A& a, std::span<const float> y, View<float> x,
                const OnIteration& on_iteration, Restoration& result) {
  const SolverOptions solver = m.solver();
  const auto admm_with = [&](const auto& prior) {
    const LeastSquares data_step{.solver = solver};
    const AdmmOptions<float> options{.rho = static_cast<float>(m.effective_rho().value()),
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
    if (m.windows.frames)
      on_the_host(ex, "--window", [&](const auto& host) {
        restore_by_windows(host, AdmmSolver{prior, data_step, options}, {}, a, y, x, m.windows,
                           [&](const auto& cache) { note(cache.report); });
      });
    else
      note(admm(ex, prior, data_step, a, y, x, options));
  };

  if (m.network) {
    if (m.windows.frames)
      on_the_host(ex, "--window", [&](const auto& host) { m.network->restore(host, a, y, x, m.windows); });
    else
      m.network->restore(ex, a, y, x);
    result.iterations = m.network->model().iterations();
  } else if (m.name == "wavelet") {
    admm_with(wavelet_prior(m));
  } else if (m.name == "tv") {
    // A fixed number of warm-started steps: a tolerance could stop before the small change of an iteration is made.
    admm_with(TotalVariation<float>{
        .lambda = static_cast<float>(m.effective_lambda().value()), .iterations = 10, .tolerance = 0});
  } else if (m.name == "wiener") {
    const Wiener<float> wiener{.noise_to_signal = m.effective_lambda().value()};
    const auto run = [&](const auto& blur) {
      on_the_host(ex, "the method wiener", [&](const auto& host) { wiener.restore(host, blur, y, x); });
    };
    if (!detail::with_leaf<FullBlur<float>>(a, run)) detail::with_leaf<TemporalBlur<float>>(a, run);
  } else if (m.name == "bicubic") {
    const auto run = [&](const auto& sampling) {
      on_the_host(ex, "the method bicubic", [&](const auto& host) { Bicubic<float>{}.restore(host, sampling, y, x); });
    };
    if (!detail::with_leaf<BoxDownsample<float>>(a, run)) detail::with_leaf<StridedBlur<float>>(a, run);
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
  if (!suits(m, a))
    throw InputError(sentence(
        "the method ", m.name, " needs a single problem ",
        m.name == "wiener" ? "disk_blur, motion_blur or temporal_disk_blur" : "super_resolution or strided_blur"));
  const Shape shape = a.domain();
  Restoration result{.video = Tensor<float>(shape)};
  on_executor(ex, y, result.video.flat(), [&](std::span<const float> measurement, std::span<float> x) {
    detail::restore_on(ex, m, a, measurement, {x.data(), shape}, on_iteration, result);
  });
  return result;
}

// Compiled once for all programs, in restoration.cpp and restoration_chain.cpp.
extern template Restoration restore(const Cpu&, const Method&, const ShippedOperator<float>&, std::span<const float>,
                                    const OnIteration&);
extern template Restoration restore(const Cpu&, const Method&, const Chain<ShippedOperator<float>>&,
                                    std::span<const float>, const OnIteration&);

}  // namespace program
