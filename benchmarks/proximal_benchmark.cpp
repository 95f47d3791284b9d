// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Proximal operators, and the ADMM whose peer is peers/wavelet_admm.py. Counters:
//   GFLOP/s, GB/s   the work the algorithm asks for, by the formulas below
//   peak            that as a share of this machine's measured peak, whichever of the two is nearer to its limit
//   s/iteration     of ADMM, everything included

#include <benchmark/benchmark.h>

#include "machine_peak.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/datastep/least_squares/least_squares.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/proximal/l1/l1.hpp"
#include "videoonenet/proximal/total_variation/total_variation.hpp"
#include "videoonenet/proximal/wavelet/wavelet.hpp"
#include "videoonenet/unroll/admm.hpp"

namespace {

using namespace videoonenet;

const Shape shapes[] = {
    {.t = 4, .h = 32, .w = 32, .f = 3}, {.t = 9, .h = 14, .w = 14, .f = 1}, {.t = 16, .h = 240, .w = 320, .f = 3}};

Tensor<float> random_video(const Shape& shape) {
  Tensor<float> v(shape);
  Random random(1);
  for (float& value : v.flat()) value = static_cast<float>(random.uniform());
  return v;
}

Wavelet<float> db4(Index levels) {
  return {.lambda = 0.05f,
          .wavelets = {WaveletName::db4, WaveletName::db4, WaveletName::db4},
          .levels = {.t = levels, .h = levels, .w = levels},
          .approximation = Wavelet<float>::Approximation::threshold};
}

/// What one application needs: operations, and bytes touched once a pass.
struct Work {
  double flops = 0, bytes = 0;
};

double bytes_of(double passes, const Shape& shape) { return passes * sizeof(float) * double(shape.size()); }

/// v is read, x is written; a subtraction and two comparisons.
Work work_of(const L1<float>&, const Shape& shape) { return {3 * double(shape.size()), bytes_of(2, shape)}; }

/// v is read, the coefficients are written and read, x is written; a tap is a multiply-add, in both directions.
Work work_of(const Wavelet<float>& prior, const Shape& shape) {
  const WaveletTransform<float> transform(shape, prior.wavelets, prior.levels);
  const auto& plan = transform.plan();
  double taps = 0;
  for (Index level = 1; level <= plan.levels(); ++level)
    for (const auto* axis : {&plan.t, &plan.h, &plan.w})
      if (axis->levels >= level) taps += double(axis->taps) * double(plan.approximation(level - 1).size());
  return {2 * 2 * taps + 3 * double(shape.size()), bytes_of(plan.levels() > 0 ? 4 : 2, shape)};
}

/// A step reads v and reads and writes the dual and its extrapolation, three entries each; 33 operations, and when
/// isotropic 18 more for the norm.
Work work_of(const TotalVariation<float>& prior, const Shape& shape) {
  const double flops = prior.norm == TotalVariation<float>::Norm::isotropic ? 51 : 33;
  return {prior.iterations * flops * double(shape.size()), bytes_of(13.0 * prior.iterations, shape)};
}

template <class Prior>
void run_proximal(benchmark::State& state, const Prior& prior, const Shape& shape) {
  const Cpu ex{.threads = static_cast<int>(state.range(0))};
  const Tensor<float> v = random_video(shape);
  Tensor<float> x(shape);
  auto cache = make_cache(prior, ex, shape);
  const Work work = work_of(prior, shape);
  auto& peak = benchmarks::machine_peak(ex.threads);
  const auto working_set = static_cast<Index>(std::min(work.bytes, bytes_of(13, shape)));
  const double least = std::max(work.flops / peak.float_flops, work.bytes / peak.bandwidth(working_set));
  for (auto _ : state) {
    apply_proximal(prior, ex, cache, v.view(), 1 / 0.3f, x.view());
    benchmark::ClobberMemory();
  }
  const auto rate = [&](double amount) {
    return benchmark::Counter(amount * double(state.iterations()), benchmark::Counter::kIsRate);
  };
  state.counters["GFLOP/s"] = rate(work.flops * 1e-9);
  state.counters["GB/s"] = rate(work.bytes * 1e-9);
  state.counters["peak"] = rate(least);
}

void run_admm(benchmark::State& state, const Wavelet<float>& prior, const Shape& shape, int iterations) {
  const Cpu ex{.threads = static_cast<int>(state.range(0))};
  Random random(2);
  Buffer<float> mask(shape.size()), y(shape.size());
  for (float& m : mask) m = random.uniform() < 0.5;
  const Mask<float> a(shape, mask);
  const Tensor<float> truth = random_video(shape);
  a.apply(ex, truth.flat(), y.span());
  Tensor<float> z(shape);
  for (auto _ : state) {
    admm(ex, prior, LeastSquares{}, a, y.span(), z.view(), {.rho = 0.3f, .iterations = iterations, .tolerance = 0});
    benchmark::ClobberMemory();
  }
  state.counters["s/iteration"] = benchmark::Counter(double(state.iterations()) * iterations,
                                                     benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

template <class Body>
void add(const std::string& name, Body body) {
  benchmark::RegisterBenchmark(name.c_str(), body)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime();
}

const int registered = [] {
  for (const Shape& shape : shapes) {
    const std::string at = sentence("/", shape.t, "x", shape.h, "x", shape.w, "x", shape.f);
    const bool large = shape.size() > Index(1) << 20;
    add("soft_threshold" + at, [=](auto& state) { run_proximal(state, L1<float>{}, shape); });
    add("wavelet_published" + at, [=](auto& state) { run_proximal(state, Wavelet<float>::published(), shape); });
    for (Index levels : {1, 2})
      add("wavelet_db4" + at + sentence("/levels:", levels),
          [=](auto& state) { run_proximal(state, db4(levels), shape); });
    for (auto norm : {TotalVariation<float>::Norm::isotropic, TotalVariation<float>::Norm::anisotropic})
      add((norm == TotalVariation<float>::Norm::isotropic ? "tv_isotropic_10_steps" : "tv_anisotropic_10_steps") + at,
          [=](auto& state) {
            run_proximal(state, TotalVariation<float>{.norm = norm, .iterations = 10, .tolerance = 0}, shape);
          });
    for (Index levels : {large ? 1 : 0, large ? 2 : 1})
      add("admm_wavelet" + at + sentence("/levels:", levels),
          [=](auto& state) { run_admm(state, db4(levels), shape, large ? 30 : 300); });
  }
  return 0;
}();

}  // namespace

BENCHMARK_MAIN();
