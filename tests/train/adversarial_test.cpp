// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "videoonenet/autodiff/sequential/sequential.hpp"
#include "videoonenet/nn/activation/activation.hpp"
#include "videoonenet/nn/frame_dense/frame_dense.hpp"
#include "videoonenet/train/adversarial/adversarial_step.hpp"
#include "videoonenet/train/initial_parameters.hpp"

namespace adversarial_test {

using namespace videoonenet;

namespace {

/// One number a pixel to one number.
auto make_function() {
  return sequential(named("hidden", FrameDense<double>{.in = 1, .out = 16}),
                    named("activation", Activation<double, LeakyRelu>{}),
                    named("output", FrameDense<double>{.in = 16, .out = 1}));
}

/// What a generator has learnt to make of normal numbers.
struct Learnt {
  double distance;  ///< from the nearer of −1 and 1, on average
  double positive;  ///< share of the numbers
};

/// Trains with truths that are −1 or 1 by chance, of which the measurement knows nothing.
Learnt learn_signs(const AdversarialOptions& o) {
  const Shape batch{.n = 32, .h = 1, .w = 1};
  const auto net = make_function();
  Buffer<double> g = initial_parameters<double>(net.parameters(), 1), g_moments(2 * g.size());
  Buffer<double> d = initial_parameters<double>(net.parameters(), 2), d_moments(2 * d.size());
  AdversarialStep step(Cpu{}, net, net, batch, batch, o);
  Random random(3);
  Tensor<double> noise(batch), signs(batch);
  for (Index k = 1; k <= 1000; ++k) {
    random.fill_normal(noise.flat());
    for (double& x : signs.flat()) x = random.uniform() < 0.5 ? -1 : 1;
    step(std::as_const(noise).view(), std::as_const(signs).view(), {g.span(), g_moments.span()},
         {d.span(), d_moments.span()}, k);
  }
  Tensor<double> many({.n = 1000, .h = 1, .w = 1});
  random.fill_normal(many.flat());
  Tensor<double> made(many.shape());
  auto planned = plan(Cpu{}, [&](auto& memory) { return net.make_cache(memory, many.shape()); });
  net.forward(Cpu{}, g.span(), std::as_const(many).view(), made.view(), planned.cache);
  Learnt learnt{};
  for (const double value : made.flat()) {
    learnt.distance += std::abs(std::abs(value) - 1) / 1000;
    learnt.positive += (value > 0) / 1000.0;
  }
  return learnt;
}

}  // namespace

TEST_CASE("a discriminator teaches what the mean squared error cannot: to choose one of two answers") {
  const Adam adam{.learning_rate = 0.01, .beta1 = 0.5, .beta2 = 0.999};
  const Learnt judged =
      learn_signs({.reconstruction = 0.01, .adversarial = 1, .generator = adam, .discriminator = adam});
  CHECK(judged.distance < 0.3);  // 0.1 to 0.2, and half of them positive
  CHECK(judged.positive > 0.3);
  CHECK(judged.positive < 0.7);
  const Learnt alone = learn_signs({.reconstruction = 1, .adversarial = 0, .generator = adam, .discriminator = adam});
  CHECK(alone.distance > 0.8);  // the mean of both answers
}

}  // namespace adversarial_test
