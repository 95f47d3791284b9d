// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What tests of adversarial steps share: layers' weights, and losses as they are stated.

#include <cmath>
#include <functional>

#include "support/catch.hpp"
#include "videoonenet/train/adversarial/judge.hpp"
#include "videoonenet/train/initial_parameters.hpp"

namespace videoonenet::test {

/// Weights and moments of one of those that learn from each other.
struct Side {
  Buffer<double> parameters, moments;
  template <class L>
  Side(const L& layer, std::uint64_t seed)
      : parameters(initial_parameters<double>(layer.parameters(), seed)), moments(2 * parameters.size()) {
    Random random(seed);
    for (double& p : parameters) p += 0.3 * random.normal();
  }
  AdversarialWeights<double> weights() { return {parameters.span(), moments.span()}; }
};

/// What a layer makes of x with the statistics of a training's batch.
template <class L>
Tensor<double> apply(const L& layer, std::span<const double> parameters, const Tensor<double>& x) {
  Tensor<double> y(layer.output_shape(x.shape()));
  auto planned = plan(Cpu{}, [&](auto& memory) { return layer.make_cache(memory, x.shape()); });
  layer.forward(Cpu{}, parameters, x.view(), y.view(), planned.cache);
  return y;
}
/// The same, after which the running statistics follow.
template <class L>
Tensor<double> apply_and_follow(const L& layer, Buffer<double>& parameters, const Tensor<double>& x) {
  Tensor<double> y(layer.output_shape(x.shape()));
  auto planned = plan(Cpu{}, [&](auto& memory) { return layer.make_cache(memory, x.shape()); });
  layer.forward(Cpu{}, std::as_const(parameters).span(), x.view(), y.view(), planned.cache);
  update_running_statistics_of(Cpu{}, layer, planned.cache, parameters.span());
  return y;
}
/// The running statistics among a layer's parameters.
template <class L>
std::vector<double> running_statistics(const L& layer, const Buffer<double>& parameters) {
  std::vector<double> all;
  Index i = 0;
  for (const Parameter& p : layer.parameters())
    for (const Index end = i + p.size(); i < end; ++i)
      if (p.name.find("running") != std::string::npos) all.push_back(parameters[i]);
  return all;
}

inline double cross_entropy(const Tensor<double>& logits, double label) {
  double sum = 0;
  for (const double l : logits.flat())
    sum -= label * std::log(1 / (1 + std::exp(-l))) + (1 - label) * std::log(1 / (1 + std::exp(l)));
  return sum / double(logits.size());
}
inline double mean_squared(const Tensor<double>& a, const Tensor<double>& b) {
  double sum = 0;
  for (Index i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum / double(a.size());
}

/// Compares the gradient, which Adam's first moments over 1 − β₁ are after one step, with differences of a loss.
inline void check_first_moments(const Side& side, double beta1, Buffer<double>& parameters,
                                const std::function<double()>& loss) {
  constexpr double h = 1e-5;
  for (Index i = 0; i < parameters.size(); ++i) {
    const double at = parameters[i];
    parameters[i] = at + h;
    const double ahead = loss();
    parameters[i] = at - h;
    const double slope = (ahead - loss()) / (2 * h);
    parameters[i] = at;
    CAPTURE(i);
    CHECK(side.moments[i] / (1 - beta1) == Approx(slope).epsilon(1e-6).margin(1e-9));
  }
}

}  // namespace videoonenet::test
