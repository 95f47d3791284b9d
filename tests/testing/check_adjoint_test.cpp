// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/testing/check_adjoint.hpp"

#include <functional>

#include "support/catch.hpp"

namespace check_adjoint_test {

using namespace videoonenet;
using testing::check_adjoint;

namespace {

/// An operator on 2×3×4×2 videos made of two functions.
template <class T>
struct Custom {
  using value_type = T;
  using Map = std::function<void(std::span<const T>, std::span<T>)>;
  Map forward, backward;

  Shape domain() const { return {.t = 2, .h = 3, .w = 4, .f = 2}; }
  Shape range() const { return domain(); }
  void apply(const Cpu&, std::span<const T> x, std::span<T> y) const { forward(x, y); }
  void apply_adjoint(const Cpu&, std::span<const T> y, std::span<T> x) const { backward(y, x); }
};

/// y_i = (i + 1) x_{i + shift mod n} · factor; with shift −shift and an index that moves along, its adjoint.
template <class T>
typename Custom<T>::Map weighted_shift(std::ptrdiff_t shift, double factor, bool weight_of_input) {
  return [=](std::span<const T> x, std::span<T> y) {
    const auto n = std::ssize(x);
    for (std::ptrdiff_t i = 0; i < n; ++i) {
      const auto j = (i + shift + n) % n;
      const auto weight = static_cast<T>(factor * double((weight_of_input ? j : i) + 1));
      y[static_cast<std::size_t>(i)] = weight * x[static_cast<std::size_t>(j)];
    }
  };
}

template <class T>
typename Custom<T>::Map forward() {
  return weighted_shift<T>(1, 1, false);
}
template <class T>
typename Custom<T>::Map adjoint(double factor = 1) {
  return weighted_shift<T>(-1, factor, true);
}

bool says(const testing::Report& report, const std::string& text) {
  INFO(report);
  return report.message.find(text) != std::string::npos;
}

}  // namespace

TEMPLATE_TEST_CASE("check_adjoint accepts an operator and its adjoint", "", float, double) {
  using T = TestType;
  const auto report = check_adjoint(Custom<T>{forward<T>(), adjoint<T>()});
  INFO(report);
  CHECK(report.passed);
  CHECK(says(report, "1x2x3x4x2 -> 1x2x3x4x2"));
  CHECK(says(report, "tolerance"));
  CHECK(says(report, "|A| is about 47."));
}

TEMPLATE_TEST_CASE("check_adjoint accepts the zero operator and rejects an adjoint of it that is not zero", "", float,
                   double) {
  using T = TestType;
  const auto zero = [](std::span<const T>, std::span<T> y) { std::ranges::fill(y, T(0)); };
  CHECK(check_adjoint(Custom<T>{zero, zero}));
  CHECK_FALSE(check_adjoint(Custom<T>{zero, adjoint<T>()}));
  CHECK_FALSE(check_adjoint(Custom<T>{forward<T>(), zero}));
}

TEMPLATE_TEST_CASE("check_adjoint names the factor by which an adjoint is wrong", "", float, double) {
  using T = TestType;
  const auto large = check_adjoint(Custom<T>{forward<T>(), adjoint<T>(4)});
  CHECK_FALSE(large);
  CHECK(says(large, "The adjoint is too large by a factor 4.0000"));
  const auto small = check_adjoint(Custom<T>{forward<T>(), adjoint<T>(0.125)});
  CHECK_FALSE(small);
  CHECK(says(small, "The adjoint is too small by a factor 8.0000"));
  const auto slightly = check_adjoint(Custom<T>{forward<T>(), adjoint<T>(1.001)});
  CHECK_FALSE(slightly);
  CHECK(says(slightly, "The adjoint is too large by a factor 1.0010"));
}

TEMPLATE_TEST_CASE("check_adjoint names a wrong sign", "", float, double) {
  using T = TestType;
  const auto sign = check_adjoint(Custom<T>{forward<T>(), adjoint<T>(-1)});
  CHECK_FALSE(sign);
  CHECK(says(sign, "The adjoint has the wrong sign"));
  CHECK_FALSE(says(sign, "factor"));
  const auto both = check_adjoint(Custom<T>{forward<T>(), adjoint<T>(-0.5)});
  CHECK_FALSE(both);
  CHECK(says(both, "The adjoint has the wrong sign and is too small by a factor 2.0000"));
}

TEMPLATE_TEST_CASE("check_adjoint names an entry when no factor explains the defect", "", float, double) {
  using T = TestType;
  const auto shifted = check_adjoint(Custom<T>{forward<T>(), weighted_shift<T>(1, 1, false)});
  CHECK_FALSE(shifted);
  CHECK(says(shifted, "No factor explains it"));

  // One entry of 48 is wrong, by 10%: the report finds it.
  const auto one_wrong = [](std::span<const T> y, std::span<T> x) {
    adjoint<T>()(y, x);
    x[29] *= T(1.1);
  };
  const auto report = check_adjoint(Custom<T>{forward<T>(), one_wrong});
  CHECK_FALSE(report);
  CHECK(says(report, "Entry (n,t,h,w,f) = (0,1,0,2,1) of A'y"));
}

TEMPLATE_TEST_CASE("check_adjoint catches outputs that are not overwritten", "", float, double) {
  using T = TestType;
  const auto accumulate = [](auto map) {
    return [map](std::span<const T> x, std::span<T> y) {
      const std::vector<T> before(y.begin(), y.end());
      map(x, y);
      for (std::size_t i = 0; i < y.size(); ++i) y[i] += before[i];
    };
  };
  const auto skip = [](auto map) {
    return [map](std::span<const T> x, std::span<T> y) {
      const T kept = y[5];
      map(x, y);
      y[5] = kept;
    };
  };
  CHECK(says(check_adjoint(Custom<T>{accumulate(forward<T>()), adjoint<T>()}), "apply does not overwrite its output"));
  CHECK(says(check_adjoint(Custom<T>{forward<T>(), accumulate(adjoint<T>())}),
             "apply_adjoint does not overwrite its output"));
  const auto skipped = check_adjoint(Custom<T>{forward<T>(), skip(adjoint<T>())});
  CHECK_FALSE(skipped);
  CHECK(says(skipped, "leaves entry 5 as it was"));
}

TEMPLATE_TEST_CASE("check_adjoint catches NaN, changed inputs, hidden state and maps that are not linear", "", float,
                   double) {
  using T = TestType;
  const auto with_nan = [](std::span<const T> x, std::span<T> y) {
    forward<T>()(x, y);
    y[7] = std::numeric_limits<T>::quiet_NaN();
  };
  const auto nan = check_adjoint(Custom<T>{with_nan, adjoint<T>()});
  CHECK_FALSE(nan);
  CHECK(says(nan, "apply writes a value that is not finite for a finite input, first in entry 7"));

  const auto changes_input = [](std::span<const T> x, std::span<T> y) {
    forward<T>()(x, y);
    const_cast<T&>(x[3]) += T(1);
  };
  const auto changed = check_adjoint(Custom<T>{changes_input, adjoint<T>()});
  CHECK_FALSE(changed);
  CHECK(says(changed, "apply modifies its input"));

  const auto counts = [calls = std::make_shared<int>(0)](std::span<const T> x, std::span<T> y) {
    adjoint<T>()(x, y);
    y[2] += static_cast<T>(++*calls);
  };
  const auto state = check_adjoint(Custom<T>{forward<T>(), counts});
  CHECK_FALSE(state);
  CHECK(says(state, "apply_adjoint gives different results for the same input: entry 2"));

  const auto affine = [](std::span<const T> x, std::span<T> y) {
    forward<T>()(x, y);
    y[0] += T(1);
  };
  const auto offset = check_adjoint(Custom<T>{affine, adjoint<T>()});
  CHECK_FALSE(offset);
  CHECK(says(offset, "apply is not linear"));
}

TEST_CASE("check_adjoint obeys its options") {
  const Custom<double> nearly{forward<double>(), adjoint<double>(1 + 1e-7)};
  CHECK_FALSE(check_adjoint(nearly));
  CHECK(check_adjoint(nearly, {.tolerance = 1e-6}));
  const auto one = check_adjoint(nearly, {.seed = 1}), two = check_adjoint(nearly, {.seed = 2});
  CHECK(one.message != two.message);
  CHECK(one.message == check_adjoint(nearly, {.seed = 1}).message);
  CHECK(says(check_adjoint(nearly, {.draws = 9}), "of 10 pairs"));
  CHECK_THROWS_AS(check_adjoint(nearly, {.draws = 0}), InputError);
  CHECK_THROWS_AS(check_adjoint(nearly, {.tolerance = 0.0}), InputError);
}

}  // namespace check_adjoint_test
