// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/datastep/network_data_step/network_data_step.hpp"

#include "support/catch.hpp"
#include "support/mixing_layer.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/operators/mask/mask.hpp"

namespace network_data_step_test {

using namespace videoonenet;
using support::MixingLayer;

namespace {

constexpr Shape video{.t = 2, .h = 2, .w = 3, .f = 2};
constexpr Index f = 2, n = video.size();

/// A step on half the entries of a random video, from random x, z and u.
struct Step {
  Step() {
    for (Index i = 0; i < n; ++i) mask[i] = i % 2 == 0;
    for (auto span : {y.span(), x.flat(), z.flat(), u.flat()}) random.fill_normal(span);
  }
  Random random{6};
  Buffer<double> mask{Buffer<double>(n)}, y{Buffer<double>(n)};
  Tensor<double> x{video}, z{video}, u{video};
  Mask<double> a{video, mask};
};

}  // namespace

TEST_CASE("the network sees [x, z0, A'y, z, z', u, u'] in this order and gives [z, u]") {
  Step s;
  const Mask<double> a(video, s.mask);
  const double rho = 0.3;
  // Weights that let one part through: channel c of the result is tanh(part p's channel c mod f).
  for (Index part = 0; part < 7; ++part) {
    const NetworkDataStep<MixingLayer<double>> step{.net = {7 * f, 2 * f}};
    Buffer<double> w(step.parameter_count());
    for (Index c = 0; c < 2 * f; ++c) w[c * 7 * f + part * f + c % f] = 1;
    auto bound = step.bind(Cpu{}, a, s.y.span());
    auto planned = plan(Cpu{}, [&](auto& m) { return step.make_cache<double>(m, video, false); });
    Tensor<double> z = s.z, u = s.u;
    step.step(Cpu{}, w.span(), bound, rho, s.x.view(), z.view(), u.view(), planned.cache);
    for (Index i = 0; i < n; ++i) {
      const double aty = s.mask[i] * s.y[i];
      const double next_z = (aty + rho * (s.x[i] + s.u[i])) / (s.mask[i] + rho);
      const double parts[7] = {s.x[i], aty, aty, s.z[i], next_z, s.u[i], s.u[i] + s.x[i] - next_z};
      REQUIRE(z[i] == Approx(std::tanh(parts[part])).margin(1e-12));
      REQUIRE(u[i] == z[i]);
    }
  }
}

TEST_CASE("the residual variant adds the network to the classical step") {
  Step s;
  const Mask<double> a(video, s.mask);
  const NetworkDataStep<MixingLayer<double>> step{.net = {7 * f, 2 * f}, .residual = true};
  const Buffer<double> zeros(step.parameter_count());
  auto bound = step.bind(Cpu{}, a, s.y.span());
  auto planned = plan(Cpu{}, [&](auto& m) { return step.make_cache<double>(m, video, false); });
  Tensor<double> z = s.z, u = s.u, classical_z = s.z, classical_u = s.u;
  step.step(Cpu{}, zeros.span(), bound, 0.3, s.x.view(), z.view(), u.view(), planned.cache);
  bound.least_squares.step(Cpu{}, 0.3, s.x.view(), classical_z.view(), classical_u.view());
  for (Index i = 0; i < n; ++i) REQUIRE((z[i] == classical_z[i] && u[i] == classical_u[i]));
}

TEST_CASE("a trainable data step starts where least squares does, and refuses a network that does not fit") {
  Step s;
  const Mask<double> a(video, s.mask);
  const NetworkDataStep<MixingLayer<double>> step{.net = {7 * f, 2 * f}};
  auto bound = step.bind(Cpu{}, a, s.y.span());
  Tensor<double> z(video), u = s.u;
  bound.start(Cpu{}, z.view(), u.view());
  for (Index i = 0; i < n; ++i) REQUIRE((z[i] == s.mask[i] * s.y[i] && u[i] == 0));

  Buffer<double> other_mask(n), y = s.y;
  for (Index i = 0; i < n; ++i) other_mask[i] = i % 3 == 0, y[i] *= 2;
  const Mask<double> other(video, other_mask);
  const auto starts_at = [&](const Buffer<double>& mask) {
    bound.start(Cpu{}, z.view(), u.view());
    for (Index i = 0; i < n; ++i)
      REQUIRE((z[i] == mask[i] * y[i] && bound.adjoint_measurement()[std::size_t(i)] == z[i]));
  };
  bound.rebind(Cpu{}, y.span());
  starts_at(s.mask);
  bound.rebind(Cpu{}, other, y.span());
  starts_at(other_mask);

  const NetworkDataStep<MixingLayer<double>> wrong{.net = {7 * f, f}};
  const auto make = [&](auto& m) { return wrong.make_cache<double>(m, video, false); };
  REQUIRE_THROWS_WITH(planned_bytes(Cpu{}, make), Catch::Matchers::ContainsSubstring("the network's output"));
}

}  // namespace network_data_step_test
