// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// The layer that docs/how-to-add-a-layer.md builds.
#include <cmath>

#include "support/catch.hpp"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/nn/conv2d/conv2d.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/proximal/network_prior/network_prior.hpp"
#include "videoonenet/testing/check_gradient.hpp"
#include "videoonenet/unroll/unrolled_network.hpp"

// [kernel]
namespace videoonenet::cpu {

/// gate = σ(slope x) and y = gate x, for pixels of as many channels as there are slopes.
template <class T>
void self_gate_forward(const Executor& ex, Input<T> slopes, Input<T> x, Output<T> gate, Output<T> y) {
  const Index channels = std::ssize(slopes);
  const T *s = slopes.data(), *from = x.data();
  T *g = gate.data(), *to = y.data();
  parallel_for(ex, std::ssize(x) / channels, [=](Index pixel) {
    for (Index f = 0; f < channels; ++f) {
      const Index i = pixel * channels + f;
      g[i] = 1 / (1 + std::exp(-s[f] * from[i]));
      to[i] = g[i] * from[i];
    }
  });
}

/// grad_x += (gate + slope x gate (1 − gate)) grad_y; grad_slope += Σ x² gate (1 − gate) grad_y over the pixels.
template <class T>
void self_gate_adjoint(const Executor& ex, Input<T> slopes, Input<T> x, Input<T> gate, Input<T> grad_y,
                       Output<T> grad_x, Output<T> grad_slopes) {
  const Index channels = std::ssize(slopes), size = std::ssize(x);
  const T *s = slopes.data(), *in = x.data(), *g = gate.data(), *up = grad_y.data();
  T *to_x = grad_x.data(), *to_s = grad_slopes.data();
  parallel_for(ex, channels, [=](Index f) {  // each sum in one thread and one order: the same bits for all threads
    double sum = 0;
    for (Index i = f; i < size; i += channels) {
      const T bend = g[i] * (1 - g[i]);
      to_x[i] += (g[i] + s[f] * in[i] * bend) * up[i];
      sum += double(in[i]) * double(in[i]) * double(bend) * double(up[i]);
    }
    to_s[f] += static_cast<T>(sum);
  });
}

}  // namespace videoonenet::cpu
// [/kernel]

// [type]
namespace videoonenet {

/// Lets each channel decide how softly it cuts off what is negative.
///
/// Math: y = x σ(s_f x), s_f a weight of channel f.
/// Adjoint: grad_x += (σ + s_f x σ(1 − σ)) grad_y, grad_s_f += Σ x² σ(1 − σ) grad_y.
/// Shapes: any, kept; `channels` as x has.  Errors: ShapeError.  Cost: one pass each; keeps σ.
template <class T>
struct SelfGate {
  using value_type = T;
  Index channels = 1;

  struct Cache {
    View<const T> x{};
    View<T> gate{};
  };

  Shape output_shape(const Shape& x) const {
    if (x.f != channels)
      throw ShapeError(sentence("SelfGate: the input has ", Index(x.f), " channels, expected ", channels));
    return x;
  }
  Index parameter_count() const { return channels; }
  /// Optional: how the weights are called in files and how they start; without it they are one array "parameters".
  std::vector<Parameter> parameters() const { return {{"slope", {channels}, Initial::ones}}; }

  template <Executor Ex>
  Cache make_cache(Memory<Ex>& memory, const Shape& x) const {
    return {.gate = memory.kept.template take<T>(output_shape(x))};
  }
  template <Executor Ex>
  void forward(const Ex& ex, Input<T> parameters, View<const T> x, View<T> y, Cache& cache) const {
    require_shape(y.shape, output_shape(x.shape), "SelfGate::forward", "y");
    cache.x = x;
    self_gate_forward(ex, parameters, x.flat(), cache.gate.flat(), y.flat());
  }
  template <Executor Ex>
  void adjoint(const Ex& ex, Input<T> parameters, const Cache& cache, View<const T> grad_y, View<T> grad_x,
               std::span<T> grad_parameters) const {
    require_shape(grad_y.shape, cache.x.shape, "SelfGate::adjoint", "grad_y");
    self_gate_adjoint(ex, parameters, cache.x.flat(), cache.gate.flat(), grad_y.flat(), grad_x.flat(), grad_parameters);
  }
};

}  // namespace videoonenet
// [/type]

using namespace videoonenet;

// [test]
TEMPLATE_TEST_CASE("self gate has its adjoint", "", float, double) {
  const SelfGate<TestType> layer{.channels = 3};
  const testing::Report report = testing::check_gradient(layer, {.n = 2, .t = 3, .h = 4, .w = 5, .f = 3});
  INFO(report);
  REQUIRE(report);
}

TEST_CASE("self gate halves where its slope is zero") {
  const SelfGate<double> layer{.channels = 2};
  const Buffer<double> slopes{0, 100}, x{3, 3, -3, -3};
  Buffer<double> y(4);
  const Shape two_pixels{.w = 2, .f = 2};
  auto planned = plan(Cpu{}, [&](auto& memory) { return layer.make_cache(memory, two_pixels); });
  layer.forward(Cpu{}, slopes.span(), view(x.span(), two_pixels), view(y.span(), two_pixels), planned.cache);
  REQUIRE((y[0] == 1.5 && y[1] == 3 && y[2] == -1.5 && y[3] == Approx(0).margin(1e-100)));
}
// [/test]

TEST_CASE("self gate refuses other channels") {
  REQUIRE_THROWS_AS(SelfGate<float>{.channels = 2}.output_shape({.f = 3}), ShapeError);
}

TEST_CASE("a layer of one's own works in an unrolled network") {
  // [use]
  const auto net =
      sequential(named("encoder", Conv2d<float>{.in = 2, .out = 4}), named("gate", SelfGate<float>{.channels = 4}),
                 named("decoder", Conv2d<float>{.in = 4, .out = 1}));
  using Net = std::remove_const_t<decltype(net)>;
  const auto network = unroll<5>(NetworkPrior<Net>{.net = net}, LeastSquares{}, {.rho = 0.3f});
  // [/use]
  REQUIRE(network.parameter_count() == 9 * 2 * 4 + 4 + 4 + 9 * 4 + 1);
  REQUIRE(network.parameters()[2].name == "prior.gate.slope");

  const Shape video{.t = 2, .h = 4, .w = 4};
  const Mask<float> a(video, Buffer<float>(32));
  Buffer<float> y(32), weights(network.parameter_count()), gradient(weights.size());
  weights[weights.size() - 1] = 0.5f;  // the decoder's bias, which nothing but the mask's zeros holds back
  Tensor<float> z(video);
  auto planned = plan(Cpu{}, [&](auto& memory) { return network.make_cache(memory, video); });
  auto bound = network.bind(Cpu{}, a, y.span());
  network.forward(Cpu{}, weights.span(), bound, planned.cache, z.view());
  REQUIRE(z[7] == Approx(0.5));
  network.adjoint(Cpu{}, weights.span(), bound, planned.cache, std::as_const(z).view(), gradient.span());
  REQUIRE(gradient[gradient.size() - 1] == Approx(32 * 0.5));
}
