// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/concepts/proximal_operator.hpp"

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"
#include "videoonenet/unroll/unroll.hpp"

namespace proximal_operator_test {

using namespace videoonenet;
using namespace archetypes;

namespace {

struct TakesDoubles {
  using value_type = float;
  void apply(const Cpu&, View<const double>, double, View<double>) const {}
};

const Shape shape{.h = 2, .w = 2};

template <class Prior>
Buffer<float> solution(const Prior& prior) {
  const Buffer<float> y{1, -2, 3, 0.5f};
  Buffer<float> z(4);
  unroll<5>(prior, DoublingStep{}, {.rho = 0.7f})(Cpu{}, Doubling{}, y.span(), view(z.span(), shape));
  return z;
}

}  // namespace

TEST_CASE("each of the three forms models ProximalOperator, and nothing else does") {
  STATIC_REQUIRE(ProximalOperator<Shrinkage>);
  STATIC_REQUIRE(ProximalOperator<ShrinkageWithCache>);
  STATIC_REQUIRE(ProximalOperator<ShrinkageOfPair>);
  STATIC_REQUIRE_FALSE(ProximalOperator<TakesDoubles>);
  STATIC_REQUIRE_FALSE(ProximalOperator<Doubling>);
  STATIC_REQUIRE_FALSE(ProximalOperator<float>);
}

TEST_CASE("the three forms of one proximal operator give the same iteration, bit for bit") {
  const Buffer<float> expected = solution(Shrinkage{}), cached = solution(ShrinkageWithCache{}),
                      pair = solution(ShrinkageOfPair{});
  for (Index i = 0; i < expected.size(); ++i) {
    REQUIRE(expected[i] != 0);
    REQUIRE(cached[i] == expected[i]);
    REQUIRE(pair[i] == expected[i]);
  }
}

TEST_CASE("apply_proximal hands the same cache to every call") {
  ShrinkageWithCache prior;
  auto calls = make_cache(prior, Cpu{}, shape);
  Buffer<float> v{2, 4, 6, 8};
  const View<float> x = view(v.span(), shape);
  apply_proximal(prior, Cpu{}, calls, x, 1, x);  // in place
  apply_proximal(prior, Cpu{}, calls, x, 1, x);
  REQUIRE(calls == 2);
  REQUIRE(v[3] == 2);
}

TEST_CASE("apply_proximal refuses an output of another shape") {
  auto none = make_cache(Shrinkage{}, Cpu{}, shape);
  Buffer<float> v(4), x(4);
  REQUIRE_THROWS_AS(apply_proximal(Shrinkage{}, Cpu{}, none, view(v.span(), shape), 1, view(x.span(), flat_shape(4))),
                    ShapeError);
}

}  // namespace proximal_operator_test
