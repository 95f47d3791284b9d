// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/unroll/first_order.hpp"

#include <limits>

#include "support/catch.hpp"

namespace first_order_test {

using namespace videoonenet;

namespace {

/// x = v + τ.
struct Plain {
  using value_type = double;
  void apply(const Cpu&, View<const double> v, double tau, View<double> x) const { x.data[0] = v.data[0] + tau; }
};

/// The same, counting its calls.
struct Counting {
  using value_type = double;
  int make_cache(const Cpu&, const Shape&) const { return 0; }
  void apply(const Cpu& ex, int& calls, View<const double> v, double tau, View<double> x) const {
    ++calls;
    Plain{}.apply(ex, v, tau, x);
  }
};

/// x = z − 10u + τ, counting its calls.
struct Pair {
  using value_type = double;
  int make_cache(const Cpu&, const Shape&) const { return 0; }
  void apply(const Cpu&, int& calls, View<const double> z, View<const double> u, double tau, View<double> x) const {
    ++calls;
    x.data[0] = z.data[0] - 10 * u.data[0] + tau;
  }
};

}  // namespace

TEST_CASE("a prior of any form is applied to v, with the given u where it takes one") {
  Tensor<double> v(Shape{}, std::vector<double>{2}), u(Shape{}, std::vector<double>{7}), x(Shape{});
  const auto applied = [&](const auto& prior) {
    auto cache = make_cache(prior, Cpu{}, Shape{});
    detail::apply_prior(prior, Cpu{}, cache, v.view(), u.view(), 0.5, x.view());
    if constexpr (std::is_same_v<decltype(cache), int>) CHECK(cache == 1);
    return x[0];
  };
  CHECK(applied(Plain{}) == 2.5);
  CHECK(applied(Counting{}) == 2.5);
  CHECK(applied(Pair{}) == 2 - 70 + 0.5);
}

TEST_CASE("options of first-order methods are refused in sentences that name the method") {
  using detail::require_limits, detail::require_positive_or_zero;
  for (const double good : {0.0, 1e-300, 1e300}) CHECK_NOTHROW(require_positive_or_zero(good, "method", "step"));
  CHECK_THROWS_WITH(require_positive_or_zero(-1.5f, "method", "step"),
                    "method: the step is -1.5, expected a positive number or zero");
  for (const double bad : {-1e-300, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
    CHECK_THROWS_AS(require_positive_or_zero(bad, "method", "step"), InputError);
  CHECK_NOTHROW(require_limits(0, 0.0, "method"));
  CHECK_NOTHROW(require_limits(1, std::numeric_limits<double>::infinity(), "method"));
  CHECK_THROWS_WITH(require_limits(-3, 0.0, "method"), "method: -3 iterations were asked for, expected none or more");
  CHECK_THROWS_WITH(require_limits(3, -0.5, "method"),
                    "method: the tolerance is -0.5, expected zero or a positive number");
  CHECK_THROWS_AS(require_limits(3, std::numeric_limits<double>::quiet_NaN(), "method"), InputError);
}

}  // namespace first_order_test
