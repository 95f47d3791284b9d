// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/unroll/network_start.hpp"

#include "support/catch.hpp"
#include "support/mixing_layer.hpp"

namespace network_start_test {

using namespace videoonenet;

TEST_CASE("a trained start corrects z0 by what the network makes of it and of A'y") {
  const NetworkStart<support::MixingLayer<double>> start{{2, 1}};
  const Shape video{.h = 1, .w = 2};
  const Buffer<double> w{0.5, -2}, aty{3, 4};
  Buffer<double> z{1, 2}, grad_z{1, 10}, grad_aty(2), grad_w(2);
  auto planned = plan(Cpu{}, [&](auto& m) { return start.make_cache(m, video); });
  start.apply(Cpu{}, w.span(), aty.span(), view(z.span(), video), planned.cache);
  const double first = std::tanh(0.5 * 1 - 2 * 3), second = std::tanh(0.5 * 2 - 2 * 4);
  REQUIRE(z[0] == Approx(1 + first));
  REQUIRE(z[1] == Approx(2 + second));

  start.adjoint(Cpu{}, w.span(), planned.cache, view(grad_z.span(), video), grad_aty.span(), grad_w.span());
  const double slope_1 = 1 - first * first, slope_2 = 10 * (1 - second * second);
  REQUIRE(grad_z[0] == Approx(1 + 0.5 * slope_1));
  REQUIRE(grad_z[1] == Approx(10 + 0.5 * slope_2));
  REQUIRE(grad_aty[0] == Approx(-2 * slope_1));
  REQUIRE(grad_w[1] == Approx(3 * slope_1 + 4 * slope_2));
}

TEST_CASE("an optional start is the network's, or changes nothing and has nothing to train") {
  const NetworkStart<support::MixingLayer<double>> with{{2, 1}};
  const Shape video{.h = 1, .w = 2};
  const Buffer<double> w{0.5, -2}, aty{3, 4};
  const auto run = [&](const auto& start, std::span<const double> weights) {
    Buffer<double> all{1, 2, 1, 10, 0, 0, 0, 0};  // z, and gradients by z, Aᵀy and the weights
    const auto part = [&](std::size_t i) { return all.span().subspan(2 * i, 2); };
    auto planned = plan(Cpu{}, [&](auto& m) { return start.make_cache(m, video); });
    start.apply(Cpu{}, weights, aty.span(), view(part(0), video), planned.cache);
    start.adjoint(Cpu{}, weights, planned.cache, view(part(1), video), part(2), part(3).first(weights.size()));
    return all;
  };
  const OptionalStart<support::MixingLayer<double>> chosen{with}, none{};
  REQUIRE(std::ranges::equal(run(chosen, w.span()), run(with, w.span())));
  REQUIRE(std::ranges::equal(run(none, {}), Buffer<double>{1, 2, 1, 10, 0, 0, 0, 0}));
  REQUIRE((chosen.parameter_count() == 2 && none.parameter_count() == 0 && none.parameters().empty()));
}

}  // namespace network_start_test
