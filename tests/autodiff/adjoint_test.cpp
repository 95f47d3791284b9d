// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/autodiff/adjoint.hpp"

#include <limits>

#include "support/catch.hpp"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/models/video_net.hpp"
#include "videoonenet/nn/activation/activation.hpp"

namespace adjoint_test {

using namespace videoonenet;

namespace {

/// Requires that an adjoint that overwrites NaN equals one that adds to zeros.
template <class L>
void require_both_ways(const L& layer, const Shape& in) {
  Random random(3);
  const auto values = [&](Index size) {
    std::vector<double> all(static_cast<std::size_t>(size));
    random.fill_normal(std::span(all));
    return all;
  };
  const Cpu ex;
  const Shape out = layer.output_shape(in);
  auto parameters = values(layer.parameter_count()), x = values(in.size()), grad_y = values(out.size());
  std::vector<double> y(grad_y.size());
  auto planned = plan(ex, [&](auto& memory) { return layer.make_cache(memory, in); });
  layer.forward(ex, parameters, View<const double>{x.data(), in}, View<double>{y.data(), out}, planned.cache);
  const auto gradients = [&](Accumulate accumulate, double before) {
    std::vector<double> grad_x(x.size(), before), grad_parameters(parameters.size());
    adjoint_of(ex, layer, parameters, planned.cache, View<const double>{grad_y.data(), out},
               View<double>{grad_x.data(), in}, std::span(grad_parameters), accumulate);
    grad_x.insert(grad_x.end(), grad_parameters.begin(), grad_parameters.end());
    return grad_x;
  };
  REQUIRE(gradients(Accumulate::overwrite, std::numeric_limits<double>::quiet_NaN()) == gradients(Accumulate::add, 0));
  const auto sums = gradients(Accumulate::add, 1), alone = gradients(Accumulate::add, 0);
  for (std::size_t i = 0; i < x.size(); ++i) REQUIRE(sums[i] == Approx(1 + alone[i]).epsilon(1e-12));
}

}  // namespace

TEST_CASE("adjoints overwrite the gradient of the input as well as they add to it") {
  const Shape in{.n = 2, .t = 3, .h = 4, .w = 5, .f = 2};
  STATIC_REQUIRE(OverwritesGradient<Conv2d<double>>);
  STATIC_REQUIRE_FALSE(OverwritesGradient<Activation<double, ScaledSoftplus>>);
  require_both_ways(Conv2d<double>{.in = 2, .out = 3}, in);
  require_both_ways(ConvTranspose2d<double>{.in = 2, .out = 3}, in);
  require_both_ways(VideoNetNorm<double>{.channels = 2}, in);
  require_both_ways(VideoNetNorm<double>{.policy = InstanceNormPolicy::channel, .channels = 2}, in);
  for (const auto form : {MinimalRnnForm::paper, MinimalRnnForm::chen}) {
    require_both_ways(MinimalRnn<double>{.channels = 2, .form = form}, in);
    require_both_ways(bidirectional(MinimalRnn<double>{.channels = 2, .form = form}), in);
  }
  require_both_ways(Activation<double, ScaledSoftplus>{}, in);
  require_both_ways(
      sequential(named("first", Activation<double, ScaledSoftplus>{}), named("conv", Conv2d<double>{.in = 2, .out = 3}),
                 named("last", Activation<double, ScaledSoftplus>{})),
      in);
  require_both_ways(video_net<double>({.in = 2, .out = 1, .filters = 4}, true), in);
}

}  // namespace adjoint_test
