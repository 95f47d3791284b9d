// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/one_net.hpp"

#include "models/golden_network.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/operators/mask/mask.hpp"

namespace one_net_test {

using namespace videoonenet;
using namespace videoonenet::test;

TEMPLATE_TEST_CASE("OneNet gives the golden outputs and gradients", "", float, double) {
  for (const char* name : {"onenet_cnn", "onenet_bcrnn"}) {
    INFO(name);
    const GoldenNetwork golden(name);
    const OneNet<TestType> net = one_net<TestType>(golden.options());
    meets_golden<TestType>(net, golden);
  }
}

TEST_CASE("a number of iterations known at compile time changes nothing") {
  const GoldenNetwork golden("onenet_cnn");
  const OneNet<double, 3> net = one_net<double, 3>(golden.options());
  REQUIRE(net.iterations() == 3);
  meets_golden<double>(net, golden);
}

TEST_CASE("a OneNet takes any other net") {
  const auto convolution = [](const VideoNetOptions& o, bool) { return Conv2d<float>{.in = o.in, .out = o.out}; };
  const ModelOptions options{.iterations = 2, .prior_input = PriorInput::difference, .data_net = DataNet::none};
  const auto net = one_net<float, 2>(options, convolution);
  REQUIRE(net.parameters()[0].name == "prior.kernel");
  Buffer<float> weights(net.parameter_count());
  weights[9] = 0.75f;  // the bias: x is 0.75 everywhere, and where nothing is measured so is z

  const Shape shape{.t = 2, .h = 3, .w = 4};
  Buffer<float> kept(24), y(24);
  kept[5] = 1;
  y[5] = 0.25f;
  const Mask<float> a(shape, kept);
  Tensor<float> z(shape);
  auto planned = plan(Cpu{}, [&](auto& m) { return net.make_cache(m, shape); }, Purpose::inference);
  auto bound = net.bind(Cpu{}, a, y.span());
  net.forward(Cpu{}, weights.span(), bound, planned.cache, z.view());
  // z1 = (0.25 + 0.3 x)/1.3, u1 = x - z1, z2 = (0.25 + 0.3 (x + u1))/1.3
  const double z1 = (0.25 + 0.3 * 0.75) / 1.3, z2 = (0.25 + 0.3 * (1.5 - z1)) / 1.3;
  for (Index i = 0; i < 24; ++i) REQUIRE(z[i] == Approx(i == 5 ? z2 : 0.75));
}

TEST_CASE("a OneNet refuses a data net and sizes that make no sense") {
  REQUIRE_THROWS_AS(one_net<float>({}), InputError);
  REQUIRE_THROWS_AS(one_net<float>({.filters = 0, .data_net = DataNet::none}), InputError);
  REQUIRE_THROWS_AS(one_net<float>({.rho = -1, .data_net = DataNet::none}), InputError);
}

}  // namespace one_net_test
