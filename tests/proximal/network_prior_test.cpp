// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/proximal/network_prior/network_prior.hpp"

#include "support/catch.hpp"
#include "support/mixing_layer.hpp"
#include "videoonenet/concepts/proximal_operator.hpp"
#include "videoonenet/core/random.hpp"

namespace network_prior_test {

using namespace videoonenet;
using support::MixingLayer;

namespace {

constexpr Shape video{.n = 2, .t = 2, .h = 3, .w = 1, .f = 3};

template <class T>
struct Iterates {
  Iterates() {
    for (auto* v : {&z, &u, &grad_x}) random.fill_normal(v->flat());
  }
  Random random{4};
  Tensor<T> z{video}, u{video}, x{video}, grad_x{video}, grad_z{video}, grad_u{video};
};

}  // namespace

TEMPLATE_TEST_CASE("the network is shown what it was made for, and its residual variant adds z - u", "", float,
                   double) {
  using T = TestType;
  Iterates<T> v;
  for (bool residual : {false, true}) {
    const NetworkPrior<MixingLayer<T>> difference{{3, 3}, PriorInput::difference, residual};
    const NetworkPrior<MixingLayer<T>> pair{{6, 3}, PriorInput::concatenation, residual};
    // The same function of z − u, written for both inputs.
    Buffer<T> w(9), both(18);
    v.random.fill_normal(w.span(), 0.5);
    for (Index j = 0; j < 3; ++j)
      for (Index i = 0; i < 3; ++i) {
        both[j * 6 + i] = w[j * 3 + i];
        both[j * 6 + 3 + i] = -w[j * 3 + i];
      }
    Tensor<T> other(video);
    auto d = plan(Cpu{}, [&](auto& m) { return difference.make_cache(m, video); });
    auto p = plan(Cpu{}, [&](auto& m) { return pair.make_cache(m, video); });
    difference.apply(Cpu{}, w.span(), v.z.view(), v.u.view(), v.x.view(), d.cache);
    pair.apply(Cpu{}, both.span(), v.z.view(), v.u.view(), other.view(), p.cache);
    for (Index i = 0; i < video.size(); ++i) REQUIRE(other[i] == Approx(v.x[i]).margin(1e-6));

    // first entry of the first pixel by hand
    T sum = 0;
    for (Index i = 0; i < 3; ++i) sum += w[i] * (v.z[i] - v.u[i]);
    REQUIRE(v.x[0] == Approx(std::tanh(sum) + (residual ? v.z[0] - v.u[0] : 0)).margin(1e-6));
  }
}

TEST_CASE("the prior's adjoint is that of finite differences in z, u and the weights") {
  using T = double;
  Iterates<T> v;
  for (bool residual : {false, true})
    for (auto input : {PriorInput::difference, PriorInput::concatenation}) {
      const NetworkPrior<MixingLayer<T>> prior{{input == PriorInput::difference ? 3 : 6, 3}, input, residual};
      Buffer<T> w(prior.parameter_count()), grad_w(w.size());
      v.random.fill_normal(w.span(), 0.5);
      auto planned = plan(Cpu{}, [&](auto& m) { return prior.make_cache(m, video); });
      const auto value = [&] {
        prior.apply(Cpu{}, w.span(), v.z.view(), v.u.view(), v.x.view(), planned.cache);
        return dot(Cpu{}, std::span<const T>(v.x.flat()), v.grad_x.flat());
      };
      value();
      fill(Cpu{}, T(1), v.grad_z.flat());  // gradients are added to what is there
      fill(Cpu{}, T(0), v.grad_u.flat());
      prior.adjoint(Cpu{}, w.span(), planned.cache, v.grad_x.view(), v.grad_z.view(), v.grad_u.view(), grad_w.span());
      const auto check = [&](std::span<T> variable, std::span<const T> gradient, T offset) {
        for (std::size_t i = 0; i < variable.size(); ++i) {
          const T kept = variable[i];
          variable[i] = kept + 1e-5;
          const T above = value();
          variable[i] = kept - 1e-5;
          const T below = value();
          variable[i] = kept;
          REQUIRE(gradient[i] - offset == Approx((above - below) / 2e-5).epsilon(1e-7).margin(1e-8));
        }
      };
      check(v.z.flat(), v.grad_z.flat(), 1);
      check(v.u.flat(), v.grad_u.flat(), 0);
      check(w.span(), grad_w.span(), 0);
    }
}

TEST_CASE("a weighted prior is a proximal operator, and needs all its weights") {
  using Prior = WeightedPrior<MixingLayer<float>>;
  STATIC_REQUIRE(ProximalOperator<Prior>);
  STATIC_REQUIRE(TrainablePrior<NetworkPrior<MixingLayer<float>>>);
  STATIC_REQUIRE_FALSE(TrainablePrior<Prior>);
  const Buffer<float> weights(5);
  REQUIRE_THROWS_WITH(Prior({{2, 1}}, weights.span()), Catch::Matchers::ContainsSubstring("5 entries, expected 2"));
}

TEST_CASE("a prior network that changes the video's shape is refused") {
  const NetworkPrior<MixingLayer<float>> wrong{{6, 2}};
  const auto make = [&](auto& m) { return wrong.make_cache(m, video); };
  REQUIRE_THROWS_WITH(planned_bytes(Cpu{}, make), Catch::Matchers::ContainsSubstring("the network's output"));
}

}  // namespace network_prior_test
