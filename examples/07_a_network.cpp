// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Shows      a network put together from layers, whose gradient is there by itself and is checked, inside ADMM.
// Builds on  05, 06.
// Leaves out training it (08), and the networks of the papers, which are two pages in models/.
#include <iostream>

#include "videoonenet/autodiff/residual/residual.hpp"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/nn/activation/activation.hpp"
#include "videoonenet/nn/bidirectional/bidirectional.hpp"
#include "videoonenet/nn/conv2d/conv2d.hpp"
#include "videoonenet/nn/instance_norm/instance_norm.hpp"
#include "videoonenet/nn/minimal_rnn/minimal_rnn.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/proximal/network_prior/network_prior.hpp"
#include "videoonenet/testing/check_gradient.hpp"
#include "videoonenet/unroll/unrolled_network.hpp"

using namespace videoonenet;

namespace {

// Frames to features, features that see other frames, features to frames.
template <class T>
auto my_net(Index channels, Index features) {
  const auto block = sequential(named("conv", Conv2d<T>{.in = features, .out = features}),
                                named("norm", InstanceNorm<T, ScaledSoftplus>{}));
  using Block = std::remove_const_t<decltype(block)>;
  return sequential(named("encoder", Conv2d<T>{.in = channels, .out = features}),
                    named("block", Residual<Block>{block}),
                    named("birnn", bidirectional(MinimalRnn<T>{.channels = features})),
                    named("decoder", Conv2d<T>{.in = 2 * features, .out = channels, .kernel = 5}));
}

}  // namespace

int main() {
  // 1. The adjoint of every layer is written by hand, that of the chain follows. Is it right?
  const auto report = testing::check_gradient(my_net<double>(2, 3), {.t = 3, .h = 5, .w = 4, .f = 2});
  std::cout << report << "\n";

  // 2. In the prior's place, unrolled: z − u goes in, x comes out, five times with the same weights.
  const auto net = my_net<float>(1, 8);
  using Net = std::remove_const_t<decltype(net)>;
  const NetworkPrior<Net> prior{.net = net, .input = PriorInput::difference};
  const auto network = unroll<5>(prior, LeastSquares{}, {.rho = 0.3f});
  for (const Parameter& p : network.parameters()) std::cout << "  " << p.name << ": " << p.size() << "\n";

  // 3. One problem, forward and back: how the loss ½‖z‖² depends on each of the weights.
  const Shape video{.t = 4, .h = 16, .w = 16};
  Random random(1);
  Buffer<float> kept(video.size()), y(video.size()), weights(network.parameter_count()), gradient(weights.size());
  for (Index i = 0; i < y.size(); ++i) y[i] = (kept[i] = random.uniform() < 0.5) * static_cast<float>(random.uniform());
  random.fill_normal(weights.span(), 0.1);
  const Mask<float> a(video, kept);
  Tensor<float> z(video);
  const Cpu ex{.threads = 2};
  auto planned = plan(ex, [&](auto& memory) { return network.make_cache(memory, video, Backward::checkpoint(2)); });
  auto bound = network.bind(ex, a, y.span());
  const auto loss = [&] {
    network.forward(ex, weights.span(), bound, planned.cache, z.view());
    return 0.5 * squared_norm(ex, std::span<const float>(z.flat()));
  };
  const double before = loss();
  network.adjoint(ex, weights.span(), bound, planned.cache, std::as_const(z).view(), gradient.span());

  // 4. A small step against the gradient lowers the loss by as much as the gradient says.
  const double slope = squared_norm(ex, std::span<const float>(gradient.span())), step = 0.01 * before / slope;
  axpby(ex, static_cast<float>(-step), gradient.span(), 1, weights.span());
  const double fell = before - loss(), predicted = step * slope;
  std::cout << weights.size() << " weights, " << planned.bytes() / 1024 << " KiB; the loss " << before << " fell by "
            << fell << ", the gradient predicted " << predicted << "\n";
  return report && std::abs(fell / predicted - 1) < 0.05 ? 0 : 1;
}
