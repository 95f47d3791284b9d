// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Host kernels of normalization: two passes forward and two back, which keep nothing but μ and σ.
///
/// Entries are centred by the mean rounded to T and what the rounding left out is added to the offset, so that no
/// digits are lost however large the mean is. Sums are of few numbers in T, then in double, in fixed blocks in a fixed
/// order.

#include "videoonenet/nn/normalization/normalization_runs_cpu.hpp"

namespace videoonenet::cpu {

/// Numbers of double that the kernels take as scratch.
inline Index normalization_scratch_size(const Executor&, const Normalization& g) {
  return 2 * g.groups * g.channels * (1 + detail::normalization_blocks(g));
}

namespace detail {

/// f(channel) in every lane of a run's registers.
template <class T, class Count, class F>
simd::Vector<T> per_lane(const Normalization& g, const Run<Count>& run, F&& f) {
  if (g.channels == 1) return simd::broadcast(static_cast<T>(f(Index(0))));
  simd::Vector<T> v{};
  for (Index k = 0; k < run.count; ++k) v[static_cast<std::size_t>(k)] = static_cast<T>(f(run.channel + k));
  return v;
}

/// What rounding to T leaves out of the mean.
template <class T>
double mean_rest(const Moments& m) {
  return m.mean - double(static_cast<T>(m.mean));
}

/// v = (x − m) scale + offset, which is γ (x − μ)/s + β.
template <class T>
struct Affine {
  simd::Vector<T> center, scale, offset;

  template <class Count>
  Affine(const Normalization& g, const Run<Count>& run, const T* gamma, const T* beta, const Moments* moments) {
    const Moments* m = moments + run.group * g.channels;
    const auto slope = [&](Index c) { return double(gamma[c]) / g.divisor(m[c].deviation); };
    center = per_lane<T>(g, run, [&](Index c) { return m[c].mean; });
    scale = per_lane<T>(g, run, slope);
    offset = per_lane<T>(g, run, [&](Index c) { return double(beta[c]) - mean_rest<T>(m[c]) * slope(c); });
  }
};

}  // namespace detail

/// μ and σ of every group and channel.
template <class T>
void normalization_moments(const Executor& ex, const Normalization& g, std::span<const T> x, std::span<double> scratch,
                           std::span<Moments> moments) {
  using V = simd::Vector<T>;
  using detail::Part;
  const T* px = x.data();
  // A sixteenth of the entries gives a first mean. That it is as much as a sixteenth bounds what centring by it costs:
  // the variance is no less than a sixteenth of the mean square it is computed from.
  detail::normalization_sums<T>(ex, g, Part::first_sixteenth, scratch, [=](const auto&) {
    return [=](Index i, auto count) { return detail::Pair<V>{simd::load(px + i, count), simd::zeros<T>()}; };
  });
  const double visited = double(detail::visited_pixels(g, Part::first_sixteenth));
  for (std::size_t k = 0; k < moments.size(); ++k) moments[k].mean = double(static_cast<T>(scratch[2 * k] / visited));

  detail::normalization_sums<T>(ex, g, Part::all, scratch, [=, &g](const auto& run) {
    const Moments* m = moments.data() + run.group * g.channels;
    const V center = detail::per_lane<T>(g, run, [=](Index c) { return m[c].mean; });
    return [=](Index i, auto count) {
      const V d = detail::first_lanes<T>(simd::load(px + i, count) - center, count);
      return detail::Pair<V>{d, d * d};
    };
  });
  for (std::size_t k = 0; k < moments.size(); ++k) {
    const double shift = scratch[2 * k] / double(g.pixels), square = scratch[2 * k + 1] / double(g.pixels);
    const double variance = square - shift * shift;
    // All entries are equal where only rounding is left; NaN is kept.
    const bool equal = variance <= double(std::numeric_limits<T>::epsilon()) * square;
    moments[k] = {moments[k].mean + shift, equal ? 0 : std::sqrt(variance)};
  }
}

/// y = f(γ (x − μ)/s + β).
template <class T, class F>
void normalization_forward(const Executor& ex, const Normalization& g, const F& f, Input<T> x, Input<T> gamma,
                           Input<T> beta, std::span<const Moments> moments, Output<T> y) {
  const T* px = x.data();
  T* py = y.data();
  detail::for_runs<T>(ex, g, detail::Part::all, [&](const auto& run, Index) {
    const detail::Affine<T> a(g, run, gamma.data(), beta.data(), moments.data());
    detail::for_steps(run, [&, a](Index i, auto count) {
      simd::store(py + i, f.value((simd::load(px + i, count) - a.center) * a.scale + a.offset), count);
    });
  });
}

/// grad_x, grad_gamma and grad_beta, added; grad_x is overwritten if so asked. The first pass puts γ/s g into grad_x
/// and sums, the second adds the rest.
template <class T, class F>
void normalization_adjoint(const Executor& ex, const Normalization& g, const F& f, Input<T> x, Input<T> gamma,
                           Input<T> beta, std::span<const Moments> moments, Input<T> grad_y, std::span<double> scratch,
                           Output<T> grad_x, Output<T> grad_gamma, Output<T> grad_beta,
                           Accumulate accumulate = Accumulate::add) {
  using V = simd::Vector<T>;
  const T *px = x.data(), *pgy = grad_y.data();
  T* pgx = grad_x.data();
  const bool add = accumulate == Accumulate::add;
  detail::normalization_sums<T>(ex, g, detail::Part::all, scratch, [&](const auto& run) {
    const detail::Affine<T> a(g, run, gamma.data(), beta.data(), moments.data());
    return [=, &f](Index i, auto count) {
      const V d = simd::load(px + i, count) - a.center;
      const V gradient = f.derivative(d * a.scale + a.offset) * simd::load(pgy + i, count);  // 0 beyond the last entry
      const V before = add ? simd::load(pgx + i, count) : simd::zeros<T>();
      simd::store(pgx + i, a.scale * gradient + before, count);
      return detail::Pair<V>{gradient, gradient * d};
    };
  });
  for (std::size_t k = 0; k < moments.size(); ++k) {
    const Moments& m = moments[k];
    const std::size_t c = k % static_cast<std::size_t>(g.channels);
    double &sum = scratch[2 * k], &product = scratch[2 * k + 1];  // Σ g and, from Σ g (x − m), Σ g x̂
    product = m.deviation == 0 ? 0 : (product - sum * detail::mean_rest<T>(m)) / g.divisor(m.deviation);
    grad_beta[c] += static_cast<T>(sum);
    grad_gamma[c] += static_cast<T>(product);
    // grad_x += offset + slope (x − m) from here on
    const double scale = double(gamma[c]) / g.divisor(m.deviation) / double(g.pixels);
    const double slope = -scale * g.curvature(m.deviation) * product;
    sum = -scale * sum - slope * detail::mean_rest<T>(m);
    product = slope;
  }
  if (g.constant_moments) return;
  detail::for_runs<T>(ex, g, detail::Part::all, [&](const auto& run, Index) {
    const double* s = scratch.data() + 2 * run.group * g.channels;
    const V center = detail::Affine<T>(g, run, gamma.data(), beta.data(), moments.data()).center;
    const V offset = detail::per_lane<T>(g, run, [=](Index c) { return s[2 * c]; });
    const V slope = detail::per_lane<T>(g, run, [=](Index c) { return s[2 * c + 1]; });
    detail::for_steps(run, [=](Index i, auto count) {
      const V d = simd::load(px + i, count) - center;
      simd::store(pgx + i, (d * slope + offset) + simd::load(pgx + i, count), count);
    });
  });
}

}  // namespace videoonenet::cpu
