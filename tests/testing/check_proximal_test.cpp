// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/testing/check_proximal.hpp"

#include "support/catch.hpp"
#include "videoonenet/proximal/l1/l1.hpp"

namespace check_proximal_test {

using namespace videoonenet;
using testing::check_proximal;

namespace {

const Shape shape{.n = 2, .t = 2, .h = 3, .w = 5, .f = 3};

// Soft thresholding, right but for one defect at a time.
enum class Defect {
  none,
  wrong_factor,    // thresholds at 2τλ
  ignores_tau,     // thresholds at λ
  sharpens,        // moves away from zero
  hard,            // keeps large entries: φ is not convex
  not_finite,      // one entry is NaN
  reads_output,    // writes the output before it has read the input
  leaks,           // adds the batch's mean to every video
  not_repeatable,  // counts its calls
  thread_sum,      // depends on the number of threads
  stale_cache,     // the cache remembers the last result
};

template <class T>
struct Broken {
  using value_type = T;
  Defect defect;
  T lambda = T(0.4);
  mutable int calls = 0;

  struct Cache {
    T last = T(0);
  };
  Cache make_cache(const Cpu&, const Shape&) const { return {}; }

  void apply(const Cpu& ex, Cache& cache, View<const T> v, T tau, View<T> x) const {
    ++calls;
    T weight = tau * lambda, shift = T(0);
    if (defect == Defect::wrong_factor) weight *= 2;
    if (defect == Defect::ignores_tau) weight = lambda;
    if (defect == Defect::sharpens) weight = -weight;
    if (defect == Defect::reads_output) std::ranges::fill(x.flat(), T(0));
    if (defect == Defect::leaks)
      for (T value : v.flat()) shift += value / T(v.size());
    if (defect == Defect::not_repeatable) shift = T(calls) * T(1e-4);
    if (defect == Defect::thread_sum) shift = T(ex.threads) * T(1e-4);
    if (defect == Defect::stale_cache) shift = cache.last;
    for (Index i = 0; i < v.size(); ++i) {
      const T value = v.flat()[static_cast<std::size_t>(i)];
      const T soft = std::copysign(std::max(std::abs(value) - weight, T(0)), value);
      x.flat()[static_cast<std::size_t>(i)] = (defect == Defect::hard ? (soft != T(0) ? value : T(0)) : soft) + shift;
    }
    if (defect == Defect::not_finite) x.flat().back() = std::numeric_limits<T>::quiet_NaN();
    cache.last = x.flat()[0];
  }
  double value(const Cpu& ex, View<const T> x) const {
    return double(lambda) * l1_norm(ex, std::span<const T>(x.flat()));
  }
};

// A projection, and a map without a value.
template <class T>
struct Nonnegative {
  using value_type = T;
  template <Executor Ex>
  void apply(const Ex&, View<const T> v, T, View<T> x) const {
    for (Index i = 0; i < v.size(); ++i) x.data[i] = std::max(v.data[i], T(0));
  }
};

}  // namespace

TEMPLATE_TEST_CASE("check_proximal passes a correct operator and says what it looked at", "", float, double) {
  const auto report = check_proximal(Broken<TestType>{Defect::none}, shape);
  INFO(report);
  CHECK(report.passed);
  CHECK_THAT(report.message,
             Catch::Matchers::ContainsSubstring("optimal") && Catch::Matchers::ContainsSubstring("2x2x3x5x3"));
  CHECK(check_proximal(L1<TestType>{}, Shape{}).passed);
}

TEMPLATE_TEST_CASE("check_proximal names the defect of a broken operator", "", float, double) {
  const std::tuple<Defect, const char*> cases[] = {
      {Defect::wrong_factor, "does not minimise"},
      {Defect::ignores_tau, "does not minimise"},
      {Defect::sharpens, "does not minimise"},
      {Defect::hard, "does not minimise"},
      {Defect::not_finite, "is nan"},
      {Defect::reads_output, "over the input"},
      {Defect::leaks, "other videos of its batch"},
      {Defect::not_repeatable, "second call"},
      {Defect::thread_sum, "three threads"},
      {Defect::stale_cache, "used for another input before"},
  };
  for (const auto& [defect, words] : cases) {
    const auto report = check_proximal(Broken<TestType>{defect}, shape);
    INFO("defect " << static_cast<int>(defect) << ": " << report);
    CHECK_FALSE(report.passed);
    CHECK_THAT(report.message, Catch::Matchers::ContainsSubstring(words));
  }
}

namespace {

// The defects as seen without a value(): only the map is known.
template <class T>
struct Opaque {
  using value_type = T;
  Broken<T> inner;
  void apply(const Cpu& ex, View<const T> v, T tau, View<T> x) const {
    typename Broken<T>::Cache cache;
    inner.apply(ex, cache, v, tau, x);
  }
};

}  // namespace

TEMPLATE_TEST_CASE("check_proximal judges maps without a value by what it can", "", float, double) {
  using T = TestType;
  const auto soft = check_proximal(Opaque<T>{{Defect::none}}, shape);
  CHECK(soft.passed);
  CHECK_THAT(soft.message, Catch::Matchers::ContainsSubstring("optimality not checked"));

  const auto ignored = check_proximal(Opaque<T>{{Defect::ignores_tau}}, shape);
  CHECK_FALSE(ignored.passed);
  CHECK_THAT(ignored.message, Catch::Matchers::ContainsSubstring("never changed the result"));

  const auto hard = check_proximal(Opaque<T>{{Defect::hard}}, shape);
  CHECK_FALSE(hard.passed);
  CHECK_THAT(hard.message, Catch::Matchers::ContainsSubstring("firmly nonexpansive"));
  CHECK(check_proximal(Opaque<T>{{Defect::hard}}, shape, {.convex = false}).passed);

  CHECK_FALSE(check_proximal(Nonnegative<T>{}, shape).passed);
  CHECK(check_proximal(Nonnegative<T>{}, shape, {.tau_has_effect = false}).passed);
}

TEST_CASE("check_proximal says that one video cannot show a leak through the batch") {
  const Shape one = Shape(shape.sample());
  CHECK_THAT(check_proximal(L1<float>{}, one).message, Catch::Matchers::ContainsSubstring("batch members not checked"));
}

}  // namespace check_proximal_test
