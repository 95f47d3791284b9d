// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What the tests of layers share: golden values, backends against each other, threads.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/golden.hpp"
#include "videoonenet/autodiff/parameter.hpp"
#include "videoonenet/testing/check_gradient.hpp"
#include "videoonenet/testing/layer_trial.hpp"

namespace layer_checks {

using namespace videoonenet;

/// Multiplies as the definition says.
inline constexpr Cpu directly{.products = cpu::Products::direct};

/// max |a − b| / max |b|.
template <class A, class B>
double deviation(const A& a, const B& b) {
  if (Index(std::size(a)) != Index(std::size(b))) return HUGE_VAL;
  double difference = 0, largest = 1e-30;
  for (auto p = std::begin(b); auto value : a) {
    difference = std::max(difference, std::abs(double(value) - double(*p)));
    largest = std::max(largest, std::abs(double(*p++)));
    if (value != value) return HUGE_VAL;
  }
  return difference / largest;
}

/// What a golden case allows: 1e-9 in double, 1e-4 in float.
template <class T>
double golden_tolerance() {
  return sizeof(T) == 4 ? 1e-4 : 1e-9;
}

/// Compares output and gradients with the golden case `name`, whose parameters are `parameters` in this order.
template <class L>
void require_golden(const L& layer, const Shape& shape, const std::string& name,
                    const std::vector<std::string>& parameters) {
  using T = typename L::value_type;
  const auto tensor = [&](const std::string& part) {
    return golden::load("layers.safetensors", name + "." + part).values;
  };
  testing::LayerTrial<L> trial(layer, shape);
  const auto put = [](const std::vector<double>& from, std::span<T> to) {
    REQUIRE(from.size() <= to.size());
    std::ranges::transform(from, to.begin(), [](double v) { return static_cast<T>(v); });
    return to.subspan(from.size());
  };
  REQUIRE(put(tensor("in.x"), trial.x.span()).empty());
  REQUIRE(put(tensor("grad_out"), trial.grad_y.span()).empty());
  std::span<T> rest = trial.parameters.span();
  for (const std::string& p : parameters) rest = put(tensor("in." + p), rest);
  REQUIRE(rest.empty());
  trial.forward();
  trial.adjoint();
  CHECK(deviation(trial.y, tensor("out")) < golden_tolerance<T>());
  CHECK(deviation(trial.grad_x, tensor("grad.x")) < golden_tolerance<T>());
  std::vector<double> expected;
  for (const std::string& p : parameters) {
    const auto part = tensor("grad." + p);
    expected.insert(expected.end(), part.begin(), part.end());
  }
  CHECK(deviation(trial.grad_parameters, expected) < golden_tolerance<T>());
}

/// The adjoint against differences, in double.
template <class L>
void require_gradient(const L& layer, const Shape& shape, const testing::GradientOptions& options = {}) {
  static_assert(std::same_as<typename L::value_type, double>);
  const auto report = testing::check_gradient(layer, shape, options);
  INFO(report.message);
  REQUIRE(report);
}

/// One thread and several give the same bits.
template <class L>
void require_same_for_all_threads(const L& layer, const Shape& shape, const std::vector<int>& threads = {2, 3}) {
  const auto run = [&](int count) {
    testing::LayerTrial<L> trial(layer, shape, Cpu{.threads = count});
    Random random(5);
    trial.draw(random);
    trial.forward();
    trial.adjoint();
    return trial;
  };
  const auto one = run(1);
  for (int count : threads) {
    const auto several = run(count);
    REQUIRE(std::ranges::equal(one.y, several.y));
    REQUIRE(std::ranges::equal(one.grad_x, several.grad_x));
    REQUIRE(std::ranges::equal(one.grad_parameters, several.grad_parameters));
  }
}

}  // namespace layer_checks
